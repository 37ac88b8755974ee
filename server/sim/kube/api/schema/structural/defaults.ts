import { copyJson } from "../../equality.ts";
import { isObject, type JsonValue } from "../../json.ts";
import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "./json-schema.ts";

/**
 * Fills in the defaults of a schema, in place: where a property is missing, or null and may not be
 * (apiextensions-apiserver pkg/apiserver/schema/defaulting/algorithm.go).
 */
export function fillDefaults(schema: JsonSchema | undefined, value: JsonValue): void {
  if (!schema || !hasDefaults(schema)) return;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (!items) return;
    for (let index = 0; index < value.length; index++) {
      if (isNullByMistake(items, value[index]!) && items.default !== undefined) value[index] = copyJson(items.default);
      fillDefaults(items, value[index]!);
    }
    return;
  }
  if (!isObject(value)) return;
  for (const name in schema.properties) {
    const property = schema.properties[name]!;
    if (property.default === undefined) continue;
    if (!Object.hasOwn(value, name) || isNullByMistake(property, value[name]!))
      value[name] = copyJson(property.default);
  }
  const values = valuesOf(schema);
  for (const name in value) {
    const property = propertyOf(schema, name);
    if (property) fillDefaults(property, value[name]!);
    else if (values) fillDefaults(values, value[name]!);
  }
}

function isNullByMistake({ nullable }: JsonSchema, value: JsonValue): boolean {
  return value === null && nullable !== true;
}

const known = new WeakMap<JsonSchema, boolean>();

/** Whether a schema, or one in it, has a default: most branches have none, and need no walk. */
function hasDefaults(schema: JsonSchema): boolean {
  let found = known.get(schema);
  if (found === undefined) {
    const items = itemsOf(schema);
    const values = valuesOf(schema);
    const inner = [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])];
    found = inner.some((one) => one.default !== undefined || hasDefaults(one));
    known.set(schema, found);
  }
  return found;
}

import { duplicate, invalid, type FieldErrors } from "../../field-errors.ts";
import { goJson } from "../../go-syntax.ts";
import { isObject, type JsonArray, type JsonObject, type JsonValue } from "../../json.ts";
import { sortedJson } from "../../names.ts";
import { itemsOf, propertyOf, valuesOf, type JsonSchema } from "./json-schema.ts";

/**
 * Complaints about lists of type `set` and `map` that hold something twice
 * (apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go).
 */
export function validateListTypes(schema: JsonSchema, object: JsonObject): FieldErrors {
  const found: FieldErrors = [];
  visit(schema, object, "", found);
  return found;
}

function visit(schema: JsonSchema | undefined, value: JsonValue, path: string, found: FieldErrors): void {
  if (!schema || !hasListTypes(schema)) return;
  if (Array.isArray(value)) {
    const type = schema["x-kubernetes-list-type"];
    if (type === "set")
      for (const index of repeated(value)) found.push(duplicate(`${path}[${index}]`, shown(value[index]!)));
    else if (type === "map") checkMap(schema, value, path, found);
    value.forEach((item, index) => visit(itemsOf(schema), item, `${path}[${index}]`, found));
  } else if (isObject(value)) {
    const values = valuesOf(schema);
    for (const name in value) {
      const property = propertyOf(schema, name);
      if (property) visit(property, value[name]!, path === "" ? name : `${path}.${name}`, found);
      else if (values) visit(values, value[name]!, `${path}[${name}]`, found);
    }
  }
}

function checkMap(schema: JsonSchema, list: JsonArray, path: string, found: FieldErrors): void {
  const wrong = list.findIndex((item) => item !== null && !isObject(item));
  if (wrong >= 0) {
    found.push(invalid(`${path}[${wrong}]`, shown(list[wrong]!), "must be an object for an array of list-type map"));
    return;
  }
  const keys = list.map((item) => keysOf(schema, item));
  for (const index of repeated(keys)) found.push(duplicate(`${path}[${index}]`, goJson(keys[index])));
}

/** The fields of an item by which a list of type `map` knows it. */
function keysOf(schema: JsonSchema, item: JsonValue): JsonObject {
  const keys: JsonObject = {};
  if (isObject(item))
    for (const name of schema["x-kubernetes-list-map-keys"] ?? [])
      if (Object.hasOwn(item, name)) keys[name] = item[name]!;
  return keys;
}

/** Where what stands in a list stands for the second time. */
function repeated(list: readonly JsonValue[]): number[] {
  const seen = new Map<string, number>();
  const indices: number[] = [];
  for (const [index, item] of list.entries()) {
    const text = sortedJson(item);
    const times = seen.get(text) ?? 0;
    if (times === 1) indices.push(index);
    seen.set(text, times + 1);
  }
  return indices;
}

/** Finds the item of an old list that an item of the new one goes on with; only lists of type `map` know. */
export function correlated(
  schema: JsonSchema,
  old: JsonValue,
): ((item: JsonValue) => JsonValue | undefined) | undefined {
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return undefined;
  const byKeys = new Map(old.map((item) => [sortedJson(keysOf(schema, item)), item]));
  return (item) => byKeys.get(sortedJson(keysOf(schema, item)));
}

const known = new WeakMap<JsonSchema, boolean>();

function hasListTypes(schema: JsonSchema): boolean {
  let found = known.get(schema);
  if (found === undefined) {
    const type = schema["x-kubernetes-list-type"];
    const items = itemsOf(schema);
    const values = valuesOf(schema);
    const inner = [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])];
    found = type === "set" || type === "map" || inner.some(hasListTypes);
    known.set(schema, found);
  }
  return found;
}

function shown(value: JsonValue): string | number | boolean | null | { readonly go: string } {
  return typeof value === "object" && value !== null ? goJson(value) : value;
}

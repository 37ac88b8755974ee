import { copyJson } from "../../equality.ts";
import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { isMetaField, itemsOf, propertyOf, valuesOf, type JsonSchema } from "./json-schema.ts";

/** A value without the fields that its schema does not know. */
export interface Pruned {
  readonly value: JsonValue;
  /** Paths of what was left out, in their order: `spec.list[0].foo`. */
  readonly unknown: readonly string[];
}

/**
 * A deep copy without unknown fields, and without nulls where the schema has neither null nor a default
 * (apiextensions-apiserver pkg/apiserver/schema/{pruning,defaulting}).
 */
export function prune(schema: JsonSchema, value: JsonValue): Pruned {
  const unknown: string[] = [];
  return { value: copy(value, schema, keepsAll(schema), "", unknown), unknown };
}

/** `keep`: what the schema does not name stays. */
function copy(
  value: JsonValue,
  schema: JsonSchema | undefined,
  keep: boolean,
  path: string,
  unknown: string[],
): JsonValue {
  if (Array.isArray(value)) {
    const items = schema && itemsOf(schema);
    if (keep && !items) return copyJson(value);
    const keepItems = keep || (items !== undefined && keepsAll(items));
    return value.map((item, index) => copy(item, items, keepItems, `${path}[${index}]`, unknown));
  }
  return isObject(value) ? copyObject(value, schema, keep, path, unknown) : value;
}

function copyObject(
  object: JsonObject,
  schema: JsonSchema | undefined,
  keep: boolean,
  path: string,
  unknown: string[],
): JsonObject {
  const out: JsonObject = {};
  const values = schema && valuesOf(schema);
  for (const name in object) {
    const value = object[name]!;
    // Clients of this process may leave a member undefined.
    if ((value as unknown) === undefined) continue;
    const at = path === "" ? name : `${path}.${name}`;
    const member = schema && (propertyOf(schema, name) ?? values);
    if (schema?.["x-kubernetes-embedded-resource"] && isMetaField(name)) out[name] = copyJson(value);
    else if (member) {
      if (value === null && !member.nullable && member.default === undefined) continue;
      out[name] = copy(value, member, keepsAll(member), at, unknown);
    } else if (keep || schema?.additionalProperties === true) out[name] = copyJson(value);
    else unknown.push(at);
  }
  return out;
}

function keepsAll(schema: JsonSchema): boolean {
  return schema["x-kubernetes-preserve-unknown-fields"] === true;
}

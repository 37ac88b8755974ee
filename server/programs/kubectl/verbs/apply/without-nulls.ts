import { isObject, type JsonObject, type JsonValue } from "../../../../sim/kube/api/index.ts";

/** An object without members that are null: what a later apply would make of it (kubectl pkg/cmd/apply pruneNulls). */
export function withoutNulls(object: JsonObject): JsonObject {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.map(([name, value]) => [name, pruned(value)]));
}

function pruned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(pruned);
  return isObject(value) ? withoutNulls(value) : value;
}

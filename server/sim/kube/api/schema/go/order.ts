import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { goFields } from "./structs.ts";

/**
 * An object with its fields in the order in which Go writes its structure (encoding/json): those of the structure first, then
 * what it does not know. `id` is that of `typeId`; an unknown one leaves the object as it is.
 */
export function inGoOrder(id: string, object: JsonObject): JsonObject {
  const out: JsonObject = {};
  fill(out, id, object);
  for (const name in object) if (!(name in out)) out[name] = object[name]!;
  return out;
}

function fill(out: JsonObject, id: string, object: JsonObject): void {
  for (const { json, inline, type } of goFields(id)) {
    if (inline && json === "") fill(out, type.replace(/^\*?#/, ""), object);
    else if (object[json] !== undefined) out[json] = ordered(type, object[json]);
  }
}

function ordered(type: string, value: JsonValue): JsonValue {
  if (type.startsWith("*")) return ordered(type.slice(1), value);
  if (type.startsWith("#")) return isObject(value) ? inGoOrder(type.slice(1), value) : value;
  const underlying = type.replace(/^[\w.]+=/, "");
  if (underlying.startsWith("[]"))
    return Array.isArray(value) ? value.map((item) => ordered(underlying.slice(2), item)) : value;
  if (!underlying.startsWith("map[") || !isObject(value)) return value;
  const of = underlying.slice(underlying.indexOf("]") + 1);
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, ordered(of, value[key]!)]),
  );
}

/** A value as it comes out of JSON: what an object of the API is made of. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** What Go's `map[string]interface{}` holds after decoding JSON, with integers kept apart as apimachinery does. */
export type Kind = "nil" | "bool" | "int64" | "float64" | "string" | "slice" | "map";

/** Beyond this a JSON number does not fit an int64 and becomes a float64. */
const INT64 = 2 ** 63;

export function kindOf(value: Json): Kind {
  if (value === null) return "nil";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) && value >= -INT64 && value < INT64 ? "int64" : "float64";
    case "string":
      return "string";
    default:
      return Array.isArray(value) ? "slice" : "map";
  }
}

/** The name that Go's `%T` has for a value. */
export function typeName(value: Json): string {
  const kind = kindOf(value);
  if (kind === "slice") return "[]interface {}";
  if (kind === "map") return "map[string]interface {}";
  return kind === "nil" ? "<nil>" : kind;
}

/** A map's keys in the order of their UTF-8 bytes, as `sort.Strings`, encoding/json and fmt order them. */
export function sortedKeys(map: JsonObject): string[] {
  return Object.keys(map).sort(compareBytes);
}

/** Compares as UTF-8 bytes would, which is by code point and not by UTF-16 unit. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return a >= 0xd800 && b >= 0xd800 ? unitRank(a) - unitRank(b) : a - b;
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function unitRank(unit: number): number {
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

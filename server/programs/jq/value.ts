import { Literal, numberText } from "./number.ts";

/** A JSON value. Objects keep the order of their keys; numbers that a double would print otherwise keep their text. */
export type Value = null | boolean | number | Literal | string | readonly Value[] | JsonObject;

export type JsonObject = ReadonlyMap<string, Value>;

export type Kind = "null" | "boolean" | "number" | "string" | "array" | "object";

export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case "boolean":
    case "number":
    case "string":
      return typeof value as "boolean" | "number" | "string";
    default:
      if (value === null) return "null";
      if (value instanceof Map) return "object";
      return Array.isArray(value) ? "array" : "number";
  }
}

export function isObject(value: Value): value is JsonObject {
  return value instanceof Map;
}

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** The double of a number; undefined for everything else. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  return value instanceof Literal ? value.value : undefined;
}

/** Whether a condition takes it as true: everything but null and false. */
export function truthy(value: Value): boolean {
  return value !== null && value !== false;
}

const RANK: Readonly<Record<Kind, number>> = { null: 0, boolean: 1, number: 3, string: 4, array: 5, object: 6 };

function rank(value: Value): number {
  return value === true ? 2 : RANK[kindOf(value)];
}

/** jq's order of all values: null, false, true, numbers, strings, arrays, objects (src/jv_aux.c jv_cmp). */
export function compare(a: Value, b: Value): number {
  const byKind = rank(a) - rank(b);
  if (byKind !== 0) return byKind;
  if (typeof a === "string") return compareText(a, b as string);
  if (isArray(a)) return compareArrays(a, b as readonly Value[]);
  if (isObject(a)) return compareObjects(a, b as JsonObject);
  return a === null || typeof a === "boolean" ? 0 : compareNumbers(a, b as number | Literal);
}

function compareNumbers(a: number | Literal, b: number | Literal): number {
  if (a instanceof Literal && b instanceof Literal) return a.compare(b);
  const [left, right] = [numberOf(a)!, numberOf(b)!];
  // NaN is less than every number, itself included.
  return left < right || Number.isNaN(left) ? -1 : left === right ? 0 : 1;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const by = compare(a[at]!, b[at]!);
    if (by !== 0) return by;
  }
  return a.length - b.length;
}

function compareObjects(a: JsonObject, b: JsonObject): number {
  const keys = sortedKeys(a);
  const byKeys = compareArrays(keys, sortedKeys(b));
  if (byKeys !== 0) return byKeys;
  for (const key of keys) {
    const by = compare(a.get(key)!, b.get(key)!);
    if (by !== 0) return by;
  }
  return 0;
}

/** By code points, which is the order of the UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    const pairs = [left, right].map((unit) => unit >= 0xd800 && unit <= 0xdfff);
    return pairs[0] === pairs[1] ? left - right : pairs[0] ? 1 : -1;
  }
  return a.length - b.length;
}

export function equal(a: Value, b: Value): boolean {
  return a === b ? a === a : compare(a, b) === 0;
}

export function sortedKeys(object: JsonObject): string[] {
  return [...object.keys()].sort(compareText);
}

/** Each value once, with what `key` gives for it, sorted by that. Equal ones stay in their order. */
export function sortedBy(values: readonly Value[], keys: readonly Value[]): { key: Value; value: Value }[] {
  return values.map((value, at) => ({ key: keys[at]!, value })).sort((a, b) => compare(a.key, b.key));
}

/** Whether `a` contains `b` (src/jv_aux.c jv_contains); both are of one kind at the top. */
export function contains(a: Value, b: Value): boolean {
  if (isObject(a) && isObject(b))
    return [...b].every(([key, value]) => {
      const own = a.get(key);
      return own !== undefined && contains(own, value);
    });
  if (isArray(a) && isArray(b)) return b.every((value) => a.some((own) => contains(own, value)));
  if (typeof a === "string" && typeof b === "string") return a.includes(b);
  return equal(a, b);
}

/** A value as JSON on one line. */
export function toJson(value: Value): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "number":
      return numberText(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      if (value === null) return "null";
      if (value instanceof Literal) return value.text;
      if (isArray(value)) return `[${value.map(toJson).join(",")}]`;
      return `{${[...value].map(([key, one]) => `${quoted(key)}:${toJson(one)}`).join(",")}}`;
  }
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\t": "\\t",
  "\r": "\\r",
  "\n": "\\n",
  "\f": "\\f",
};

/** A string as JSON. DEL is escaped as well; with `ascii` everything beyond it. */
export function quoted(text: string, ascii = false): string {
  const odd = ascii ? /["\\\0-\x1f\x7f-\uffff]/g : /["\\\0-\x1f\x7f]/g;
  return `"${text.replace(odd, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)}"`;
}

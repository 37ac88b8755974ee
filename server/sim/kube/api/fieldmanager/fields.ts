import { isObject, type JsonValue } from "../json.ts";

/** FieldsV1: path elements (`f:name`, `k:{"name":"web"}`, `v:"x"`, `i:0`) and what lies below them. */
export interface Fields {
  readonly [element: string]: Fields;
}

/** The fields in the order in which the server writes them: by element, `.` first (fieldpath/serialize.go). */
export function fieldsOf(children: Record<string, Fields>): Fields {
  const keys = Object.keys(children);
  let sorted = true;
  for (let at = 1; sorted && at < keys.length; at++) sorted = compareElements(keys[at - 1]!, keys[at]!) <= 0;
  if (sorted) return children;
  const out: Record<string, Fields> = {};
  for (const key of sortElements(keys)) out[key] = children[key]!;
  return out;
}

/** Up to so many elements are sorted in their place: most sets are small and nearly sorted. */
const FEW = 16;

function sortElements(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort(compareElements);
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next]!;
    let at = next;
    for (; at > 0 && compareElements(keys[at - 1]!, key) > 0; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** `k` */
const KEY = 0x6b;
const WITH_NUMBER = /^k:\{.*":-?\d/;

function compareElements(a: string, b: string): number {
  // Most are names of fields.
  if (a.charCodeAt(0) === KEY && b.charCodeAt(0) === KEY && WITH_NUMBER.test(a) && WITH_NUMBER.test(b))
    return compareKeys(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Keys compare value by value, numbers as numbers. */
function compareKeys(a: string, b: string): number {
  const left = Object.entries(JSON.parse(a.slice(2)) as Record<string, string | number>);
  const right = Object.entries(JSON.parse(b.slice(2)) as Record<string, string | number>);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [leftName, leftValue] = left[at]!;
    const [rightName, rightValue] = right[at]!;
    if (leftName !== rightName) return leftName < rightName ? -1 : 1;
    if (leftValue !== rightValue) return leftValue < rightValue ? -1 : 1;
  }
  return left.length - right.length;
}

/** Reads what a client sent as FieldsV1; undefined if it is none. */
export function readFields(value: JsonValue | undefined): Fields | undefined {
  if (!isObject(value)) return undefined;
  const out: Record<string, Fields> = {};
  for (const element in value) {
    const inner = readFields(value[element]);
    if (!inner || !isElement(element)) return undefined;
    out[element] = inner;
  }
  return fieldsOf(out);
}

/** As fieldpath/serialize-pe.go DeserializePathElement. */
function isElement(text: string): boolean {
  if (text === "." || text.startsWith("f:")) return true;
  if (/^i:-?\d+$/.test(text)) return true;
  if (!/^[kv]:/.test(text)) return false;
  try {
    return text.startsWith("v:") || isObject(JSON.parse(text.slice(2)));
  } catch {
    return false;
  }
}

/** A path as messages show it: `.spec.containers[name="web"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join("");
}

export function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  if (element.startsWith("i:")) return `[${rest}]`;
  const key = JSON.parse(rest) as Record<string, unknown>;
  return `[${Object.keys(key)
    .map((name) => `${name}=${JSON.stringify(key[name])}`)
    .join(",")}]`;
}

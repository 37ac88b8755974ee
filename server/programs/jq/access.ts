import { encode } from "../../sim/kernel/index.ts";
import { JqError } from "./errors.ts";
import {
  compare,
  equal,
  isArray,
  isObject,
  kindOf,
  numberOf,
  sortedKeys,
  toJson,
  type JsonObject,
  type Value,
} from "./value.ts";

/** Where a value is in another: keys, indices and `{start, end}` of slices. */
export type Path = readonly Value[];

/** jq goes up to 2^29-1, of which each takes 16 bytes. */
const LARGEST_INDEX = 4_000_000;

/** What is under a key (src/jv_aux.c jv_get). */
export function get(value: Value, key: Value): Value {
  if (isObject(value) && typeof key === "string") return value.get(key) ?? null;
  const index = numberOf(key);
  if (isArray(value)) {
    if (index !== undefined) return value[position(value, index)] ?? null;
    if (isObject(key)) return slice(value, key);
    if (isArray(key)) return indicesOf(value, key);
  }
  if (typeof value === "string" && isObject(key)) return slice(value, key);
  if (value === null && (typeof key === "string" || index !== undefined || isObject(key))) return null;
  throw cannotIndex(value, key);
}

function cannotIndex(value: Value, key: Value): JqError {
  const short = typeof key === "string" && encode(key).length < 30 ? ` ${toJson(key)}` : "";
  return new JqError(`Cannot index ${kindOf(value)} with ${kindOf(key)}${short}`);
}

function position(array: readonly Value[], index: number): number {
  const whole = Math.trunc(index);
  return whole < 0 ? whole + array.length : whole;
}

/** The bounds of a slice in an array or string of so many elements. */
function bounds(length: number, key: JsonObject): { from: number; to: number } {
  const [start, end] = ["start", "end"].map((name) => key.get(name) ?? (key.has(name) ? null : false));
  const from = start === null ? 0 : numberOf(start!);
  const to = end === null ? length : numberOf(end!);
  if (from === undefined || to === undefined) throw new JqError("Array/string slice indices must be integers");
  const clamp = (at: number) => Math.min(length, Math.max(0, at < 0 ? at + length : at));
  const first = Math.floor(clamp(from));
  return { from: first, to: Math.max(first, Math.ceil(clamp(to))) };
}

function slice(value: readonly Value[] | string, key: JsonObject): Value {
  const items = typeof value === "string" ? [...value] : value;
  const { from, to } = bounds(items.length, key);
  const part = items.slice(from, to);
  return typeof value === "string" ? (part as readonly string[]).join("") : part;
}

/** Where an array occurs in another. */
export function indicesOf(value: readonly Value[], part: readonly Value[]): number[] {
  const found: number[] = [];
  if (part.length === 0) return found;
  for (let at = 0; at + part.length <= value.length; at++)
    if (part.every((one, offset) => equal(one, value[at + offset]!))) found.push(at);
  return found;
}

/** A value with another under a key (src/jv_aux.c jv_set). */
function set(value: Value, key: Value, item: Value): Value {
  if (typeof key === "string" && (value === null || isObject(value))) return new Map(value ?? []).set(key, item);
  const index = numberOf(key);
  if (index !== undefined && (value === null || isArray(value))) return setIndex(value ?? [], index, item);
  if (isObject(key)) {
    if (typeof value === "string") throw new JqError("Cannot update string slices");
    if (value === null || isArray(value)) return setSlice(value ?? [], key, item);
  }
  if (isArray(key) && isArray(value)) throw new JqError("Cannot update field at array index of array");
  throw cannotIndex(value, key);
}

function setIndex(array: readonly Value[], index: number, item: Value): Value {
  const at = position(array, index);
  if (at < 0) throw new JqError("Out of bounds negative array index");
  if (at > LARGEST_INDEX) throw new JqError("Array index too large");
  const copy = [...array];
  while (copy.length < at) copy.push(null);
  copy[at] = item;
  return copy;
}

function setSlice(array: readonly Value[], key: JsonObject, item: Value): Value {
  if (!isArray(item)) throw new JqError("A slice of an array can only be assigned another array");
  const { from, to } = bounds(array.length, key);
  return [...array.slice(0, from), ...item, ...array.slice(to)];
}

function remove(value: Value, key: Value): Value {
  if (value === null) return null;
  if (isObject(value) && typeof key === "string") {
    if (!value.has(key)) return value;
    const copy = new Map(value);
    copy.delete(key);
    return copy;
  }
  const index = numberOf(key);
  if (isArray(value) && index !== undefined) {
    const at = position(value, index);
    return at < 0 || at >= value.length ? value : value.toSpliced(at, 1);
  }
  if (isArray(value) && isObject(key)) {
    const { from, to } = bounds(value.length, key);
    return value.toSpliced(from, to - from);
  }
  throw cannotIndex(value, key);
}

export function getPath(value: Value, path: Path): Value {
  let at = value;
  for (const key of path) {
    if (at === null) return null;
    at = get(at, key);
  }
  return at;
}

export function setPath(value: Value, path: Path, item: Value): Value {
  return updatePath(value, path, 0, () => item);
}

/** Replaces what is at a path by what `change` makes of it. */
export function changePath(value: Value, path: Path, change: (old: Value) => Value): Value {
  return updatePath(value, path, 0, change);
}

function updatePath(value: Value, path: Path, depth: number, change: (old: Value) => Value): Value {
  if (depth === path.length) return change(value);
  const key = path[depth]!;
  return set(value, key, updatePath(get(value, key), path, depth + 1, change));
}

/** A value without what is at the paths; the last ones go first, so that indices stay true. */
export function deletePaths(value: Value, paths: readonly Path[]): Value {
  return [...paths].sort(compare).reduceRight<Value>((rest, path) => deletePath(rest, path, 0), value);
}

function deletePath(value: Value, path: Path, depth: number): Value {
  if (depth === path.length) return null;
  const key = path[depth]!;
  if (depth === path.length - 1) return remove(value, key);
  const inner = value === null ? null : get(value, key);
  return inner === null ? value : set(value, key, deletePath(inner, path, depth + 1));
}

/** Whether a key is there (src/jv_aux.c jv_has). */
export function has(value: Value, key: Value): boolean {
  if (isObject(value) && typeof key === "string") return value.has(key);
  const index = numberOf(key);
  if (isArray(value) && index !== undefined) return index >= 0 && index < value.length;
  throw new JqError(`Cannot check whether ${kindOf(value)} has a ${kindOf(key)} key`);
}

/** The keys of an object in their order, or the indices of an array. */
export function keysOf(value: Value, sorted: boolean): Value[] | undefined {
  if (isObject(value)) return sorted ? sortedKeys(value) : [...value.keys()];
  return isArray(value) ? value.map((_, at) => at) : undefined;
}

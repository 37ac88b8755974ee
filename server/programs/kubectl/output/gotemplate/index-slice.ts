import { decode, encode } from "../../../../sim/kernel/index.ts";
import type { Json } from "../golang/kind.ts";
import { basicKind, GoNumber, numberIn } from "../golang/number.ts";
import { FunctionError } from "./failure.ts";
import { Held, isMap, isSlice, open, valueType, type Value } from "./value.ts";

/** `index x 1 "a"` is `x[1]["a"]`. */
export function index(item: Value, keys: readonly Value[]): Value {
  let current: Value = open(item);
  if (current === undefined) throw new FunctionError("index of untyped nil");
  for (const key of keys) {
    const inner: Value = open(current);
    if (inner === undefined) throw new FunctionError("index of nil pointer");
    if (isSlice(inner)) {
      const at = position(key, inner.length);
      if (at === inner.length) throw new FunctionError("reflect: slice index out of range");
      current = new Held(inner[at]!);
    } else if (typeof inner === "string") {
      const bytes = encode(inner);
      const at = position(key, bytes.length);
      if (at === bytes.length) throw new FunctionError("reflect: string index out of range");
      current = new GoNumber("uint8", bytes.charCodeAt(at));
    } else if (isMap(inner)) {
      const name = open(key);
      if (name === undefined) throw new FunctionError("value is nil; should be of type string");
      if (typeof name !== "string") throw new FunctionError(`value has type ${valueType(name)}; should be string`);
      current = new Held(Object.hasOwn(inner, name) ? inner[name]! : null);
    } else throw new FunctionError(`can't index item of type ${valueType(inner)}`);
  }
  return current;
}

/** `slice x 1 2` is `x[1:2]`. */
export function slice(item: Value, keys: readonly Value[]): Value {
  const inner = open(item);
  if (inner === undefined) throw new FunctionError("slice of untyped nil");
  if (keys.length > 3) throw new FunctionError(`too many slice indexes: ${keys.length}`);
  if (typeof inner === "string" && keys.length === 3) throw new FunctionError("cannot 3-index slice a string");
  const bytes = typeof inner === "string" ? encode(inner) : undefined;
  const content = bytes ?? inner;
  if (typeof content !== "string" && !isSlice(content))
    throw new FunctionError(`can't slice item of type ${valueType(inner)}`);
  const { length } = content;
  const capacity = bytes === undefined ? capacityOf(length) : length;
  const [start = 0, end = length, limit] = keys.map((key) => position(key, capacity));
  if (start > end) throw new FunctionError(`invalid slice index: ${start} > ${end}`);
  if (limit !== undefined && end > limit) throw new FunctionError(`invalid slice index: ${end} > ${limit}`);
  if (typeof content === "string") return decode(content.slice(start, end));
  const beyond: Json[] = Array.from({ length: capacity - length }, () => null);
  return [...content, ...beyond].slice(start, end);
}

/** How much room a slice has that was decoded from JSON: it doubles as elements come. */
function capacityOf(length: number): number {
  return length === 0 ? 0 : 2 ** Math.ceil(Math.log2(length));
}

function position(key: Value, most: number): number {
  const inner = open(key);
  if (inner === undefined) throw new FunctionError("cannot index slice/array with nil");
  const kind = basicKind(inner);
  if (kind !== "int" && kind !== "uint")
    throw new FunctionError(`cannot index slice/array with type ${valueType(inner)}`);
  const at = numberIn(inner);
  if (at < 0 || at > most) throw new FunctionError(`index out of range: ${at}`);
  return at;
}

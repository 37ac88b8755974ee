import { JqError, typeError, typeError2 } from "./errors.ts";
import { compare, equal, isArray, isObject, numberOf, type JsonObject, type Value } from "./value.ts";

export type Operator = (left: Value, right: Value) => Value;

/** The binary operators (src/builtin.c f_plus and its neighbours). */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
  "==": (left, right) => equal(left, right),
  "!=": (left, right) => !equal(left, right),
  "<": (left, right) => compare(left, right) < 0,
  ">": (left, right) => compare(left, right) > 0,
  "<=": (left, right) => compare(left, right) <= 0,
  ">=": (left, right) => compare(left, right) >= 0,
};

export function add(left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" && typeof right === "string") return left + right;
  if (left === null) return right;
  if (right === null) return left;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a + b;
  if (isArray(left) && isArray(right)) return [...left, ...right];
  if (isObject(left) && isObject(right)) return new Map([...left, ...right]);
  throw typeError2(left, right, "cannot be added");
}

function subtract(left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (isArray(left) && isArray(right)) return left.filter((one) => !right.some((other) => equal(one, other)));
  throw typeError2(left, right, "cannot be subtracted");
}

/** How long a repeated string may get. */
const LONGEST = 33_554_432;

function multiply(left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a * b;
  if (typeof left === "string" && b !== undefined) return repeat(left, b);
  if (a !== undefined && typeof right === "string") return repeat(right, a);
  if (isObject(left) && isObject(right)) return merge(left, right);
  throw typeError2(left, right, "cannot be multiplied");
}

function repeat(text: string, times: number): Value {
  if (Number.isNaN(times) || times < 0) return null;
  if (text.length * times > LONGEST) throw new JqError("Repeat string result too long");
  return text.repeat(Math.trunc(times));
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const all = new Map(left);
  for (const [key, value] of right) {
    const own = all.get(key);
    all.set(key, own !== undefined && isObject(own) && isObject(value) ? merge(own, value) : value);
  }
  return all;
}

function divide(left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    if (b === 0) throw typeError2(left, right, "cannot be divided because the divisor is zero");
    return a / b;
  }
  if (typeof left === "string" && typeof right === "string") return splitText(left, right);
  throw typeError2(left, right, "cannot be divided");
}

export function splitText(text: string, separator: string): string[] {
  if (text === "") return [];
  return separator === "" ? [...text] : text.split(separator);
}

function remainder(left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) throw typeError2(left, right, "cannot be divided (remainder)");
  if (Number.isNaN(a) || Number.isNaN(b)) return NaN;
  const divisor = Math.trunc(b);
  if (divisor === 0) throw typeError2(left, right, "cannot be divided (remainder) because the divisor is zero");
  return (Math.trunc(a) % divisor) + 0;
}

export function negate(value: Value): Value {
  const number = numberOf(value);
  if (number === undefined) throw typeError(value, "cannot be negated");
  return -number;
}

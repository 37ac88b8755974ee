/**
 * Signed 64-bit integers with wrap-around, as the shell computes with. A number while it is exact as a double, else a
 * bigint; the two never mean the same value.
 */
export type Integer = number | bigint;

/** Brings a result back into 64 bits. */
export function wrap(value: bigint): Integer {
  const wrapped = BigInt.asIntN(64, value);
  const small = Number(wrapped);
  return Number.isSafeInteger(small) ? small : wrapped;
}

function exact(result: number, precise: () => bigint): Integer {
  return Number.isSafeInteger(result) ? result + 0 : wrap(precise());
}

export function add(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return exact(a + b, () => BigInt(a) + BigInt(b));
  return wrap(BigInt(a) + BigInt(b));
}

export function subtract(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return exact(a - b, () => BigInt(a) - BigInt(b));
  return wrap(BigInt(a) - BigInt(b));
}

export function multiply(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return exact(a * b, () => BigInt(a) * BigInt(b));
  return wrap(BigInt(a) * BigInt(b));
}

/** Towards zero; the divisor is not 0. */
export function divide(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0;
  return wrap(BigInt(a) / BigInt(b));
}

/** With the sign of the dividend; the divisor is not 0. */
export function remainder(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") return (a % b) + 0;
  return wrap(BigInt(a) % BigInt(b));
}

/** The exponent is not negative. */
export function power(base: Integer, exponent: Integer): Integer {
  let result: Integer = 1;
  let factor = base;
  for (let rest = BigInt(exponent); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(result, factor);
    factor = multiply(factor, factor);
  }
  return result;
}

export function shift(value: Integer, by: Integer, direction: "<<" | ">>"): Integer {
  const count = BigInt.asUintN(6, BigInt(by));
  return wrap(direction === "<<" ? BigInt(value) << count : BigInt(value) >> count);
}

export function bitwise(a: Integer, b: Integer, operator: "&" | "|" | "^"): Integer {
  if (typeof a === "number" && typeof b === "number" && (a | 0) === a && (b | 0) === b)
    return operator === "&" ? a & b : operator === "|" ? a | b : a ^ b;
  const [left, right] = [BigInt(a), BigInt(b)];
  return wrap(operator === "&" ? left & right : operator === "|" ? left | right : left ^ right);
}

/** Reads digits in a base up to 64 (`0-9a-zA-Z@_`; up to base 36 case does not matter). Undefined for a digit too great. */
export function parseDigits(digits: string, base: number): Integer | undefined {
  if (base === 10 && digits.length < 16 && /^\d*$/.test(digits)) return Number(digits);
  let value = 0n;
  for (const digit of digits) {
    const worth = digitValue(digit, base);
    if (worth === undefined || worth >= base) return undefined;
    value = value * BigInt(base) + BigInt(worth);
  }
  return wrap(value);
}

function digitValue(digit: string, base: number): number | undefined {
  if (digit >= "0" && digit <= "9") return Number(digit);
  if (digit >= "a" && digit <= "z") return digit.charCodeAt(0) - 87;
  if (digit >= "A" && digit <= "Z") return digit.charCodeAt(0) - (base <= 36 ? 55 : 29);
  return digit === "@" ? 62 : digit === "_" ? 63 : undefined;
}

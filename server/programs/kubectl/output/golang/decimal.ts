/** A float64 as decimal digits, exactly rounded (half to even), as strconv.FormatFloat with a precision does. */

/** `value = mantissa × 2^exponent` for a finite value; the sign apart. */
export function binaryParts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  return exponent === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | (1n << 52n), exponent: exponent - 1075 };
}

/** The value times a power of ten, rounded to an integer. */
function scaled(value: number, power: number): bigint {
  const { mantissa, exponent } = binaryParts(value);
  const up = mantissa * (exponent > 0 ? 1n << BigInt(exponent) : 1n) * (power > 0 ? 10n ** BigInt(power) : 1n);
  const down = (exponent < 0 ? 1n << BigInt(-exponent) : 1n) * (power < 0 ? 10n ** BigInt(-power) : 1n);
  const quotient = up / down;
  const twice = (up % down) * 2n;
  return twice > down || (twice === down && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** `%.3f` without the sign. */
export function fixedPoint(value: number, precision: number): string {
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

/** So many significant digits, and the power of ten of the first. */
export function significant(value: number, count: number): { digits: string; exponent: number } {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  // Near a power of ten the logarithm may be one off, and rounding may give one digit more.
  let exponent = Math.floor(Math.log10(Math.abs(value)));
  for (;;) {
    const digits = scaled(value, count - 1 - exponent).toString();
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}

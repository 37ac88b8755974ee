/**
 * A number of the input or program that a double would print in another way: `1.50`, `1E+3`, twenty digits. jq 1.7 prints
 * such numbers as they came until it calculates with them.
 */
export class Literal {
  readonly value: number;
  /** In the notation of decNumber's to-scientific-string. */
  readonly text: string;

  constructor(value: number, text: string) {
    this.value = value;
    this.text = text;
  }

  compare(other: Literal): number {
    if (this.value !== other.value) return this.value < other.value ? -1 : 1;
    const [a, b] = [digitsOf(this.text), digitsOf(other.text)];
    const exponent = Math.min(a.exponent, b.exponent);
    // Far apart exponents do not give equal doubles, unless both are infinite or zero.
    if (Math.abs(a.exponent - b.exponent) > 2_000) return 0;
    const [left, right] = [a, b].map((one) => one.digits * 10n ** BigInt(one.exponent - exponent)) as [bigint, bigint];
    return left < right ? -1 : left === right ? 0 : 1;
  }
}

function digitsOf(text: string): { digits: bigint; exponent: number } {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text)!;
  return { digits: BigInt(sign! + whole! + fraction), exponent: Number(exponent) - fraction.length };
}

/** A number's text as a value: a double if that prints the same. undefined if it is no number. */
export function parseNumber(text: string): number | Literal | undefined {
  if (/^-?(?:0|[1-9]\d{0,15})$/.test(text)) return Number(text);
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!parts) return /^[+-]?nan\d*$/i.test(text) ? NaN : infinity(text);
  const [, sign, whole, fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return undefined;
  const digits = (whole! + fraction).replace(/^0+(?=\d)/, "");
  const exponent = Number(power) - fraction.length;
  const canonical = (sign === "-" ? "-" : "") + scientific(digits, exponent);
  const value = Number(text);
  return canonical === numberText(value) ? value : new Literal(value, canonical);
}

function infinity(text: string): number | undefined {
  const found = /^([+-]?)inf(?:inity)?$/i.exec(text);
  return found ? (found[1] === "-" ? -Infinity : Infinity) : undefined;
}

/** The General Decimal Arithmetic's to-scientific-string. */
function scientific(digits: string, exponent: number): string {
  const adjusted = exponent + digits.length - 1;
  if (exponent <= 0 && adjusted >= -6) {
    if (exponent === 0) return digits;
    const padded = digits.padStart(1 - exponent, "0");
    return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return adjusted === 0 ? mantissa : `${mantissa}E${adjusted < 0 ? "-" : "+"}${Math.abs(adjusted)}`;
}

/** A double as jq prints it: the shortest digits that give it back (src/jv_dtoa.c jvp_dtoa_fmt); NaN is null. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? "-0" : String(value);
  if (Number.isNaN(value)) return "null";
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  const [, sign, first, rest = "", power] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(finite.toExponential())!;
  const digits = first! + rest;
  const point = Number(power) + 1;
  if (point <= -4 || point > digits.length + 15) {
    const exponent = String(Math.abs(point - 1)).padStart(2, "0");
    return `${sign}${first}${rest === "" ? "" : `.${rest}`}e${point - 1 < 0 ? "-" : "+"}${exponent}`;
  }
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

import { binaryParts, fixedPoint, significant } from "./decimal.ts";

/** `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest digits that read back the same; what `%v` prints. */
export function formatFloat(value: number): string {
  return formatGeneral(value, undefined);
}

/** Numbers from a million on are written with an exponent. */
const LARGEST_PLAIN = 6;

/** `%g` and `%.3g`: with an exponent if that is large for the precision. */
export function formatGeneral(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const sign = signOf(value);
  if (value === 0) return `${sign}0`;
  const { digits: all, exponent } =
    precision === undefined ? shortest(value) : significant(value, Math.max(precision, 1));
  const digits = all.replace(/0+$/, "");
  let largest = precision === undefined ? LARGEST_PLAIN : Math.max(precision, 1);
  if (precision !== undefined && largest > digits.length && digits.length > exponent) largest = digits.length;
  if (exponent < -4 || exponent >= largest) return sign + withExponent(digits, exponent);
  return sign + plain(digits, exponent);
}

/** `%e` and `%.3e`. */
export function formatScientific(value: number, precision?: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const { digits, exponent } = precision === undefined ? shortest(value) : significant(value, precision + 1);
  return signOf(value) + withExponent(digits, exponent);
}

/** `%.3f`. */
export function formatFixed(value: number, precision: number): string {
  return Number.isFinite(value) ? signOf(value) + fixedPoint(value, precision) : notFinite(value);
}

/** `%b`: the mantissa, and a power of two. */
export function formatBinary(value: number): string {
  const { mantissa, exponent } = binaryParts(value);
  return `${signOf(value)}${mantissa}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
}

/** `%x` and `%.3x`: `0x1.8p+01`. */
export function formatHex(value: number, precision?: number): string {
  let { mantissa, exponent } = binaryParts(value);
  const length = mantissa === 0n ? 1 : mantissa.toString(2).length;
  exponent = mantissa === 0n ? 0 : exponent + length - 1;
  mantissa <<= BigInt(53 - length);
  if (precision !== undefined && precision < 13) {
    const dropped = BigInt(52 - 4 * precision);
    const half = 1n << (dropped - 1n);
    const rest = mantissa & ((1n << dropped) - 1n);
    mantissa >>= dropped;
    if (rest > half || (rest === half && mantissa % 2n === 1n)) mantissa++;
    mantissa <<= dropped;
    if (mantissa >> 53n) {
      mantissa >>= 1n;
      exponent++;
    }
  }
  const digits = mantissa.toString(16).padStart(14, "0");
  const fraction =
    precision === undefined
      ? digits.slice(1).replace(/0+$/, "")
      : digits.slice(1, 1 + precision).padEnd(precision, "0");
  return `${signOf(value)}0x${digits[0]!}${fraction && `.${fraction}`}p${powerText(exponent)}`;
}

/** The value's shortest digits, and the power of ten of the first. */
function shortest(value: number): { digits: string; exponent: number } {
  const [mantissa, power] = Math.abs(value).toExponential().split("e") as [string, string];
  return { digits: mantissa.replace(".", ""), exponent: Number(power) };
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}

function withExponent(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  return `${digits[0]!}${fraction}e${powerText(exponent)}`;
}

function powerText(exponent: number): string {
  return `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, "0");
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

/** Numbers as printf(3) writes them. */

export interface NumberFormat {
  /** Any of `-+ #0'`. */
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

const WORD = 1n << 64n;

export function formatInteger(value: bigint, { flags, width, precision, conversion }: NumberFormat): string {
  const signed = conversion === "d" || conversion === "i";
  const magnitude = signed ? (value < 0n ? -value : value) : value < 0n ? value + WORD : value;
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = magnitude.toString(base);
  if (conversion === "X") digits = digits.toUpperCase();
  if (precision === 0 && magnitude === 0n) digits = "";
  if (precision !== undefined) digits = digits.padStart(precision, "0");
  let prefix = signed ? signOf(value < 0n, flags) : "";
  if (flags.includes("#") && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  if (flags.includes("#") && base === 16 && magnitude !== 0n) prefix = `0${conversion}`;
  return pad(prefix, digits, flags, width, precision === undefined);
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return "-";
  return flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function pad(prefix: string, digits: string, flags: string, width: number, zeros: boolean): string {
  const missing = Math.max(0, width - prefix.length - digits.length);
  if (flags.includes("-")) return prefix + digits + " ".repeat(missing);
  if (flags.includes("0") && zeros) return prefix + "0".repeat(missing) + digits;
  return " ".repeat(missing) + prefix + digits;
}

export function formatFloat(value: number, { flags, width, precision, conversion }: NumberFormat): string {
  const lower = conversion.toLowerCase();
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const prefix = signOf(negative, flags);
  let digits: string;
  if (!Number.isFinite(magnitude)) digits = Number.isNaN(magnitude) ? "nan" : "inf";
  else if (lower === "f") digits = fixed(magnitude, precision ?? 6);
  else if (lower === "e") digits = exponential(magnitude, precision ?? 6);
  else if (lower === "g") digits = general(magnitude, precision ?? 6, flags.includes("#"));
  else digits = hexadecimal(magnitude);
  if (flags.includes("#") && precision === 0 && lower !== "g") digits = digits.replace(/^(\d+)/, "$1.");
  if (conversion !== lower) digits = digits.toUpperCase();
  return pad(prefix, digits, flags, width, Number.isFinite(magnitude));
}

/** Exact decimal places, ties to even; also for numbers that `toFixed` would write with an exponent. */
function fixed(value: number, places: number): string {
  if (value < 1e21 && places <= 40) {
    const exact = value.toFixed(places + 60);
    const kept = exact.slice(0, exact.length - 60);
    // toFixed rounds a tie up, C rounds it to the even neighbour.
    const isTie = /^50*$/.test(exact.slice(-60)) && /[02468]\.?$/.test(kept);
    return isTie ? kept.replace(/\.$/, "") : value.toFixed(places);
  }
  const digits = BigInt(Math.round(value)).toString();
  return places > 0 ? `${digits}.${"0".repeat(places)}` : digits;
}

function exponential(value: number, places: number): string {
  return value.toExponential(Math.min(places, 100)).replace(/e([+-])(\d)$/, "e$10$2");
}

function general(value: number, precision: number, keepZeros: boolean): string {
  const significant = precision || 1;
  const exponent = value === 0 ? 0 : Number(value.toExponential(Math.min(significant - 1, 100)).split("e")[1]);
  const text =
    exponent < -4 || exponent >= significant
      ? exponential(value, significant - 1)
      : fixed(value, Math.max(0, significant - 1 - exponent));
  if (keepZeros || !text.includes(".")) return text;
  return text.replace(/\.?0+(?=$|e)/, "");
}

/** As glibc writes an 80-bit float: the first digit is 8 to f. */
function hexadecimal(value: number): string {
  if (value === 0) return "0x0p+0";
  let exponent = Math.floor(Math.log2(value)) - 3;
  let mantissa = value / 2 ** exponent;
  if (mantissa >= 16) {
    mantissa /= 2;
    exponent++;
  }
  const whole = Math.floor(mantissa);
  let rest = mantissa - whole;
  let digits = "";
  while (rest > 0) {
    rest *= 16;
    digits += Math.floor(rest).toString(16);
    rest -= Math.floor(rest);
  }
  return `0x${whole.toString(16)}${digits === "" ? "" : `.${digits}`}p${exponent < 0 ? "" : "+"}${exponent}`;
}

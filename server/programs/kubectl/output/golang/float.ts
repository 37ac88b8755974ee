/** `strconv.FormatFloat(value, 'g', -1, 64)`: the shortest digits that read back the same; what `%v` prints. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const { sign, digits, exponent } = shortest(value);
  if (exponent < -4 || exponent >= LARGEST_PLAIN) return scientific(sign, digits, exponent);
  return sign + plain(digits, exponent);
}

/** Numbers from a million on are written with an exponent. */
const LARGEST_PLAIN = 6;

/** `strconv.FormatFloat(value, 'e', -1, 64)`. */
export function formatScientific(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  if (value === 0) return "0e+00";
  const { sign, digits, exponent } = shortest(value);
  return scientific(sign, digits, exponent);
}

/** The value's shortest digits, and the power of ten of the first. */
function shortest(value: number): { sign: string; digits: string; exponent: number } {
  const [mantissa, power] = Math.abs(value).toExponential().split("e") as [string, string];
  return { sign: value < 0 ? "-" : "", digits: mantissa.replace(".", ""), exponent: Number(power) };
}

function scientific(sign: string, digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${digits[0]!}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
}

function plain(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, "0");
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

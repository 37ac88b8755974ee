/** A number as exact decimal: `digits` times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Compares two strings as quantities, as `resource.Quantity` does; undefined if one is none (apimachinery pkg/api/resource). */
export function compareQuantities(left: string, right: string): number | undefined {
  const a = parse(left);
  const b = a && parse(right);
  if (!a || !b) return undefined;
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = a.digits * 10n ** BigInt(a.exponent - exponent) - b.digits * 10n ** BigInt(b.exponent - exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function parse(text: string): Decimal | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = match;
  if (whole + fraction === "") return undefined;
  let digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  let exponent = -fraction.length;
  const binary = BINARY.indexOf(suffix);
  if (binary >= 0) digits *= 1024n ** BigInt(binary + 1);
  else if (/^[eE][+-]?\d/.test(suffix)) exponent += Number(suffix.slice(1));
  else exponent += DECIMAL[suffix]!;
  return Math.abs(exponent) > 1000 ? undefined : { digits, exponent };
}

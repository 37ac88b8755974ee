/**
 * Resource quantities (`100m`, `64Mi`, `1e3`), as apimachinery/pkg/api/resource. A value is a whole number of
 * nano-units, which is as fine as the real thing keeps it.
 */
export interface Quantity {
  readonly nanos: bigint;
  readonly format: "DecimalSI" | "BinarySI" | "DecimalExponent";
}

export const ERR_FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const ERR_SUFFIX = "unable to parse quantity's suffix";

const NANO = 1_000_000_000n;
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Record<string, number> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const DECIMAL_SUFFIX = new Map(Object.entries(DECIMAL).map(([suffix, power]) => [power, suffix]));
const BINARY_SUFFIX = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The quantity, or the error message of the server. */
export function parseQuantity(text: string): Quantity | string {
  const match = /^([+-]?)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*)([-+]?[0-9]*)$/.exec(text);
  if (!match || text === "") return ERR_FORMAT;
  const [, sign, whole = "", , decimals = "", letters = "", digits = ""] = match;
  if (whole === "" && decimals === "") return ERR_FORMAT;
  const scale = suffixScale(letters, digits);
  if (!scale) return ERR_SUFFIX;
  let nanos = BigInt(`${whole}${decimals}` || "0") * NANO;
  let power = scale.power10 - decimals.length;
  nanos <<= BigInt(scale.power2);
  for (; power > 0; power--) nanos *= 10n;
  if (power < 0) nanos = divideAwayFromZero(nanos, 10n ** BigInt(-power));
  return { nanos: sign === "-" ? -nanos : nanos, format: scale.format };
}

function suffixScale(
  letters: string,
  digits: string,
): { power10: number; power2: number; format: Quantity["format"] } | undefined {
  if (/^[eE]$/.test(letters) && /^[-+]?[0-9]+$/.test(digits)) {
    const power10 = Number(digits);
    return Math.abs(power10) > 400 ? undefined : { power10, power2: 0, format: "DecimalExponent" };
  }
  if (digits !== "") return undefined;
  const power2 = BINARY[letters];
  if (power2 !== undefined) return { power10: 0, power2, format: "BinarySI" };
  const power10 = DECIMAL[letters];
  return power10 === undefined ? undefined : { power10, power2: 0, format: "DecimalSI" };
}

/** What is finer than a nano-unit is rounded up, so that a request never becomes zero. */
function divideAwayFromZero(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

/** The form in which the server stores and prints the quantity: `0.5` is `500m`, `1024Mi` is `1Gi`. */
export function formatQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return "0";
  const whole = nanos % NANO === 0n;
  if (format === "BinarySI" && whole && (nanos <= -1024n * NANO || nanos >= 1024n * NANO)) {
    let units = nanos / NANO;
    let step = 0;
    while (units % 1024n === 0n && step < BINARY_SUFFIX.length - 1) {
      units /= 1024n;
      step++;
    }
    return `${units}${BINARY_SUFFIX[step]!}`;
  }
  let mantissa = nanos;
  let power = -9;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    power++;
  }
  while (power % 3 !== 0) {
    mantissa *= 10n;
    power--;
  }
  if (format === "DecimalExponent") return power === 0 ? `${mantissa}` : `${mantissa}e${power}`;
  const suffix = DECIMAL_SUFFIX.get(power);
  return suffix === undefined ? `${mantissa}e${power}` : `${mantissa}${suffix}`;
}

const canonical = new Map<string, string>();

/** The canonical text of a quantity as a manifest has it, or the server's error as `{ error }`. */
export function canonicalQuantity(value: string | number): string | { readonly error: string } {
  const text = String(value).trim();
  const known = canonical.get(text);
  if (known !== undefined) return known;
  const quantity = parseQuantity(text);
  if (typeof quantity === "string") return { error: quantity };
  const printed = formatQuantity(quantity);
  if (canonical.size < 1_000) canonical.set(text, printed);
  return printed;
}

/** A quantity that was validated before, in nano-units. */
export function quantityNanos(value: string | number | undefined): bigint {
  if (value === undefined) return 0n;
  const quantity = parseQuantity(String(value).trim());
  return typeof quantity === "string" ? 0n : quantity.nanos;
}

export function compareQuantities(a: string | number | undefined, b: string | number | undefined): number {
  const difference = quantityNanos(a) - quantityNanos(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

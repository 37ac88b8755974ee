/** What stands in a Go resource.Quantity: `amount` times ten to the power of `scale`. */
export interface QuantityAmount {
  readonly amount: bigint;
  readonly scale: number;
  readonly format: "DecimalSI" | "BinarySI" | "DecimalExponent" | "";
}

const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** How ParseQuantity holds the text of a quantity that fits 64 bits (apimachinery/pkg/api/resource/quantity.go). */
export function parseQuantityAmount(text: string): QuantityAmount {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/.exec(text);
  if (text === "" || !match) return { amount: 0n, scale: 0, format: "" };
  const [, sign = "", whole = "", rest = "", suffix = ""] = match;
  const number = whole.replace(/^0+/, "") || "0";
  const fraction = rest.replace(/0+$/, "");
  const signed = (value: bigint): bigint => (sign === "-" ? -value : value);
  const binary = suffix === "" ? -1 : BINARY.indexOf(suffix);
  if (binary > 0) return { amount: signed(BigInt(number) << BigInt(binary * 10)), scale: 0, format: "BinarySI" };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  const scale = exponent === undefined ? (DECIMAL.indexOf(suffix) - 3) * 3 : Number(exponent);
  return {
    amount: signed(BigInt(number + fraction)),
    scale: scale - fraction.length,
    format: exponent === undefined ? "DecimalSI" : "DecimalExponent",
  };
}

import { quantityNanos, parseQuantity } from "../../../sim/kube/api/index.ts";

/** A quantity divided by another, rounded up to a whole number, as a container's environment gets it. */
export function quantityText(quantity: string, divisor = "1"): string {
  const value = nanos(quantity);
  const unit = nanos(divisor === "0" ? "1" : divisor);
  return String((value + unit - 1n) / unit);
}

/** A quantity in billionths; 0 for what is none. */
export function nanos(quantity: string | undefined): bigint {
  const parsed = quantity === undefined ? undefined : parseQuantity(quantity);
  return parsed && typeof parsed === "object" && !("error" in parsed) ? BigInt(quantityNanos(parsed as never)) : 0n;
}

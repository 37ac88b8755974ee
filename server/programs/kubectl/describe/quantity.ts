import { quantityNanos } from "../../../sim/kube/api/index.ts";

/** A quantity divided by another, rounded up to a whole number, as a container's environment gets it. */
export function quantityText(quantity: string, divisor = "1"): string {
  const value = quantityNanos(quantity);
  const unit = quantityNanos(divisor === "0" ? "1" : divisor);
  return String((value + unit - 1n) / unit);
}

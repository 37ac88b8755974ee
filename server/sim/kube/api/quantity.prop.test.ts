import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalQuantity, quantityNanos } from "./quantity.ts";

const suffix = fc.constantFrom("", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "E-2", "e6");
const text = fc
  .tuple(fc.constantFrom("", "-", "+"), fc.nat(99_999), fc.option(fc.nat(999), { nil: undefined }), suffix)
  .map(([sign, whole, decimals, unit]) => `${sign}${whole}${decimals === undefined ? "" : `.${decimals}`}${unit}`);

test("the canonical form is the same amount, and its own canonical form", () => {
  fc.assert(
    fc.property(text, (given) => {
      const canonical = canonicalQuantity(given);
      expect(typeof canonical).toBe("string");
      expect(quantityNanos(canonical as string)).toBe(quantityNanos(given));
      expect(canonicalQuantity(canonical as string)).toBe(canonical);
    }),
  );
});

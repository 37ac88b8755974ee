import fc from "fast-check";
import { expect, test } from "vitest";
import { Pattern } from "./index.ts";

/** `[a]` matches what `a` does, but is no plain text: both ways of matching agree. */
const letters = fc.array(fc.constantFrom("a", "b", "é", "😀"), { maxLength: 6 });
const star = fc.constantFrom("", "*");

test("a text between stars matches as the general way does", () => {
  fc.assert(
    fc.property(
      letters,
      letters,
      star,
      star,
      fc.boolean(),
      fc.nat(3),
      (whole, middle, before, behind, longest, from) => {
        const text = whole.join("");
        const plain = Pattern.of(before + middle.join("") + behind);
        const general = Pattern.of(before + middle.map((letter) => `[${letter}]`).join("") + behind);
        const at = whole.slice(0, from).join("").length;
        expect([plain.matches(text), plain.end(text, at, longest), plain.start(text, longest)]).toEqual([
          general.matches(text),
          general.end(text, at, longest),
          general.start(text, longest),
        ]);
      },
    ),
    { numRuns: 3000 },
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesLabels, parseLabelSelector, selectorText, type Requirement, type Selector } from "./labels.ts";

const key = fc.constantFrom("a", "b", "example.com/c");
const value = fc.constantFrom("x", "y", "z");
const requirement = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("=", "!=" as const), values: fc.tuple(value) }),
  fc.record({
    key,
    operator: fc.constantFrom("in", "notin" as const),
    values: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }).map((values) => values.sort()),
  }),
  fc.record({ key, operator: fc.constantFrom("exists", "!" as const), values: fc.constant([]) }),
) as fc.Arbitrary<Requirement>;
const labels = fc.dictionary(key, value);

test("a selector's text reads back as a selector that chooses the same", () => {
  fc.assert(
    fc.property(fc.array(requirement, { maxLength: 4 }), fc.array(labels, { maxLength: 8 }), (requirements, sets) => {
      const text = selectorText(requirements);
      const parsed = parseLabelSelector(text) as Selector;
      expect(selectorText(parsed).split(",").sort()).toEqual(text.split(",").sort());
      for (const set of sets) expect(matchesLabels(parsed, set)).toBe(matchesLabels(requirements, set));
    }),
  );
});

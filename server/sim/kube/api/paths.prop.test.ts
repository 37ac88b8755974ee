import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQuery, queryText } from "./paths.ts";

const piece = fc.oneof(
  fc.constantFrom("a", "limit", "=", "&", "%20", "+", "%", "ü", "__proto__", "k=v", "!(x)", "a,b"),
  fc.string(),
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));

test("a query is read as URLSearchParams reads it", () => {
  fc.assert(
    fc.property(text, (query) => {
      const expected = new Map<string, string[]>();
      for (const [name, value] of new URLSearchParams(query.replace(/^\?/, "")))
        expected.set(name, [...(expected.get(name) ?? []), value]);
      expect(Object.entries(parseQuery(query.replace(/^\?/, "")))).toEqual(
        Object.entries(Object.fromEntries(expected)),
      );
    }),
  );
});

test("a query is written as URLSearchParams writes it", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), (pairs) => {
      const unique = new Map(pairs);
      const query = Object.fromEntries([...unique].map(([name, value]) => [name, [value]]));
      const expected = new URLSearchParams(Object.entries(query).map(([name, [value]]) => [name, value!]));
      expect(queryText(query)).toBe(expected.toString());
    }),
  );
});

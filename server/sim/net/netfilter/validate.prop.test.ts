import fc from "fast-check";
import { expect, test } from "vitest";
import type { ChainRow, RuleRow } from "./row.ts";
import { validateTable, type Reach } from "./validate.ts";

const NAMES = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "A", "B", "C", "D", "E"];

type Kind = "DNAT" | "MASQUERADE" | "ACCEPT" | { readonly to: string };

const rule = (id: number, kind: Kind): RuleRow => {
  if (typeof kind !== "string") return { id, matches: [], target: { kind: "chain", name: kind.to } };
  if (kind === "ACCEPT") return { id, matches: [], target: { kind: "verdict", name: "ACCEPT" } };
  return { id, matches: [], target: { kind: "extension", name: kind, options: {} } };
};

const kinds = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES.slice(4)).map((to) => ({ to })) },
  { weight: 2, arbitrary: fc.constantFrom("DNAT" as const, "MASQUERADE" as const, "ACCEPT" as const) },
);
/** Chains that a commit writes; one without rules at all is deleted if nothing leads to it. */
const commits = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.option(fc.array(kinds, { maxLength: 3 }))), {
    minLength: 1,
    maxLength: 4,
  }),
  { minLength: 1, maxLength: 12 },
);

test("what is found of the changed chains is what is found of all", () => {
  let [alone, faulty] = [0, 0];
  fc.assert(
    fc.property(commits, (rounds) => {
      let chains: ReadonlyMap<string, ChainRow> = new Map();
      let reach: Reach | undefined;
      let id = 0;
      for (const writes of rounds) {
        const next = new Map(chains);
        const changed = new Set<string>();
        for (const [name, rules] of writes) {
          const jumped = [...next.values()].some((chain) =>
            chain.rules.some(({ target }) => target?.kind === "chain" && target.name === name),
          );
          if (rules === null && jumped) continue;
          if (rules === null) next.delete(name);
          else next.set(name, { name, rules: rules.map((kind) => rule(++id, kind)) });
          changed.add(name);
          for (const kind of rules ?? [])
            if (typeof kind !== "string" && !next.has(kind.to)) {
              next.set(kind.to, { name: kind.to, rules: [] });
              changed.add(kind.to);
            }
        }
        const all = validateTable("nat", next);
        const quick = validateTable("nat", next, reach && { reach, changed });
        expect(quick instanceof Map).toBe(all instanceof Map);
        if (quick instanceof Map) {
          if (quick === reach) alone++;
          [chains, reach] = [next, quick];
        } else {
          faulty++;
          // A refused commit changes nothing, and what was known before it is known no more.
          expect(quick).toEqual(all);
          reach = undefined;
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(alone).toBeGreaterThan(100);
  expect(faulty).toBeGreaterThan(100);
});

import { expect, test } from "vitest";
import { sharesOf, spread, withNumber, withPlan } from "./plan.ts";

const TEXT = `version: 1
id: mock
minutes: 30   # of all
pass: 66
# always these
tasks:
  - { lab: lost-endpoints, weight: 6 }  # easy
draw:
- topics: [dns]
  count: 2
  weight: 3
summary: Words.
`;

test("another plan replaces tasks and draws where they stand, and nothing else", () => {
  const plan = {
    tasks: [{ lab: "a", weight: 2 }],
    draw: [
      { topics: ["dns", "services"], level: "easy", count: 1, weight: 4 },
      { topics: ["cni"], level: null, count: 2, weight: 1.5 },
    ],
  } as const;
  const written = withPlan(TEXT, plan);
  expect(written).toBe(`version: 1
id: mock
minutes: 30   # of all
pass: 66
# always these
tasks:
  - { lab: a, weight: 2 }
draw:
  - { topics: [dns, services], level: easy, count: 1, weight: 4 }
  - { topics: [cni], count: 2, weight: 1.5 }
summary: Words.
`);
  expect(withPlan(written, plan)).toBe(written);
  expect(withPlan("id: mock\n\n", { tasks: [], draw: plan.draw.slice(1) })).toBe(
    "id: mock\ndraw:\n  - { topics: [cni], count: 2, weight: 1.5 }\n",
  );
});

test("a number keeps what stands behind it", () => {
  expect(withNumber(TEXT, "minutes", 120)).toContain("minutes: 120   # of all\n");
  expect(withNumber("id: mock\n", "pass", 70)).toBe("id: mock\npass: 70\n");
});

test("a blueprint is spread over the topics as the labs are, and draws no more than there are", () => {
  const labs = (topic: string, count: number, minutes: number) =>
    Array.from({ length: count }, () => ({ topics: [topic, "troubleshooting"], minutes }));
  const all = [...labs("services", 6, 8), ...labs("dns", 3, 12), ...labs("cni", 1, 5)];
  const rows = (count: number) => spread(all, count).map(({ topics, count: of, weight }) => [topics[0], of, weight]);
  expect(rows(5)).toEqual([
    ["services", 3, 8],
    ["dns", 2, 12],
  ]);
  expect(rows(10)).toEqual([
    ["services", 6, 8],
    ["dns", 3, 12],
    ["cni", 1, 5],
  ]);
  expect(rows(50).map(([, of]) => of)).toEqual([6, 3, 1]);
});

test("shares of topics are of the weights", () => {
  expect(
    sharesOf([
      { topics: ["dns"], weight: 1 },
      { topics: ["services", "dns"], weight: 2 },
      { topics: ["dns"], weight: 1 },
      { topics: ["cni"], weight: 4 },
    ]),
  ).toEqual([
    { topic: "cni", percent: 50 },
    { topic: "dns", percent: 25 },
    { topic: "services", percent: 25 },
  ]);
});

import { expect, test } from "vitest";
import { drawLabs } from "./draw-labs.ts";

const lab = (id: string, topics: string[], level: "easy" | "hard" = "easy") => ({
  id,
  title: id,
  summary: "",
  topics,
  level,
  minutes: 5,
  points: 4,
  tasks: 1,
});

const LABS = [
  lab("a", ["dns"]),
  lab("b", ["dns"]),
  lab("c", ["dns"], "hard"),
  lab("d", ["services"]),
  lab("e", ["services", "dns"]),
];

const EXAM = {
  id: "mock",
  title: "Mock",
  summary: "",
  minutes: 10,
  pass: 66,
  labs: [{ lab: "a", title: "a", weight: 2 }],
  draw: [
    { topics: ["dns"], level: "easy" as const, count: 1, weight: 3 },
    { topics: ["services"], count: 1, weight: 5 },
  ],
};

test("named labs come first; drawn ones fit, and no lab comes twice", () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const parts = drawLabs(EXAM, LABS, seed);
    expect(parts).toEqual(drawLabs(EXAM, LABS, seed));
    expect(parts.map(({ weight }) => weight)).toEqual([2, 3, 5]);
    const ids = parts.map((part) => part.lab);
    expect(new Set(ids).size).toBe(3);
    expect(ids[0]).toBe("a");
    expect(ids[1]).toBe("b");
    expect(["d", "e"]).toContain(ids[2]);
    seen.add(ids.join(" "));
  }
  expect([...seen].sort()).toEqual(["a b d", "a b e"]);
});

test("labs that only touch a topic are drawn when those that are about it are not enough", () => {
  const exam = { ...EXAM, draw: [{ topics: ["dns"], level: "easy" as const, count: 2, weight: 3 }] };
  for (let seed = 1; seed <= 10; seed++)
    expect(drawLabs(exam, LABS, seed).map((part) => part.lab)).toEqual(["a", "b", "e"]);
});

test("a lab that is added to the library changes only the exams that draw it", () => {
  const more = [...LABS, lab("z", ["services"])];
  for (let seed = 1; seed <= 20; seed++) {
    const [before, after] = [drawLabs(EXAM, LABS, seed), drawLabs(EXAM, more, seed)];
    if (!after.some((part) => part.lab === "z")) expect(after).toEqual(before);
  }
});

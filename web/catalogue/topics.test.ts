import { expect, test } from "vitest";
import { byTopic, findLabs, nextLab, topicsOf, weightPercents, type Lab } from "./topics.ts";

const lab = (id: string, more: Partial<Lab> = {}): Lab => ({
  id,
  title: id,
  summary: "",
  topics: ["services"],
  level: "easy",
  minutes: 6,
  points: 6,
  tasks: 1,
  best: null,
  attempts: 0,
  ...more,
});

test("topics count the labs that got all points", () => {
  const labs = [
    lab("a", { best: 100 }),
    lab("b", { topics: ["nodes", "services"], best: 99 }),
    lab("c", { topics: [] }),
  ];
  expect(topicsOf(labs)).toEqual([
    { name: "services", labs: 2, done: 1 },
    { name: "nodes", labs: 1, done: 0 },
  ]);
});

test("labs stand under what they are mainly about", () => {
  const labs = [lab("a"), lab("b", { topics: ["nodes", "services"] }), lab("c"), lab("d", { topics: [] })];
  expect(byTopic(labs).map(({ topic, labs: some }) => [topic, some.map(({ id }) => id)])).toEqual([
    ["services", ["a", "c"]],
    ["nodes", ["b"]],
    ["other", ["d"]],
  ]);
});

test("a search wants every word, in any of a lab's texts, within the topic", () => {
  const labs = [
    lab("a", { title: "Lost endpoints", summary: "A Service answers nobody" }),
    lab("b", { title: "Lost names", topics: ["dns"] }),
  ];
  expect(findLabs(labs, null, " lost SERVICE ").map(({ id }) => id)).toEqual(["a"]);
  expect(findLabs(labs, "dns", "lost").map(({ id }) => id)).toEqual(["b"]);
  expect(findLabs(labs, null, "").map(({ id }) => id)).toEqual(["a", "b"]);
  const named = [lab("c", { summary: "It has lost its names" }), lab("d", { title: "Names" }), lab("e")];
  expect(findLabs(named, null, "names").map(({ id }) => id)).toEqual(["d", "c"]);
});

test("the next lab is the first of the easiest that are not done", () => {
  const labs = [
    lab("hard", { level: "hard" }),
    lab("first", { minutes: 9 }),
    lab("done", { minutes: 1, best: 100 }),
    lab("short", { best: 50 }),
  ];
  expect(nextLab(labs)?.id).toBe("first");
  expect(nextLab([lab("done", { best: 100 })])).toBeUndefined();
});

test("weights become percents that make 100 together", () => {
  expect(weightPercents([5, 6, 9])).toEqual([25, 30, 45]);
  expect(weightPercents([1, 1, 1])).toEqual([34, 33, 33]);
  expect(weightPercents([0, 0])).toEqual([0, 0]);
});

import { expect, test } from "vitest";
import { BadFile } from "../schema/bad-file.ts";
import { ExamSource } from "./exam-source.ts";

const EXAM = `\
version: 1
id: mock
title: Mock
summary: All of it.
minutes: 25
pass: 66
tasks:
  - { lab: lost-endpoints, weight: 5 }
  - { lab: node-network, weight: 2.5 }
`;

function read(text: string | undefined): ExamSource {
  return new ExamSource({ path: "labs/exams/mock", files: new Map(text === undefined ? [] : [["exam.yaml", text]]) });
}

function problems(text: string | undefined): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof BadFile) return error.problems.map((problem) => problem.replace("labs/exams/mock/", ""));
    throw error;
  }
}

test("an exam is what its file says", () => {
  expect(read(EXAM).exam).toEqual({
    version: 1,
    id: "mock",
    title: "Mock",
    summary: "All of it.",
    minutes: 25,
    pass: 66,
    tasks: [
      { lab: "lost-endpoints", weight: 5 },
      { lab: "node-network", weight: 2.5 },
    ],
    draw: [],
    terminal: { host: "base", user: "candidate" },
  });
});

test("a folder without an exam", () => {
  expect(problems(undefined)).toEqual(["exam.yaml:1:1: there is no such file: an exam is a folder with one"]);
});

/** One mistake: what is replaced by what. */
test.each<[string, string, string, string[]]>([
  ["no YAML", "title: Mock", "title: 'Mock", ["exam.yaml:3:8: the quote that opens here is never closed: add '"]],
  ["a version of the future", "version: 1", "version: 2", ["exam.yaml:1:1: version: expected 1, found the number 2"]],
  [
    "an id that is not the folder's",
    "id: mock",
    "id: mock-b",
    ["exam.yaml:2:1: id: the folder is called mock: both must be the same"],
  ],
  ["no time at all", "minutes: 25", "minutes: 0", ["exam.yaml:5:1: minutes: expected more than 0, found the number 0"]],
  [
    "more than everything",
    "pass: 66",
    "pass: 166",
    ["exam.yaml:6:1: pass: expected at most 100, found the number 166"],
  ],
  ["nothing to pass", "pass: 66", "pass: 0", ["exam.yaml:6:1: pass: expected more than 0, found the number 0"]],
  [
    "a task that counts nothing",
    "weight: 5 ",
    "weight: 0 ",
    ["exam.yaml:8:28: tasks[0].weight: expected more than 0, found the number 0"],
  ],
  [
    "a task that costs points",
    "weight: 5 ",
    "weight: -1 ",
    ["exam.yaml:8:28: tasks[0].weight: expected more than 0, found the number -1"],
  ],
  ["a weight that is missing", ", weight: 5 ", " ", ["exam.yaml:8:5: tasks[0].weight: is missing: write a number"]],
  [
    "a lab twice",
    "lab: node-network",
    "lab: lost-endpoints",
    ["exam.yaml:9:7: tasks[1].lab: lost-endpoints is in this exam already"],
  ],
  [
    "a field that nobody knows",
    "pass: 66",
    "pass: 66\nlevel: easy",
    [
      "exam.yaml:7:1: level: unknown field: there are version, id, title, summary, minutes, pass, tasks, draw, terminal",
    ],
  ],
  [
    "a host with the name of the base",
    "weight: 2.5 ",
    "weight: 2.5, host: base ",
    ["exam.yaml:9:39: tasks[1].host: the base itself is called so"],
  ],
  [
    "two labs on one host",
    "weight: 5 }\n  - { lab: node-network, weight: 2.5 ",
    "weight: 5, host: cka1024 }\n  - { lab: node-network, weight: 2.5, host: cka1024 ",
    [
      "exam.yaml:9:39: tasks[1].host: cka1024 is the host of another lab of this exam, and each lab has a cluster of its own: give this one another name. Tasks that are to share a cluster are tasks of one lab",
    ],
  ],
  [
    "a host that is none",
    "weight: 5 ",
    "weight: 5, host: Node_A1 ",
    ['exam.yaml:8:39: tasks[0].host: expected the name of a host, such as cka1024, found the text "Node_A1"'],
  ],
])("%s", (_, from, to, expected) => {
  expect(EXAM).toContain(from);
  expect(problems(EXAM.replace(from, to))).toEqual(expected);
});

test("an exam without tasks", () => {
  expect(problems(EXAM.replace(/tasks:[^]*/, "tasks: []\n"))).toEqual([
    "exam.yaml:1:1: an exam has tasks, or draws them",
  ]);
});

test("labs are drawn by topic and level; whatever was drawn before, there must be enough", () => {
  const known = new Map([
    ["lost-endpoints", { topics: ["services"], level: "easy" }],
    ["node-network", { topics: ["nodes"], level: "easy" }],
    ["headless", { topics: ["services", "dns"], level: "easy" }],
    ["session-affinity", { topics: ["services"], level: "medium" }],
    ["records", { topics: ["dns"], level: "easy" }],
  ]);
  const exam = (draw: string): ExamSource => read(`${EXAM}draw:\n${draw}`);
  const two = exam(
    "  - { topics: [services], count: 1, weight: 4 }\n  - { topics: [dns], level: easy, count: 1, weight: 4 }\n",
  );
  expect(two.labProblems(known, new Set())).toEqual([]);
  expect([...two.labs(known)]).toEqual(["lost-endpoints", "node-network", "headless", "session-affinity", "records"]);
  const many = exam(
    "  - { topics: [services], count: 3, weight: 4 }\n  - { topics: [dns], level: easy, count: 2, weight: 4 }\n",
  );
  expect(many.labProblems(known, new Set())).toEqual([
    "labs/exams/mock/exam.yaml:11:5: draw[0]: there are 2 labs of services: 3 cannot be drawn",
    "labs/exams/mock/exam.yaml:12:5: draw[1]: there are 2 easy labs of dns, of which draws before it may take 1: 2 cannot be drawn",
  ]);
});

test("a draw takes labs that only touch its topics when the others may run out", () => {
  const known = new Map(
    Object.entries({ records: ["dns"], loop: ["dns", "gateway"], route: ["gateway", "dns"] }).map(([id, topics]) => [
      id,
      { topics, level: "easy" },
    ]),
  );
  const draws = (dns: number): readonly string[] => {
    const text = `draw:\n  - { topics: [dns], count: ${dns}, weight: 4 }\n  - { topics: [gateway], count: 1, weight: 4 }\n`;
    return read(EXAM.replace(/tasks:[^]*$/, text)).labProblems(known, new Set());
  };
  expect(draws(2)).toEqual([]);
  expect(draws(3)).toEqual([
    "labs/exams/mock/exam.yaml:9:5: draw[1]: there are 2 labs of gateway, of which draws before it may take 2: 1 cannot be drawn",
  ]);
});

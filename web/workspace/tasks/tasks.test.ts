import { expect, test } from "vitest";
import type { AttemptReport, PartView, TaskView } from "../../../server/sessions/protocol/attempt.ts";
import { chipState, hostsNamed, numberedTasks, unfinished } from "./tasks.ts";

const task = (id: string, more: Partial<TaskView> = {}): TaskView => ({
  id,
  points: 1,
  prompt: "",
  questions: [],
  hints: { read: [], total: 0, next: null },
  flagged: false,
  ...more,
});
const part = (number: number, tasks: TaskView[], touched = false): PartView => ({
  part: number,
  lab: "l",
  title: "L",
  level: "easy",
  minutes: 5,
  weight: 1,
  host: "controlplane",
  user: "root",
  docs: [],
  touched,
  tasks,
});
const question = (id: string, given: string | null) => ({ id, ask: "?", kind: "text" as const, points: 1, given });

const parts = [
  part(0, [task("a"), task("b", { flagged: true })], true),
  part(1, [task("a", { questions: [question("x", "8080"), question("y", " "), question("z", null)] }), task("c")]),
];
const check = {
  parts: [
    {
      part: 0,
      report: {
        results: [
          { task: "a", outcome: "pass" },
          { task: "a", outcome: "broke" },
          { task: "b", outcome: "fail" },
        ],
      },
    },
  ],
} as unknown as AttemptReport;

test("tasks are numbered over all parts, with what was begun and what the last check found", () => {
  const seen = (tasks: ReturnType<typeof numberedTasks>) =>
    tasks.map((row) => [row.number, row.key, chipState(row).kind, chipState(row).words]);
  expect(seen(numberedTasks({ parts }))).toEqual([
    [1, "0/a", "begun", "in work"],
    [2, "0/b", "flag", "flagged"],
    [3, "1/a", "begun", "in work"],
    [4, "1/c", "untouched", "not begun"],
  ]);
  expect(seen(numberedTasks({ parts }, check)).slice(0, 2)).toEqual([
    [1, "0/a", "broke", "could not be checked"],
    [2, "0/b", "flag", "flagged, last check: failed"],
  ]);
});

test("what is open is listed before submitting; blanks are no answer", () => {
  expect(unfinished(numberedTasks({ parts }))).toEqual({
    untouched: [4],
    flagged: [2],
    unanswered: [{ number: 3, questions: 2 }],
  });
});

test("hosts are those that the prompt tells to ssh to", () => {
  expect(hostsNamed("`ssh node01` takes you there, `ssh node02` further. `ssh node01`, `ssh -v x`")).toEqual([
    "node01",
    "node02",
  ]);
});

import { expect, test } from "vitest";
import type { LearnerAttempt } from "../../server/sessions/protocol/index.ts";
import { scoreText, taskState, whereText } from "./progress-words.ts";

const MINUTE = 60_000;

function attempt(more: Partial<LearnerAttempt> = {}): LearnerAttempt {
  const task = { part: 0, task: "a", points: null, of: 4 };
  return {
    id: "x",
    state: "open",
    startedAt: 0,
    endsAt: null,
    percent: null,
    typed: null,
    checkedAt: null,
    tasks: [task, { ...task, part: 1 }],
    ...more,
  };
}

test("a task is not checked, failed, in part or whole", () => {
  const states = [null, 0, 1.234567, 4].map((points) => taskState({ part: 0, task: "a", points, of: 4 }));
  expect(states.map(({ state, text }) => `${state} ${text}`)).toEqual([
    "none ·",
    "fail 0/4",
    "part 1.23/4",
    "pass 4/4",
  ]);
  expect(taskState({ part: 0, task: "a", points: 0, of: 0 })).toMatchObject({ state: "none", text: "–" });
});

test("a score is told once there is one, unless nothing could be judged", () => {
  const task = { part: 0, task: "a", points: 0, of: 0 };
  const scores = [null, attempt(), attempt({ percent: 66.6 }), attempt({ percent: 0, tasks: [task] })];
  expect(scores.map(scoreText)).toEqual(["", "", "66 %", "–"]);
});

test("a learner is where they typed last, and stuck when that is long ago", () => {
  const typed = { at: MINUTE, part: 1 };
  expect(
    [
      whereText(null, 0),
      whereText(attempt(), 3 * MINUTE),
      whereText(attempt(), 10 * MINUTE),
      whereText(attempt({ typed }), 2 * MINUTE),
      whereText(attempt({ typed, tasks: [] }), 11 * MINUTE),
      whereText(attempt({ typed, state: "graded" }), 60 * MINUTE),
    ].map(({ text, stuck }) => `${text}${stuck ? " (stuck)" : ""}`),
  ).toEqual([
    "not started",
    "typed nothing yet, started 3 min ago",
    "typed nothing yet, started 10 min ago (stuck)",
    "lab 2, typed 1 min ago",
    "typed 10 min ago (stuck)",
    "submitted",
  ]);
});

import { expect, test } from "vitest";
import type { JournalEntry } from "../sessions/protocol/index.ts";
import type { PartRow } from "../store/store.ts";
import { labText } from "./testing.ts";
import { workOf, type Traces } from "./work.ts";

const TWO_TASKS = labText("alpha");
const ONE_TASK = { ...TWO_TASKS, tasks: TWO_TASKS.tasks.slice(0, 1) };
const UNTIL = 100_000;

function part(row: Partial<PartRow> = {}): PartRow {
  return { attempt: "a", part: 0, lab: "alpha", seed: 1, weight: 1, text: TWO_TASKS, touched: true, ...row };
}

function traces(more: Partial<Traces> = {}): Traces {
  return { focus: [], journal: [], answers: new Map(), hints: new Map(), flags: new Set(), until: UNTIL, ...more };
}

/** Typed after so many milliseconds. */
function typed(at: number, bytes: string): JournalEntry {
  return { kind: "input", at: at * 1000, step: 0, terminal: 1, bytes };
}

test("time counts while the task is in front, lines for the task that was", () => {
  const work = workOf(
    part(),
    traces({
      focus: [
        { at: 10_000, task: "0/find" },
        { at: 30_000, task: "0/mend" },
        { at: 40_000, task: null },
        { at: 70_000, task: "0/find" },
      ],
      journal: [
        { kind: "open", at: 0, step: 0, terminal: 1, cols: 80, rows: 24 },
        typed(12_000, "ls"),
        typed(13_000, "\r"),
        typed(35_000, "a\rb\rc\r"),
        // The page was in the background.
        typed(50_000, "x\r"),
        typed(80_000, "y\r"),
      ],
    }),
  );
  expect(work.map(({ task, took, lines, tried }) => ({ task, took, lines, tried }))).toEqual([
    { task: "find", took: 50_000, lines: 2, tried: true },
    { task: "mend", took: 10_000, lines: 3, tried: true },
  ]);
});

test("what comes after the end counts for nothing", () => {
  const [find] = workOf(part(), traces({ focus: [{ at: 90_000, task: "0/find" }, { at: 150_000, task: null }] })); // prettier-ignore
  expect(find!.took).toBe(10_000);
});

test("without a window that tells, only what cannot be otherwise is said", () => {
  const journal = [typed(1, "ls\r")];
  expect(workOf(part(), traces({ journal })).map(({ took, lines, tried }) => [took, lines, tried])).toEqual([
    [null, null, null],
    [null, null, null],
  ]);
  // All lines of a part with one task are that task's.
  const [only] = workOf(part({ text: ONE_TASK }), traces({ journal }));
  expect([only!.took, only!.lines, only!.tried]).toEqual([null, 1, true]);
});

test("never tried: nothing typed and nothing answered, or never looked at", () => {
  const tried = (row: Partial<PartRow>, more: Partial<Traces>): (boolean | null)[] =>
    workOf(part(row), traces(more)).map((work) => work.tried);
  expect(tried({ touched: false }, {})).toEqual([false, false]);
  expect(tried({ touched: false }, { answers: new Map([["0/find/where", "x"]]) })).toEqual([true, false]);
  expect(tried({ touched: false }, { answers: new Map([["0/find/where", ""]]) })).toEqual([false, false]);
  const looked = [{ at: 1, task: "0/find" }];
  // Something was done to the cluster that both tasks share (a program of one's own, no line typed).
  expect(tried({}, { focus: looked })).toEqual([null, false]);
});

import { expect, test } from "vitest";
import type { Lab } from "../schema/lab.ts";
import { idle, unearned, unnoticed, type CaseOutcome } from "./mutations.ts";

function lab(needs: Readonly<Record<string, readonly string[]>>): Lab {
  const checks = Object.entries(needs).map(([id, needed]) => ({ id, needs: needed }));
  return { tasks: [{ checks, questions: [{ id: "mac" }] }] } as unknown as Lab;
}

const solution: CaseOutcome = { declared: true, failed: [] };
const wrong = (...failed: string[]): CaseOutcome => ({ declared: true, failed });
const untouched = (...failed: string[]): CaseOutcome => ({ declared: false, failed });

test("a check that a wrong solution fails is missed when it is gone", () => {
  expect(unnoticed(lab({ answers: [] }), [solution, wrong("answers"), wrong("mac")])).toEqual([]);
});

test("what only fails untouched is missed by nobody: a lab does not say what it scores then", () => {
  expect(unnoticed(lab({ answers: [] }), [untouched("answers", "mac"), solution, wrong("mac")])).toEqual([
    { check: "answers", how: "removed" },
  ]);
});

test("a failure without a judgement proves nothing", () => {
  const cases = [solution, wrong("answers", "kept"), wrong("mac")];
  expect(unnoticed(lab({ answers: [], kept: ["answers"] }), cases)).toEqual([{ check: "kept", how: "removed" }]);
  expect(unnoticed(lab({ answers: [], kept: ["answers"] }), [...cases, wrong("kept")])).toEqual([]);
});

test("needs reach further than one step", () => {
  const needs = { a: [], b: ["a"], c: ["b"] };
  expect(unnoticed(lab(needs), [solution, wrong("a", "b", "c"), wrong("b", "c"), wrong("mac")])).toEqual([
    { check: "c", how: "removed" },
  ]);
});

test("a check that no proof judges may as well be the other way round", () => {
  expect(unnoticed(lab({}), [untouched("mac")])).toEqual([
    { check: "mac", how: "removed" },
    { check: "mac", how: "inverted" },
  ]);
});

test("checks that nothing touches", () => {
  const both = lab({ answers: [], kept: [] });
  expect(idle(both, [untouched("answers"), solution, wrong("mac")])).toEqual(["kept"]);
  expect(unearned(both, untouched("answers", "mac"))).toEqual(["kept"]);
});

import { expect, test } from "vitest";
import type { CheckResult } from "../../grader/result.ts";
import { byTask, countWords } from "./outcomes.ts";

const check = (task: string, outcome: CheckResult["outcome"], points: number, of: number): CheckResult => ({
  id: `${task}-${outcome}`,
  task,
  outcome,
  points,
  of,
  says: "",
  expected: "",
  observed: "",
  evidence: [],
});

test("checks are counted by task, broken ones nowhere", () => {
  const results = [check("a", "pass", 2, 2), check("b", "fail", 0.5, 1), check("a", "broke", 0, 3)];
  expect(byTask(results)).toEqual([
    { task: "a", points: 2, of: 2, results: [results[0], results[2]] },
    { task: "b", points: 0.5, of: 1, results: [results[1]] },
  ]);
});

test("what the checks found in words", () => {
  const pass = check("a", "pass", 1, 1);
  const fail = check("a", "fail", 0, 1);
  const broke = check("a", "broke", 0, 1);
  expect(countWords([pass, pass])).toBe("All 2 checks passed");
  expect(countWords([pass])).toBe("The check passed");
  expect(countWords([pass, fail, fail, broke])).toBe("1 check passed, 2 failed, 1 not counted");
  expect(countWords([fail, broke])).toBe("0 checks passed, 1 failed, 1 not counted");
});

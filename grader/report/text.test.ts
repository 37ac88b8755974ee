import { expect, test } from "vitest";
import { resultLines } from "./text.ts";

test("what a server says cannot change the terminal", () => {
  const lines = resultLines({
    id: "x",
    task: "t",
    outcome: "fail",
    points: 0.5,
    of: 2,
    says: "It says hello",
    expected: "hello",
    observed: "\x1b[2Jbye\nbye",
    evidence: [],
  });
  expect(lines).toEqual([
    `✗ It says hello${" ".repeat(95)} 0.5 of 2`,
    "  expected   hello",
    "  observed   ?[2Jbye\n             bye",
  ]);
});

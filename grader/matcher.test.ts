import { expect, test } from "vitest";
import { describeMatcher, Matcher, matches } from "./matcher.ts";

test.each<[Matcher, unknown, boolean]>([
  ["ok", "ok", true],
  [80, "80", true],
  [{ equals: [1, 2] }, [2, 1], true],
  [{ equals: [1, 1] }, [1, 2], false],
  [{ equals: { a: 1, b: [2] } }, { b: [2], a: 1 }, true],
  [{ contains: "ok" }, "cart ok\n", true],
  [{ contains: "b" }, ["a", "b"], true],
  [{ contains: "b" }, undefined, false],
  [{ matches: "^10\\." }, "10.244.0.1", true],
  [{ oneOf: ["TCP", "UDP"] }, "UDP", true],
  [{ atLeast: 2 }, 2, true],
  [{ atMost: 2 }, 3, false],
  [{ exists: false }, undefined, true],
  [{ not: { contains: "x" } }, "abc", true],
])("%j of %j is %s", (matcher, value, outcome) => {
  expect(matches(matcher, value)).toBe(outcome);
});

test("matchers are described, and read strictly", () => {
  expect(describeMatcher({ not: { contains: "x" } })).toBe('not something that contains "x"');
  expect(Matcher.safeParse({ contians: "x" }).success).toBe(false);
  expect(Matcher.safeParse({ matches: "(" }).success).toBe(false);
});

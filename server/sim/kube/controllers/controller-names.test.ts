import { expect, test } from "vitest";
import { isEnabled } from "./controller-names.ts";

test.each([
  [["*"], true],
  [["*", "bootstrapsigner", "tokencleaner"], true],
  [["*", "-deployment"], false],
  [["*", "-deployment-controller"], false],
  [["-deployment", "*"], false],
  [["deployment"], true],
  [["replicaset"], false],
  [["deployment", "-deployment"], true],
  [["-*"], false],
])("--controllers=%s", (controllers, expected) => {
  expect(isEnabled("deployment-controller", controllers)).toBe(expected);
});

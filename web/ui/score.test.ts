import { expect, test } from "vitest";
import { percentText, pointsText } from "./score.tsx";

test("points have at most two decimals and a true minus", () => {
  expect([4, 2.5, 1 / 3, 0, -1, -0.001].map(pointsText)).toEqual(["4", "2.5", "0.33", "0", "\u22121", "0"]);
});

test("percent never rounds up to what was not reached", () => {
  expect([0, 33.34, 65.99, 66, 99.99, 100].map(percentText)).toEqual(["0 %", "33 %", "65 %", "66 %", "99 %", "100 %"]);
});

import { expect, test } from "vitest";
import { agoText, clockText, clockWords, durationText } from "./times.ts";

test("a clock counts down to zero and then up", () => {
  expect([401_000, 400_001, 3_601_000, 59_999, 1, 0, -999, -1000, -130_000, -3_700_000].map(clockText)).toEqual([
    "06:41",
    "06:41",
    "1:00:01",
    "01:00",
    "00:01",
    "00:00",
    "00:00",
    "+00:01",
    "+02:10",
    "+1:01:40",
  ]);
});

test("a clock in words for screen readers", () => {
  expect([401_000, 61_000, 0, -120_000, 7_200_000].map(clockWords)).toEqual([
    "6 minutes 41 seconds left",
    "1 minute 1 second left",
    "No time left",
    "2 minutes over",
    "2 hours left",
  ]);
});

test("durations in words", () => {
  expect([0, 59_400, 60_000, 401_000, 3_600_000, 5_400_000].map(durationText)).toEqual([
    "0 s",
    "59 s",
    "1 min",
    "7 min",
    "1 h",
    "1 h 30 min",
  ]);
});

test("how long ago", () => {
  expect([0, 59_000, 300_000, 3 * 3_600_000, 24 * 3_600_000, 50 * 3_600_000].map(agoText)).toEqual([
    "just now",
    "just now",
    "5 min ago",
    "3 h ago",
    "1 day ago",
    "2 days ago",
  ]);
});

import { describe, expect, test } from "vitest";
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND } from "../../kernel/index.ts";
import { goDuration, humanDuration, parseGoDuration } from "./duration.ts";

/** apimachinery/pkg/util/duration/duration_test.go and the table in the facts. */
test.each([
  [-2 * SECOND, "<invalid>"],
  [-1 * SECOND, "0s"],
  [-500 * MILLISECOND, "0s"],
  [0, "0s"],
  [999 * MILLISECOND, "0s"],
  [SECOND, "1s"],
  [119 * SECOND, "119s"],
  [2 * MINUTE, "2m"],
  [2 * MINUTE + SECOND, "2m1s"],
  [10 * MINUTE - SECOND, "9m59s"],
  [10 * MINUTE + 5 * SECOND, "10m"],
  [3 * HOUR - SECOND, "179m"],
  [3 * HOUR, "3h"],
  [3 * HOUR + 5 * MINUTE, "3h5m"],
  [8 * HOUR - SECOND, "7h59m"],
  [8 * HOUR + 30 * MINUTE, "8h"],
  [2 * DAY - SECOND, "47h"],
  [2 * DAY, "2d"],
  [2 * DAY + 3 * HOUR, "2d3h"],
  [8 * DAY - SECOND, "7d23h"],
  [8 * DAY, "8d"],
  [2 * 365 * DAY - SECOND, "729d"],
  [2 * 365 * DAY, "2y"],
  [2 * 365 * DAY + 5 * DAY, "2y5d"],
  [8 * 365 * DAY - SECOND, "7y364d"],
  [8 * 365 * DAY, "8y"],
])("%d µs are %s for people", (span, text) => expect(humanDuration(span)).toBe(text));

describe("Go's durations", () => {
  test.each([
    [0, "0s"],
    [1.5 * MILLISECOND, "1.5ms"],
    [250, "250µs"],
    [10 * SECOND, "10s"],
    [80 * SECOND, "1m20s"],
    [5 * MINUTE, "5m0s"],
    [HOUR + 30 * SECOND, "1h0m30s"],
    [1.234 * SECOND, "1.234s"],
  ])("%d µs print as %s and read back", (span, text) => {
    expect(goDuration(span)).toBe(text);
    expect(parseGoDuration(text)).toBe(span);
  });

  test("bad ones", () => {
    for (const text of ["", "5", "5x", "s", "1h-5m"]) expect(parseGoDuration(text)).toBeUndefined();
  });
});

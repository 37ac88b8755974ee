import { describe, expect, test } from "vitest";
import { fromCalendar, rfc3339 } from "../../../kernel/index.ts";
import { parseSchedule, scheduleIn } from "./schedule.ts";

const FROM = fromCalendar(2026, 11, 21, 10); // a Saturday

function times(text: string, count: number, zone?: string): string[] {
  const schedule = scheduleIn(text, zone);
  if ("error" in schedule) throw new Error(schedule.error);
  const found: string[] = [];
  let at: number | undefined = FROM;
  while (found.length < count && at !== undefined) if ((at = schedule.next(at)) !== undefined) found.push(rfc3339(at));
  return found;
}

describe("the next times of", () => {
  test.each([
    ["* * * * *", ["2026-11-21T10:01:00Z", "2026-11-21T10:02:00Z"]],
    ["*/20 * * * *", ["2026-11-21T10:20:00Z", "2026-11-21T10:40:00Z", "2026-11-21T11:00:00Z"]],
    ["30 6-16/4 * * 1-5", ["2026-11-23T06:30:00Z", "2026-11-23T10:30:00Z", "2026-11-23T14:30:00Z"]],
    ["0 0 13 * 5", ["2026-11-27T00:00:00Z", "2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z", "2026-12-13T00:00:00Z"]],
    ["0 0 29 FEB *", ["2028-02-29T00:00:00Z"]],
    ["@hourly", ["2026-11-21T11:00:00Z"]],
    ["@weekly", ["2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"]],
    ["@every 90s", ["2026-11-21T10:01:30Z", "2026-11-21T10:03:00Z"]],
    ["5/15 * ? * *", ["2026-11-21T10:05:00Z", "2026-11-21T10:20:00Z"]],
    ["59 23 31 2 *", []],
  ])("%s", (text, expected) => {
    expect(times(text, Math.max(1, expected.length))).toEqual(expected);
  });

  test("a place whose clock is put forward: the hour that is left out has none", () => {
    const found = times("30 2 * 3 *", 29, "Europe/Berlin");
    expect(found.slice(27)).toEqual(["2027-03-29T00:30:00Z", "2027-03-30T00:30:00Z"]);
    expect(found[26]).toBe("2027-03-27T01:30:00Z");
  });
});

describe("what is no schedule:", () => {
  test.each([
    ["", "empty spec string"],
    ["* * * * * *", "expected exactly 5 fields, found 6: [* * * * * *]"],
    ["a * * * *", 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
    ["* * * * 7", "end of range (7) above maximum (6): 7"],
    ["5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
    ["*/2/3 * * * *", "too many slashes: */2/3"],
    ["@fortnightly", "unrecognized descriptor: @fortnightly"],
    ["TZ=Nowhere * * * * *", "provided bad location Nowhere: unknown time zone Nowhere"],
  ])("%s", (text, why) => {
    expect(parseSchedule(text)).toEqual({ error: why });
  });
});

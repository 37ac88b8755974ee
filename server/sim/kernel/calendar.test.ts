import { expect, test } from "vitest";
import { calendar, fromCalendar, parseRfc3339, rfc3339, rfc3339Micro } from "./calendar.ts";

test("times are written and read as RFC 3339", () => {
  const time = fromCalendar(2026, 11, 21, 10) + 123_456;
  expect(rfc3339(time)).toBe("2026-11-21T10:00:00Z");
  expect(rfc3339Micro(time)).toBe("2026-11-21T10:00:00.123456Z");
  expect(parseRfc3339("2026-11-21T10:00:00.123456Z")).toBe(time);
  expect(parseRfc3339("2026-11-21T12:00:00.1234567+02:00")).toBe(time);
  expect(parseRfc3339("2026-02-30T10:00:00Z")).toBeUndefined();
  expect(parseRfc3339("2026-11-21")).toBeUndefined();
});

test("a time is taken apart in UTC", () => {
  expect(calendar(fromCalendar(2026, 11, 21, 10, 2, 3) + 5)).toEqual({
    year: 2026,
    month: 11,
    day: 21,
    hour: 10,
    minute: 2,
    second: 3,
    micros: 5,
    weekday: 6,
    yearday: 325,
  });
});

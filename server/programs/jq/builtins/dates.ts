import { calendar, fromCalendar, MONTHS, SECOND, WEEKDAYS, type Time } from "../../../sim/kernel/index.ts";
import { strftime, UTC, zoneOf } from "../../gnu/strftime.ts";
import { JqError } from "../errors.ts";
import { single } from "../filter.ts";
import type { Machine } from "../machine.ts";
import { isArray, numberOf, type Value } from "../value.ts";
import { native, type Builtin, type Builtins } from "./builtin.ts";

/** "Broken down time": year, month from 0, day, hour, minute, seconds with fraction, weekday, day of the year from 0. */
function brokenDown(seconds: number, offset = 0): Value {
  const at = calendar(Math.floor(seconds + offset) * SECOND);
  const fraction = seconds - Math.floor(seconds);
  return [at.year, at.month - 1, at.day, at.hour, at.minute, at.second + fraction, at.weekday, at.yearday - 1];
}

/** The time of a broken down time or of seconds. */
function timeOf(input: Value, name: string): Time {
  const seconds = numberOf(input);
  if (seconds !== undefined) return Math.floor(seconds) * SECOND;
  const parts = isArray(input) ? input.map(numberOf) : [];
  if (parts.length < 6 || parts.slice(0, 6).includes(undefined))
    throw new JqError(`${name} requires parsed datetime inputs`);
  const [year, month, day, hour, minute, second] = parts as number[];
  return fromCalendar(year!, month! + 1, day!, hour, minute, Math.floor(second!));
}

function mktime(input: Value): number {
  if (!isArray(input)) throw new JqError("mktime requires array inputs");
  return timeOf(input, "mktime") / SECOND;
}

function withFormat(name: string, local: boolean): Builtin {
  return ([given], machine) => {
    const zone = local ? zoneOf(zoneName(machine)) : UTC;
    const write = native((input, text) => {
      const time = timeOf(input, `${name}/1`);
      if (typeof text !== "string") throw new JqError(`${name}/1 requires a string format`);
      // A broken down time is local already.
      return strftime(text, isArray(input) ? time - zone.offset * SECOND : time, zone);
    });
    return write([given!], machine);
  };
}

function zoneName({ environment }: Machine): string | undefined {
  const name = environment.get("TZ");
  return typeof name === "string" ? name : undefined;
}

const ISO = "%Y-%m-%dT%H:%M:%SZ";

type Parts = { year: number; month: number; day: number; hour: number; minute: number; second: number };

type Reader = readonly [pattern: string, apply: (parts: Parts, text: string) => void];

const NUMBER_2 = "\\s*(\\d{1,2})";

const monthOf = (text: string) =>
  MONTHS.findIndex((month) => month.toLowerCase().startsWith(text.slice(0, 3).toLowerCase()));

/** What strptime(3) reads for each letter. */
const READERS: Readonly<Record<string, Reader>> = {
  Y: ["\\s*(\\d{1,4})", (parts, text) => void (parts.year = Number(text))],
  y: [NUMBER_2, (parts, text) => void (parts.year = Number(text) + (Number(text) < 69 ? 2000 : 1900))],
  m: [NUMBER_2, (parts, text) => void (parts.month = Number(text) - 1)],
  b: [
    `(${MONTHS.map((month) => `${month}|${month.slice(0, 3)}`).join("|")})`,
    (parts, text) => void (parts.month = monthOf(text)),
  ],
  d: [NUMBER_2, (parts, text) => void (parts.day = Number(text))],
  H: [NUMBER_2, (parts, text) => void (parts.hour = Number(text))],
  I: [NUMBER_2, (parts, text) => void (parts.hour = (Number(text) % 12) + (parts.hour >= 12 ? 12 : 0))],
  p: ["(AM|PM)", (parts, text) => void (parts.hour = (parts.hour % 12) + (/p/i.test(text) ? 12 : 0))],
  M: [NUMBER_2, (parts, text) => void (parts.minute = Number(text))],
  S: [NUMBER_2, (parts, text) => void (parts.second = Number(text))],
  j: ["\\s*(\\d{1,3})", (parts, text) => void Object.assign(parts, { month: 0, day: Number(text) })],
  a: [`(${WEEKDAYS.map((day) => `${day}|${day.slice(0, 3)}`).join("|")})`, () => {}],
  Z: ["([A-Za-z]+)", () => {}],
  z: ["(Z|[+-]\\d\\d:?\\d\\d)", () => {}],
  n: ["(\\s*)", () => {}],
};

const SAME_AS: Readonly<Record<string, string>> = { B: "b", h: "b", e: "d", k: "H", l: "I", A: "a", t: "n" };
const SHORTHANDS: Readonly<Record<string, string>> = { T: "%H:%M:%S", R: "%H:%M", D: "%m/%d/%y", F: "%Y-%m-%d" };

function strptime(input: Value, format: Value): Value {
  if (typeof input !== "string" || typeof format !== "string")
    throw new JqError("strptime/1 requires string inputs and arguments");
  const readers: Reader[] = [];
  const long = format.replace(/%([TRDF])/g, (_, letter: string) => SHORTHANDS[letter]!);
  const pattern = long.replace(/%([A-Za-z%])|\s+|[^\s%]/g, (text, letter?: string) => {
    if (letter === "%") return "%";
    if (letter === undefined) return text.trim() === "" ? "\\s*" : text.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    const reader = READERS[SAME_AS[letter] ?? letter];
    if (!reader) throw new JqError(`drydock: jq: strptime's '%${letter}' is not simulated`);
    readers.push(reader);
    return reader[0];
  });
  const found = new RegExp(`^${pattern}$`, "i").exec(input);
  if (!found) throw new JqError(`date "${input}" does not match format "${format}"`);
  const parts: Parts = { year: 1900, month: 0, day: 1, hour: 0, minute: 0, second: 0 };
  for (const [at, [, apply]] of readers.entries()) apply(parts, found[at + 1]!);
  const { year, month, day, hour, minute, second } = parts;
  return brokenDown(fromCalendar(year, month + 1, day, hour, minute, second) / SECOND);
}

function seconds(input: Value, name: string): number {
  const number = numberOf(input);
  if (number === undefined) throw new JqError(`${name}() requires a number`);
  return number;
}

const fromDate: Builtin = native((input) => mktime(strptime(input, ISO)));
const toDate: Builtin = native((input) => strftime(ISO, timeOf(input, "strftime/1"), UTC));

/** Dates and times. */
export const DATES: Builtins = {
  "gmtime/0": native((input) => brokenDown(seconds(input, "gmtime"))),
  "localtime/0": (_, machine) =>
    single((__, input) => brokenDown(seconds(input, "localtime"), zoneOf(zoneName(machine)).offset)),
  "mktime/0": native(mktime),
  "strftime/1": withFormat("strftime", false),
  "strflocaltime/1": withFormat("strflocaltime", true),
  "strptime/1": native((input, format) => strptime(input, format)),
  "fromdate/0": fromDate,
  "fromdateiso8601/0": fromDate,
  "todate/0": toDate,
  "todateiso8601/0": toDate,
  "date/0": toDate,
  "dateadd/2": native((input, _, by) => seconds(input, "dateadd") + seconds(by, "dateadd")),
  "datesub/2": native((input, _, by) => seconds(input, "datesub") - seconds(by, "datesub")),
};

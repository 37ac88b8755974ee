import {
  calendar,
  DAY,
  fromCalendar,
  HOUR,
  MINUTE,
  MONTHS,
  SECOND,
  WEEKDAYS,
  type Time,
} from "../../sim/kernel/index.ts";
import { UTC, type Zone } from "./strftime.ts";

const UNITS: Readonly<Record<string, number>> = {
  sec: SECOND, second: SECOND, min: MINUTE, minute: MINUTE, hour: HOUR, day: DAY, week: 7 * DAY, fortnight: 14 * DAY,
}; // prettier-ignore
const ORDINALS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1, first: 1, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12 }; // prettier-ignore
const ZONES: Readonly<Record<string, number>> = { utc: 0, gmt: 0, z: 0, ut: 0, wet: 0, cet: 3600, cest: 7200, est: -18000, edt: -14400, cst: -21600, cdt: -18000, mst: -25200, mdt: -21600, pst: -28800, pdt: -25200 }; // prettier-ignore

interface Parts {
  date?: { year: number; month: number; day: number };
  /** The date named no year: a number behind the time of day is one. */
  yearOpen?: boolean;
  clock?: { hour: number; minute: number; second: number; micros: number };
  zone?: number;
  weekday?: { day: number; ordinal: number };
  /** Months and microseconds to go. */
  months: number;
  span: number;
}

/**
 * Reads a date as GNU's parse_datetime does (gnulib lib/parse-datetime.y): calendar dates, times of day, zones, weekdays and
 * relative items in any order. Undefined if it cannot be read.
 */
export function parseDateText(text: string, now: Time, zone: Zone = UTC): Time | undefined {
  const parts: Parts = { months: 0, span: 0 };
  let rest = text
    .trim()
    .toLowerCase()
    .replace(/\([^)]*\)/g, "");
  if (rest.startsWith("@")) {
    const match = /^@\s*(-?\d+)(?:[.,](\d+))?$/.exec(rest);
    return match ? Number(match[1]) * SECOND + Number((match[2] ?? "").padEnd(6, "0").slice(0, 6)) : undefined;
  }
  while (rest !== "") {
    const taken = item(rest, parts, now, zone);
    if (taken === undefined || taken === 0) return undefined;
    rest = rest.slice(taken).replace(/^[\s,]+/, "");
  }
  return resolve(parts, now, zone);
}

type Reader = (match: RegExpExecArray, parts: Parts, now: Time, zone: Zone) => boolean | void;

const ITEMS: readonly (readonly [RegExp, Reader])[] = [
  [
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?=$|[\st,]|t\d)t?/,
    ([, year, month, day], parts) => setDate(parts, Number(year), Number(month), Number(day)),
  ],
  [
    /^(\d{1,2})\/(\d{1,2})\/(\d{4}|\d\d)\b/,
    ([, month, day, year], parts) => setDate(parts, fullYear(year!), Number(month), Number(day)),
  ],
  [
    /^(\d{4})\/(\d{1,2})\/(\d{1,2})\b/,
    ([, year, month, day], parts) => setDate(parts, Number(year), Number(month), Number(day)),
  ],
  [
    /^(\d{1,2})[\s-]*(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?(?:[\s,-]+(\d{4}))?(?![:\d])/,
    ([, day, month, year], parts, now, zone) => setNamed(parts, year, monthOf(month!), Number(day), now, zone),
  ],
  [
    /^(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:(?:st|nd|rd|th)\b)?(?:\s*,?\s*(\d{4}))?(?![:\d])/,
    ([, month, day, year], parts, now, zone) => setNamed(parts, year, monthOf(month!), Number(day), now, zone),
  ],
  [
    /^t?(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(am|pm|a\.m\.|p\.m\.)?(?:\s*([-+])(\d{1,2})(?::?(\d\d))?)?(?![\d:])/,
    ([, hour, minute, second, fraction, half, sign, zoneHours, zoneMinutes], parts) => {
      if (sign !== undefined)
        parts.zone = (sign === "-" ? -1 : 1) * (Number(zoneHours) * 3600 + Number(zoneMinutes ?? 0) * 60);
      return setClock(parts, Number(hour), Number(minute), Number(second ?? 0), fraction ?? "", half);
    },
  ],
  [
    /^(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.)(?![a-z])/,
    ([, hour, half], parts) => setClock(parts, Number(hour), 0, 0, "", half),
  ],
  [
    /^(?:([-+]?\d+)|(last|this|next|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth))?\s*(year|month|fortnight|week|day|hour|minute|min|second|sec)s?\b(?:\s+(ago))?/,
    ([, number, word, unit, ago], parts) => {
      const count =
        (number === undefined ? (word === undefined ? 1 : ORDINALS[word]!) : Number(number)) * (ago ? -1 : 1);
      if (unit === "year") parts.months += 12 * count;
      else if (unit === "month") parts.months += count;
      else parts.span += count * UNITS[unit!]!;
    },
  ],
  [
    /^(?:(last|this|next|first|third|fourth|fifth)\s+)?(sunday|sun|monday|mon|tuesday|tues?|wednesday|wednes|wed|thursday|thurs?|thu|friday|fri|saturday|sat)\b\.?/,
    ([, ordinal, name], parts) => {
      parts.weekday = {
        day: WEEKDAYS.findIndex((day) => day.toLowerCase().startsWith(name!.slice(0, 3))),
        ordinal: ordinal === undefined ? 0 : ORDINALS[ordinal]!,
      };
    },
  ],
  [/^(?:now|today)\b/, () => {}],
  [
    /^(\d{4})(?=$|\s)/,
    ([, digits], parts) => {
      if (!parts.yearOpen || !parts.clock || !parts.date)
        return setClock(parts, Number(digits!.slice(0, 2)), Number(digits!.slice(2)), 0, "", undefined);
      parts.date = { ...parts.date, year: Number(digits) };
      parts.yearOpen = false;
    },
  ],
  [/^yesterday\b/, (_, parts) => void (parts.span -= DAY)],
  [/^tomorrow\b/, (_, parts) => void (parts.span += DAY)],
  [
    /^(utc|gmt|ut|z|wet|cest|cet|est|edt|cst|cdt|mst|mdt|pst|pdt)\b(?:([-+])(\d{1,2})(?::?(\d\d))?)?/,
    ([, name, sign, hours, minutes], parts) => {
      const extra =
        sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes ?? 0) * 60);
      parts.zone = ZONES[name!]! + extra;
    },
  ],
  // Military zones: A to M are east of UTC, N to Y west.
  [
    /^([a-ik-y])(?=$|\s)/,
    ([, letter], parts) => {
      const east = "abcdefghiklm".indexOf(letter!);
      parts.zone = 3600 * (east >= 0 ? east + 1 : -("nopqrstuvwxy".indexOf(letter!) + 1));
    },
  ],
  [
    /^(\d{4})(\d\d)(\d\d)(?=$|\s)/,
    ([, year, month, day], parts) => setDate(parts, Number(year), Number(month), Number(day)),
  ],
  [/^(\d)(\d\d)(?=$|\s)/, ([, hour, minute], parts) => setClock(parts, Number(hour), Number(minute), 0, "", undefined)],
  [/^(\d{1,2})(?=$|\s)/, ([, hour], parts) => setClock(parts, Number(hour), 0, 0, "", undefined)],
];

/** Reads one item; how many characters it took. */
function item(rest: string, parts: Parts, now: Time, zone: Zone): number | undefined {
  for (const [pattern, read] of ITEMS) {
    const match = pattern.exec(rest);
    if (match && match[0] !== "") return read(match, parts, now, zone) === false ? undefined : match[0].length;
  }
  return undefined;
}

function setDate(parts: Parts, year: number, month: number, day: number): boolean {
  if (parts.date || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false;
  parts.date = { year, month, day };
  return true;
}

function setNamed(parts: Parts, year: string | undefined, month: number, day: number, now: Time, zone: Zone): boolean {
  parts.yearOpen = year === undefined;
  return setDate(parts, year === undefined ? calendar(now + zone.offset * SECOND).year : Number(year), month, day);
}

function setClock(
  parts: Parts,
  given: number,
  minute: number,
  second: number,
  fraction: string,
  half: string | undefined,
): boolean {
  let hour = given;
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return false;
    hour = (hour % 12) + (half.startsWith("p") ? 12 : 0);
  }
  if (parts.clock || hour > 24 || minute > 59 || second > 60) return false;
  parts.clock = { hour, minute, second, micros: Number(fraction.padEnd(6, "0").slice(0, 6)) };
  return true;
}

function daysIn(year: number, month: number): number {
  return calendar(fromCalendar(year, month + 1, 0)).day;
}

function fullYear(text: string): number {
  const year = Number(text);
  return text.length > 2 ? year : year < 69 ? 2000 + year : 1900 + year;
}

function monthOf(name: string): number {
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.slice(0, 3))) + 1;
}

function resolve(parts: Parts, now: Time, zone: Zone): Time {
  const offset = (parts.zone ?? zone.offset) * SECOND;
  const here = calendar(now + offset);
  const { year, month, day } = parts.date ?? here;
  const dated = parts.date !== undefined || parts.weekday !== undefined;
  const clock = parts.clock ?? (dated ? { hour: 0, minute: 0, second: 0, micros: 0 } : here);
  let time = fromCalendar(year, month + parts.months, day, clock.hour, clock.minute, clock.second) + clock.micros;
  if (parts.weekday && !parts.date) {
    const ahead = (parts.weekday.day - calendar(time).weekday + 7) % 7;
    const { ordinal } = parts.weekday;
    const weeks = ordinal - (ordinal > 0 && ahead !== 0 ? 1 : 0);
    time += (ahead + 7 * weeks) * DAY;
  }
  return time + parts.span - offset;
}

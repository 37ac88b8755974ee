import { MILLISECOND, SECOND, type Time } from "./time.ts";

/** A point of time taken apart in UTC. `month` is 1 to 12, `weekday` 0 (Sunday) to 6, `yearday` 1 to 366. */
export interface Calendar {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
  readonly weekday: number;
  readonly yearday: number;
}

export const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
] as const; // prettier-ignore

export function calendar(time: Time): Calendar {
  const date = new Date(Math.floor(time / MILLISECOND));
  const startOfYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    micros: ((time % SECOND) + SECOND) % SECOND,
    weekday: date.getUTCDay(),
    yearday: Math.floor((date.getTime() - startOfYear) / 86_400_000) + 1,
  };
}

/** The time of a UTC date; parts may overflow, as in `mktime(3)`. */
export function fromCalendar(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): Time {
  return Date.UTC(year, month - 1, day, hour, minute, second) * MILLISECOND;
}

/** `2026-11-21T10:00:00Z`: RFC 3339 in whole seconds, as Kubernetes writes metav1.Time. */
export function rfc3339(time: Time): string {
  const second = Math.floor(time / SECOND);
  if (second !== written.second) {
    written.text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
    written.second = second;
  }
  return written.text;
}

/** What happens at one time writes that time again and again. */
const written = { second: NaN, text: "" };

/** `2026-11-21T10:00:00.123456Z`: RFC 3339 in microseconds, as Kubernetes writes metav1.MicroTime. */
export function rfc3339Micro(time: Time): string {
  return `${rfc3339(time).slice(0, 19)}.${pad(((time % SECOND) + SECOND) % SECOND, 6)}Z`;
}

/** Reads RFC 3339 with `Z` or an offset and any number of fraction digits; undefined if it is not that. */
export function parseRfc3339(text: string): Time | undefined {
  let time = read.get(text);
  if (time !== undefined) return time;
  time = readRfc3339(text);
  if (time === undefined) return undefined;
  if (read.size >= READ) read.clear();
  read.set(text, time);
  return time;
}

/** Times that were read lately: those of an object are read with every write to it. */
const read = new Map<string, Time>();
const READ = 1024;

function readRfc3339(text: string): Time | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const micros = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const zone = match[8]!;
  const offset = /[Zz]/.test(zone)
    ? 0
    : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
  const time = fromCalendar(year, month, day, hour, minute - offset, second);
  const parts = calendar(time + offset * 60 * SECOND);
  if (parts.month !== month || parts.day !== day || hour > 23 || minute > 59 || second > 60) return undefined;
  return time + micros;
}

export function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

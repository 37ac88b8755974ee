import { DAY, HOUR, MILLISECOND, MINUTE, SECOND, type Duration, type Time } from "../../sim/kernel/index.ts";
import { strftime } from "../gnu/strftime.ts";

const MONTH = 2_629_800 * SECOND;
const YEAR = 31_557_600 * SECOND;
const WEEK = 7 * DAY;

/** `Sat 2026-11-21 09:03:11 UTC` */
export function formatTimestamp(time: Time): string {
  return strftime("%a %Y-%m-%d %H:%M:%S %Z", time);
}

/** `56min ago`, `2 days ago` (systemd src/basic/time-util.c format_timestamp_relative). */
export function formatRelative(time: Time, now: Time): string {
  const span = Math.abs(now - time);
  const end = time > now ? "left" : "ago";
  const count = (unit: Duration): number => Math.floor(span / unit);
  const words = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
  if (span >= YEAR) {
    const months = Math.floor((span % YEAR) / MONTH);
    return `${words(count(YEAR), "year")}${months > 0 ? ` ${words(months, "month")}` : ""} ${end}`;
  }
  if (span >= MONTH) {
    const days = Math.floor((span % MONTH) / DAY);
    return `${words(count(MONTH), "month")}${days > 0 ? ` ${words(days, "day")}` : ""} ${end}`;
  }
  if (span >= WEEK) {
    const days = Math.floor((span % WEEK) / DAY);
    return `${words(count(WEEK), "week")}${days > 0 ? ` ${words(days, "day")}` : ""} ${end}`;
  }
  if (span >= 2 * DAY) return `${count(DAY)} days ${end}`;
  if (span >= 25 * HOUR) return `1 day ${Math.floor((span - DAY) / HOUR)}h ${end}`;
  if (span >= 6 * HOUR) return `${count(HOUR)}h ${end}`;
  if (span >= HOUR) return `${count(HOUR)}h ${Math.floor((span % HOUR) / MINUTE)}min ${end}`;
  if (span >= 5 * MINUTE) return `${count(MINUTE)}min ${end}`;
  if (span >= MINUTE) return `${count(MINUTE)}min ${Math.floor((span % MINUTE) / SECOND)}s ${end}`;
  if (span >= SECOND) return `${count(SECOND)}s ${end}`;
  if (span >= MILLISECOND) return `${count(MILLISECOND)}ms ${end}`;
  return span > 0 ? `${span}us ${end}` : "now";
}

/** `1h 2min 3.456s`, `23ms` (format_timespan with an accuracy of milliseconds). */
export function formatSpan(span: Duration): string {
  if (span < MILLISECOND) return span === 0 ? "0" : `${span}us`;
  let rest = Math.floor(span / MILLISECOND) * MILLISECOND;
  const parts: string[] = [];
  for (const [unit, word] of [
    [YEAR, "y"],
    [MONTH, "month"],
    [WEEK, "w"],
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
  ] as const) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) parts.push(`${count}${word}`);
  }
  if (rest >= SECOND) parts.push(`${(rest / SECOND).toFixed(3).replace(/\.?0+$/, "")}s`);
  else if (rest > 0) parts.push(`${rest / MILLISECOND}ms`);
  return parts.join(" ");
}

/** `73.7M` (format_bytes). */
export function formatBytes(bytes: number): string {
  const units = ["B", "K", "M", "G", "T"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value}B` : `${(Math.floor(value * 10) / 10).toFixed(1)}${units[unit]!}`;
}

import { calendar, DAY, fromCalendar, HOUR, MILLISECOND, MINUTE, SECOND, type Time } from "../../sim/kernel/index.ts";

const UNITS: Readonly<Record<string, number>> = {
  us: 1, usec: 1, ms: MILLISECOND, msec: MILLISECOND, s: SECOND, sec: SECOND, second: SECOND, seconds: SECOND, m: MINUTE,
  min: MINUTE, minute: MINUTE, minutes: MINUTE, h: HOUR, hr: HOUR, hour: HOUR, hours: HOUR, d: DAY, day: DAY, days: DAY,
  w: 7 * DAY, week: 7 * DAY, weeks: 7 * DAY, M: 2_629_800 * SECOND, month: 2_629_800 * SECOND, months: 2_629_800 * SECOND,
  y: 31_557_600 * SECOND, year: 31_557_600 * SECOND, years: 31_557_600 * SECOND,
}; // prettier-ignore

/** A point of time as --since takes it (systemd.time(7)): a date, a time of day, `yesterday`, `10 min ago`, `-1h`, `@unix`. */
export function parseTimestamp(given: string, now: Time): Time | undefined {
  const text = given.trim();
  const { year, month, day } = calendar(now);
  const midnight = fromCalendar(year, month, day);
  if (text === "now") return now;
  if (text === "today") return midnight;
  if (text === "yesterday") return midnight - DAY;
  if (text === "tomorrow") return midnight + DAY;
  if (/^@\d+(\.\d+)?$/.test(text)) return Math.round(Number(text.slice(1)) * SECOND);
  const ago = /^(.*) ago$/.exec(text);
  if (ago) return shifted(now, ago[1]!, -1);
  if (/^[-+]/.test(text)) return shifted(now, text.slice(1), text.startsWith("-") ? -1 : 1);
  const match =
    /^(?:[A-Z][a-z]{2} )?(?:(\d{2,4})-(\d{1,2})-(\d{1,2}))?(?:(?:^| |T)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(?: UTC| Z|Z)?$/.exec(
      text,
    );
  if (!match || text === "") return undefined;
  const [, y, m, d, hour, minute, second, micros] = match;
  const date =
    y === undefined ? midnight : fromCalendar(y.length === 2 ? 2000 + Number(y) : Number(y), Number(m), Number(d));
  return (
    date +
    Number(hour ?? 0) * HOUR +
    Number(minute ?? 0) * MINUTE +
    Number(second ?? 0) * SECOND +
    Number((micros ?? "").padEnd(6, "0"))
  );
}

function shifted(now: Time, span: string, sign: 1 | -1): Time | undefined {
  let total = 0;
  let rest = span.replaceAll(" ", "");
  if (rest === "") return undefined;
  while (rest !== "") {
    const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)/.exec(rest);
    if (!match) return undefined;
    const unit = UNITS[match[2]!] ?? UNITS[match[2]!.toLowerCase()] ?? (match[2] === "" ? SECOND : undefined);
    if (unit === undefined) return undefined;
    total += Number(match[1]) * unit;
    rest = rest.slice(match[0].length);
  }
  return now + sign * Math.round(total);
}

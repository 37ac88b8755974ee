import { fromCalendar, MILLISECOND, MINUTE, SECOND, type Duration, type Time } from "../../../kernel/index.ts";

const formats = new Map<string, Intl.DateTimeFormat>();

/** A place's clock beside UTC, as the tz database knows it. */
export interface TimeZone {
  /** How far it is ahead of UTC at a point of time. */
  offset(time: Time): Duration;
}

export const UTC: TimeZone = { offset: () => 0 };

/** The zone of an IANA name (time.LoadLocation: "" is UTC); undefined if there is none of it. Go minds the case. */
export function timeZone(name: string): TimeZone | undefined {
  if (name === "" || name === "UTC") return UTC;
  const format = formatOf(name);
  return format && { offset: (time) => offsetIn(format, time) };
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(name);
  if (known) return known;
  if (!/^[A-Z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return undefined;
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(name, format);
    return format;
  } catch {
    return undefined;
  }
}

function offsetIn(format: Intl.DateTimeFormat, time: Time): Duration {
  const instant = Math.floor(time / SECOND) * SECOND;
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant / MILLISECOND)) parts[type] = Number(value);
  const { year, month, day, hour, minute, second } = parts;
  return fromCalendar(year!, month!, day!, hour, minute, second) - instant;
}

/** `+02:00`, and `Z` for none: how RFC 3339 says it. */
export function offsetText(offset: Duration): string {
  if (offset === 0) return "Z";
  const minutes = Math.abs(Math.trunc(offset / MINUTE));
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

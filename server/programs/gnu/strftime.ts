import { calendar, MONTHS, pad, SECOND, WEEKDAYS, type Time } from "../../sim/kernel/index.ts";

/** A time zone with a fixed offset; daylight saving is not simulated. */
export interface Zone {
  readonly name: string;
  /** East of UTC, in seconds. */
  readonly offset: number;
}

export const UTC: Zone = { name: "UTC", offset: 0 };

/** What TZ says: a POSIX zone such as `EST5` or `<+03>-3`; all else is UTC, as without a zone database. */
export function zoneOf(tz: string | undefined): Zone {
  const match = /^:?([A-Za-z]{3,}|<[A-Za-z0-9+-]+>)([-+]?)(\d{1,2})(?::?(\d\d))?$/.exec(tz ?? "");
  if (!match) return UTC;
  const seconds = Number(match[3]) * 3600 + Number(match[4] ?? 0) * 60;
  return { name: match[1]!.replace(/[<>]/g, ""), offset: match[2] === "-" ? seconds : -seconds };
}

/** As strftime(3) in the C locale, with GNU date's flags `-_0^#`, widths and `%N`. */
export function strftime(format: string, time: Time, zone: Zone = UTC): string {
  return format.replace(
    /%([-_0^#+]*)(\d*)([EO]?)(:{0,3}z|[a-zA-Z%])/g,
    (whole, flags: string, width: string, _, letter: string) => {
      const field = fieldOf(letter, time, zone);
      if (field === undefined) return whole;
      let { text } = field;
      if (flags.includes("^")) text = text.toUpperCase();
      if (flags.includes("#")) text = letter === "Z" || letter === "p" ? text.toLowerCase() : text.toUpperCase();
      const padding = flags.includes("-") ? "" : flags.includes("_") ? " " : flags.includes("0") ? "0" : field.pad;
      if (letter === "N") return nanoseconds(text, flags, width);
      const digits = field.width === 0 ? text : text.replace(/^[0 ]+(?=.)/, field.width > 1 ? "" : "$&");
      const bare = field.width > 1 ? digits : text;
      if (padding === "" && width === "") return bare;
      const wanted = width === "" ? field.width : Number(width);
      return bare.padStart(wanted, padding || " ");
    },
  );
}

function nanoseconds(text: string, flags: string, width: string): string {
  return width === "" || flags.includes("-") ? text : text.slice(0, Number(width)).padEnd(Number(width), "0");
}

interface Field {
  readonly text: string;
  /** How many digits it has by default, filled up with `pad`. */
  readonly width: number;
  readonly pad: "0" | " ";
}

function fieldOf(letter: string, time: Time, zone: Zone): Field | undefined {
  const at = calendar(time + zone.offset * SECOND);
  const number = (value: number, width = 2, padding: "0" | " " = "0"): Field => ({
    text: String(value).padStart(width, padding),
    width,
    pad: padding,
  });
  const text = (value: string): Field => ({ text: value, width: 0, pad: " " });
  const all = (format: string): Field => text(strftime(format, time, zone));
  switch (letter) {
    case "%":
      return text("%");
    case "a":
      return text(WEEKDAYS[at.weekday]!.slice(0, 3));
    case "A":
      return text(WEEKDAYS[at.weekday]!);
    case "b":
    case "h":
      return text(MONTHS[at.month - 1]!.slice(0, 3));
    case "B":
      return text(MONTHS[at.month - 1]!);
    case "c":
      return all("%a %b %e %H:%M:%S %Y");
    case "C":
      return number(Math.floor(at.year / 100));
    case "d":
      return number(at.day);
    case "D":
    case "x":
      return all("%m/%d/%y");
    case "e":
      return number(at.day, 2, " ");
    case "F":
      return all("%Y-%m-%d");
    case "g":
      return number(isoWeek(time + zone.offset * SECOND).year % 100);
    case "G":
      return number(isoWeek(time + zone.offset * SECOND).year, 4);
    case "H":
      return number(at.hour);
    case "I":
      return number(at.hour % 12 || 12);
    case "j":
      return number(at.yearday, 3);
    case "k":
      return number(at.hour, 2, " ");
    case "l":
      return number(at.hour % 12 || 12, 2, " ");
    case "m":
      return number(at.month);
    case "M":
      return number(at.minute);
    case "n":
      return text("\n");
    case "N":
      return { text: `${pad(at.micros, 6)}000`, width: 9, pad: "0" };
    case "p":
      return text(at.hour < 12 ? "AM" : "PM");
    case "P":
      return text(at.hour < 12 ? "am" : "pm");
    case "q":
      return number(Math.ceil(at.month / 3), 1);
    case "r":
      return all("%I:%M:%S %p");
    case "R":
      return all("%H:%M");
    case "s":
      return number(Math.floor(time / SECOND), 1);
    case "S":
      return number(at.second);
    case "t":
      return text("\t");
    case "T":
    case "X":
      return all("%H:%M:%S");
    case "u":
      return number(at.weekday || 7, 1);
    case "U":
      return number(Math.floor((at.yearday + 6 - at.weekday) / 7));
    case "V":
      return number(isoWeek(time + zone.offset * SECOND).week);
    case "w":
      return number(at.weekday, 1);
    case "W":
      return number(Math.floor((at.yearday + 6 - ((at.weekday + 6) % 7)) / 7));
    case "y":
      return number(at.year % 100);
    case "Y":
      return number(at.year, 4);
    case "z":
    case ":z":
    case "::z":
    case ":::z":
      return text(offsetText(zone.offset, letter.length - 1));
    case "Z":
      return text(zone.name);
    default:
      return undefined;
  }
}

function offsetText(offset: number, colons: number): string {
  const sign = offset < 0 ? "-" : "+";
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 3600), Math.floor((Math.abs(offset) % 3600) / 60)];
  if (colons === 0) return `${sign}${pad(hours, 2)}${pad(minutes, 2)}`;
  if (colons === 3 && minutes === 0) return `${sign}${pad(hours, 2)}`;
  return `${sign}${pad(hours, 2)}:${pad(minutes, 2)}${colons === 2 ? ":00" : ""}`;
}

/** The week that holds the year's first Thursday is week 1 (ISO 8601). */
function isoWeek(time: Time): { year: number; week: number } {
  const at = calendar(time);
  const weekday = at.weekday || 7;
  const thursday = calendar(time + (4 - weekday) * 86_400 * SECOND);
  return { year: thursday.year, week: Math.floor((thursday.yearday - 1) / 7) + 1 };
}

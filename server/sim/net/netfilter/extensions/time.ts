import { calendar, fromCalendar, pad, SECOND, WEEKDAYS, type Time } from "../../../kernel/index.ts";
import type { GivenOptions, MatchExtension } from "../extension.ts";
import { parameter, type Problem } from "../row.ts";

interface TimeOptions {
  /** Seconds of the day. */
  readonly start: number;
  readonly stop: number;
  /** 1 to 31. */
  readonly monthdays?: readonly number[];
  /** 1 (Monday) to 7. */
  readonly weekdays?: readonly number[];
  /** Seconds since 1970. */
  readonly from: number;
  readonly until: number;
  readonly kerneltz?: true;
  readonly contiguous?: true;
}

const DAY = 86_400;
const LAST = DAY - 1;
/** A date is a signed number of 32 bits. */
const FOREVER = 0x7fff_ffff;
const LINE_OF_WEEK = [1, 2, 3, 4, 5, 6, 7];

/** When a packet comes: by hour, day or date, in UTC (the kernel's time zone is UTC here as well). */
export const time: MatchExtension = {
  kind: "match",
  name: "time",
  options: {
    "--timestart": { key: "start", words: 1, read: ([text]) => readTime(text!) },
    "--timestop": { key: "stop", words: 1, read: ([text]) => readTime(text!) },
    "--datestart": { key: "from", words: 1, read: ([text]) => readDate(text!) },
    "--datestop": { key: "until", words: 1, read: ([text]) => readDate(text!) },
    "--monthdays": { key: "monthdays", words: 1, not: true, read: ([text]) => readMonthdays(text!) },
    "--weekdays": { key: "weekdays", words: 1, not: true, read: ([text]) => readWeekdays(text!) },
    "--utc": { key: "utc", words: 0, read: () => true },
    "--localtz": { key: "kerneltz", words: 0, read: () => true },
    "--kerneltz": { key: "kerneltz", words: 0, read: () => true },
    "--contiguous": { key: "contiguous", words: 0, read: () => true },
  },
  finish(given) {
    const month = Array.from({ length: 31 }, (_, at) => at + 1);
    return {
      start: given.get("start")?.value ?? 0,
      stop: given.get("stop")?.value ?? LAST,
      ...days(given, "monthdays", month),
      ...days(given, "weekdays", LINE_OF_WEEK),
      from: given.get("from")?.value ?? 0,
      until: given.get("until")?.value ?? FOREVER,
      ...(given.has("kerneltz") ? { kerneltz: true as const } : {}),
      ...(given.has("contiguous") ? { contiguous: true as const } : {}),
    };
  },
  save(options) {
    const { start, stop, monthdays, weekdays, from, until, kerneltz, contiguous } = options as unknown as TimeOptions;
    return [
      start === 0 && stop === LAST ? "" : ` --timestart ${clock(start)} --timestop ${clock(stop)}`,
      monthdays ? ` --monthdays ${monthdays.join(",")}` : "",
      weekdays ? ` --weekdays ${dayNames(weekdays)}` : "",
      from === 0 ? "" : ` --datestart ${date(from, "T")}`,
      ` --datestop ${date(until, "T")}`,
      kerneltz ? " --kerneltz" : "",
      contiguous ? " --contiguous" : "",
    ].join("");
  },
  list(options) {
    const { start, stop, monthdays, weekdays, from, until, kerneltz, contiguous } = options as unknown as TimeOptions;
    return [
      " TIME",
      start === 0 && stop === LAST ? "" : ` from ${clock(start)} to ${clock(stop)}`,
      weekdays ? ` on ${dayNames(weekdays)}` : "",
      monthdays ? ` on ${monthdays.map(ordinal).join(",")}` : "",
      from === 0 ? "" : ` starting from ${date(from, " ")}`,
      until === FOREVER ? "" : ` until date ${date(until, " ")}`,
      kerneltz ? "" : " UTC",
      contiguous ? " contiguous" : "",
    ].join("");
  },
  compile(options) {
    const wish = options as unknown as TimeOptions;
    return (_, { ns }) => fits(wish, ns.kernel.now);
  },
};

/** xt_time: hours that lead over midnight belong, with `--contiguous`, to the day on which they began. */
function fits({ start, stop, monthdays, weekdays, from, until, contiguous }: TimeOptions, now: Time): boolean {
  const stamp = Math.floor(now / SECOND);
  if (stamp < from || stamp > until) return false;
  const clockTime = stamp % DAY;
  let began = now;
  if (start < stop) {
    if (clockTime < start || clockTime > stop) return false;
  } else {
    if (clockTime < start && clockTime > stop) return false;
    if (contiguous && clockTime <= stop) began -= DAY * SECOND;
  }
  const { weekday, day } = calendar(began);
  if (weekdays && !weekdays.includes(weekday === 0 ? 7 : weekday)) return false;
  return !monthdays || monthdays.includes(day);
}

function days(given: GivenOptions, key: "monthdays" | "weekdays", all: readonly number[]): Partial<TimeOptions> {
  const wish = given.get(key);
  if (!wish) return {};
  const named = wish.value as readonly number[];
  const kept = all.filter((one) => named.includes(one) !== wish.not);
  return kept.length === all.length ? {} : { [key]: kept };
}

function readTime(text: string): number | Problem {
  const match = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text);
  const [hour, minute, second] = [match?.[1], match?.[2], match?.[3] ?? "0"].map(Number) as [number, number, number];
  if (match && hour < 24 && minute < 60 && second < 60) return hour * 3600 + minute * 60 + second;
  return parameter(`invalid time "${text}" specified, should be hh:mm[:ss] format and within the boundaries`);
}

function readDate(text: string): number | Problem {
  const match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:T(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?)?)?$/.exec(text);
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (match?.slice(1) ?? []).map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const fine =
    year !== undefined && year >= 1970 && year <= 2038 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60; // prettier-ignore
  if (!fine) return parameter(`Invalid date "${text}" specified. Should be YYYY[-MM[-DD[Thh[:mm[:ss]]]]]`);
  return Math.min(FOREVER, fromCalendar(year, month, day, hour, minute, second) / SECOND);
}

function readMonthdays(text: string): readonly number[] | Problem {
  const named = text.split(",");
  const wrong = named.find((word) => !/^\d+$/.test(word) || Number(word) < 1 || Number(word) > 31);
  return wrong === undefined ? named.map(Number) : parameter(`${wrong} is not a valid day for --monthdays`);
}

/** By number, or by as many letters as tell days apart. */
function readWeekdays(text: string): readonly number[] | Problem {
  const found: number[] = [];
  for (const word of text.split(",")) {
    const number = /^\d+$/.test(word) ? Number(word) : undefined;
    if (number !== undefined && (number < 1 || number > 7)) return parameter(`${number} is not within the range 1-7`);
    const named = LINE_OF_WEEK.find((one) => dayName(one).slice(0, 2).toLowerCase() === word.slice(0, 2).toLowerCase());
    const one = number ?? named;
    if (one === undefined) return parameter(`${word} is not a valid day specifier`);
    found.push(one);
  }
  return found;
}

function dayName(number: number): string {
  return WEEKDAYS[number % 7]!.slice(0, 3);
}

function dayNames(numbers: readonly number[]): string {
  return numbers.map(dayName).join(",");
}

function ordinal(number: number): string {
  const unit = Math.floor(number / 10) === 1 ? 0 : number % 10;
  return `${number}${{ 1: "st", 2: "nd", 3: "rd" }[unit] ?? "th"}`;
}

function clock(seconds: number): string {
  return `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
}

function date(seconds: number, between: string): string {
  const { year, month, day } = calendar(seconds * SECOND);
  return `${year}-${pad(month, 2)}-${pad(day, 2)}${between}${clock(seconds % DAY)}`;
}

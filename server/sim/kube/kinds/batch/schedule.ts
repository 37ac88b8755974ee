import { calendar, fromCalendar, MINUTE, SECOND, type Time } from "../../../kernel/index.ts";
import { parseGoDuration } from "../../api/index.ts";
import { timeZone, UTC, type TimeZone } from "./time-zone.ts";

/** When something is due: `next` gives the first time after another, or undefined if there is none within five years. */
export interface Schedule {
  next(after: Time): Time | undefined;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTH_NAMES },
  { min: 0, max: 6, names: DAY_NAMES },
];
const DESCRIPTORS: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};
const YEARS = 5;

class ScheduleError extends Error {}

/** Reads a schedule as github.com/robfig/cron/v3 ParseStandard does; its words if it cannot. */
export function parseSchedule(text: string): Schedule | { readonly error: string } {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    return { error: error.message };
  }
}

function fail(message: string): never {
  throw new ScheduleError(message);
}

function parse(text: string): Schedule {
  if (text === "") fail("empty spec string");
  let zone = UTC;
  let rest = text;
  if (/^(CRON_)?TZ=/.test(text)) {
    const space = text.indexOf(" ");
    const name = text.slice(text.indexOf("=") + 1, space < 0 ? undefined : space);
    zone = timeZone(name) ?? fail(`provided bad location ${name}: unknown time zone ${name}`);
    rest = space < 0 ? "" : text.slice(space).trim();
  }
  if (rest.startsWith("@")) {
    if (rest.startsWith("@every ")) return every(rest.slice("@every ".length));
    rest = DESCRIPTORS[rest] ?? fail(`unrecognized descriptor: ${rest}`);
  }
  const fields = rest.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== FIELDS.length)
    fail(`expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(" ")}]`);
  const [minutes, hours, days, months, weekdays] = fields.map((field, at) => fieldValues(field, FIELDS[at]!));
  return new CronSchedule(
    { minutes: minutes!, hours: hours!, days: days!, months: months!, weekdays: weekdays! },
    zone,
  );
}

function every(text: string): Schedule {
  const span = parseGoDuration(text) ?? fail(`failed to parse duration ${text}: time: invalid duration "${text}"`);
  const step = Math.max(SECOND, Math.floor(span / SECOND) * SECOND);
  return { next: (after) => Math.floor(after / SECOND) * SECOND + step };
}

/** What a field lets through; `any` if it is a star, which matters for the two kinds of days. */
interface Values {
  readonly set: ReadonlySet<number>;
  readonly any: boolean;
}

function fieldValues(field: string, bounds: Bounds): Values {
  const set = new Set<number>();
  let any = false;
  for (const range of field.split(",").filter((part) => part !== "")) {
    const found = rangeOf(range, bounds);
    for (let value = found.from; value <= found.to; value += found.step) set.add(value);
    any ||= found.any;
  }
  return { set, any };
}

/** `*`, `?`, `3`, `mon-fri`, `10-20/2`, `5/15` */
function rangeOf(text: string, bounds: Bounds): { from: number; to: number; step: number; any: boolean } {
  const [range = "", stepText, ...tooMany] = text.split("/");
  const [low = "", high, ...more] = range.split("-");
  let { min: from, max: to } = bounds;
  let any = false;
  const single = high === undefined;
  if (low === "*" || low === "?") any = true;
  else {
    from = valueOf(low, bounds);
    if (more.length > 0) fail(`too many hyphens: ${text}`);
    to = single ? from : valueOf(high, bounds);
  }
  if (tooMany.length > 0) fail(`too many slashes: ${text}`);
  let step = 1;
  if (stepText !== undefined) {
    step = integer(stepText);
    // "N/step" means "N-max/step".
    if (single && !any) to = bounds.max;
    if (step > 1) any = false;
  }
  if (from < bounds.min) fail(`beginning of range (${from}) below minimum (${bounds.min}): ${text}`);
  if (to > bounds.max) fail(`end of range (${to}) above maximum (${bounds.max}): ${text}`);
  if (from > to) fail(`beginning of range (${from}) beyond end of range (${to}): ${text}`);
  if (step === 0) fail(`step of range should be a positive number: ${text}`);
  return { from, to, step, any };
}

function valueOf(text: string, { names, min }: Bounds): number {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  return named >= 0 ? named + min : integer(text);
}

function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    fail(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (value < 0) fail(`negative number (${value}) not allowed: ${text}`);
  return value;
}

interface Fields {
  readonly minutes: Values;
  readonly hours: Values;
  readonly days: Values;
  readonly months: Values;
  readonly weekdays: Values;
}

/** Five fields on the clock of a place. */
class CronSchedule implements Schedule {
  readonly #fields: Fields;
  readonly #zone: TimeZone;

  constructor(fields: Fields, zone: TimeZone) {
    this.#fields = fields;
    this.#zone = zone;
  }

  next(after: Time): Time | undefined {
    let local = Math.floor((after + this.#zone.offset(after)) / MINUTE + 1) * MINUTE;
    const limit = calendar(local).year + YEARS;
    for (;;) {
      const found = this.#nextLocal(local, limit);
      if (found === undefined) return undefined;
      const time = this.#instant(found);
      // An hour that the clock leaves out has no such time.
      if (time !== undefined && time > after) return time;
      local = found + MINUTE;
    }
  }

  /** The instant at which the clock of the place shows that; undefined if it never does. */
  #instant(local: Time): Time | undefined {
    const first = local - this.#zone.offset(local - this.#zone.offset(local));
    return first + this.#zone.offset(first) === local ? first : undefined;
  }

  #nextLocal(from: Time, limit: number): Time | undefined {
    const { minutes, hours, months } = this.#fields;
    let at = from;
    for (;;) {
      const { year, month, day, hour, minute } = calendar(at);
      if (year > limit) return undefined;
      if (!months.set.has(month)) at = fromCalendar(year, month + 1, 1);
      else if (!this.#isDay(at)) at = fromCalendar(year, month, day + 1);
      else if (!hours.set.has(hour)) at = fromCalendar(year, month, day, hour + 1);
      else if (!minutes.set.has(minute)) at = fromCalendar(year, month, day, hour, minute + 1);
      else return at;
    }
  }

  /** If both kinds of days are restricted, one of them is enough. */
  #isDay(at: Time): boolean {
    const { days, weekdays } = this.#fields;
    const { day, weekday } = calendar(at);
    const byDate = days.set.has(day);
    const byWeekday = weekdays.set.has(weekday);
    return days.any || weekdays.any ? byDate && byWeekday : byDate || byWeekday;
  }
}

/** The schedule of a CronJob in its time zone; its text names none (pkg/controller/cronjob formatSchedule). */
export function scheduleIn(schedule: string, zone: string | undefined): ReturnType<typeof parseSchedule> {
  return parseSchedule(zone === undefined || schedule.includes("TZ") ? schedule : `TZ=${zone} ${schedule}`);
}

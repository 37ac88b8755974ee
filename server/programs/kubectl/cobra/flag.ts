import { SECOND, type Duration } from "../../../sim/kernel/index.ts";
import { goDuration, parseGoDuration } from "../../../sim/kube/api/index.ts";
import { quote } from "../output/golang/quote.ts";
import type { Offer } from "./offer.ts";
import { parseBool, parseInteger } from "./strconv.ts";

/** What a flag's text is read with: the value, or why it is none, in Go's words. */
export type Read<T> = { readonly value: T } | { readonly error: string };

/** One flag of a command, as pflag knows it. The key in the command's table is its name. */
export interface Flag<T = unknown> {
  readonly usage: string;
  readonly shorthand?: string;
  readonly initial: T;
  /** The value that it has when it is given without one (`NoOptDefVal`): it takes none from the next argument then. */
  readonly optional?: string;
  readonly hidden?: boolean;
  /** What is said when it is used, since it will go. */
  readonly deprecated?: string;
  /** What completion offers for its value. */
  readonly offer?: Offer;
  /** It may be given several times (pflag's slices and arrays). */
  readonly repeats?: boolean;
  /** The default as help shows it. */
  readonly shown: string;
  /** Reads one occurrence; `before` is what earlier ones made, undefined at the first. */
  read(text: string, before: T | undefined): Read<T>;
}

/** A typed table of flags by name. */
export type Flags = Readonly<Record<string, Flag>>;

/** What a command gets of its flags. */
export type ValuesOf<F extends Flags> = { readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never };

interface Options<T> {
  readonly shorthand?: string;
  readonly initial?: T;
  readonly optional?: string;
  readonly hidden?: boolean;
  readonly offer?: Offer;
  readonly repeats?: boolean;
}

function flag<T>(
  usage: string,
  initial: T,
  { shorthand, optional, hidden, offer, repeats }: Options<T>,
  shown: string,
  read: (text: string, before: T | undefined) => Read<T>,
): Flag<T> {
  return {
    usage,
    initial,
    shown,
    read,
    ...(shorthand === undefined ? {} : { shorthand }),
    ...(optional === undefined ? {} : { optional }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(offer === undefined ? {} : { offer }),
    ...(repeats === undefined ? {} : { repeats }),
  };
}

export function text(usage: string, options: Options<string> = {}): Flag<string> {
  const initial = options.initial ?? "";
  return flag(usage, initial, options, `'${initial}'`, (value) => ({ value }));
}

export function bool(usage: string, options: Options<boolean> = {}): Flag<boolean> {
  const initial = options.initial ?? false;
  return flag(usage, initial, { optional: "true", ...options }, String(initial), parseBool);
}

/** `int`, `int32` and `int64`: alike but for their range. */
export function integer(
  usage: string,
  initial: number,
  options: Omit<Options<number>, "initial"> & { bits?: 32 | 64 } = {},
): Flag<number> {
  return flag(usage, initial, options as Options<number>, String(initial), (value) =>
    parseInteger(value, options.bits ?? 64),
  );
}

/** A span of time, in microseconds: `5s`, `1m30s`. */
export function duration(usage: string, seconds: number, options: Options<Duration> = {}): Flag<Duration> {
  return flag<Duration>(usage, seconds * SECOND, options, goDuration(seconds * SECOND), (value) => {
    const span = parseGoDuration(value);
    return span === undefined ? { error: durationError(value) } : { value: span };
  });
}

/** `stringSlice`: comma-separated values as in CSV; what several occurrences give is joined. */
export function list(usage: string, options: Options<readonly string[]> = {}): Flag<readonly string[]> {
  const initial = options.initial ?? [];
  return flag<readonly string[]>(
    usage,
    initial,
    { ...options, repeats: true },
    `[${initial.join(",")}]`,
    (value, before) => {
      const fields = value === "" ? [] : readCsv(value);
      return "error" in fields ? fields : { value: [...(before ?? []), ...fields] };
    },
  );
}

/** `stringArray`: each occurrence is one value. */
export function texts(usage: string, options: Options<readonly string[]> = {}): Flag<readonly string[]> {
  const initial = options.initial ?? [];
  return flag(usage, initial, { ...options, repeats: true }, `[${initial.join(",")}]`, (value, before) => ({
    value: [...(before ?? []), value],
  }));
}

/** `stringToString`: `key=value` pairs; later ones of the same key count. */
export function pairs(usage: string): Flag<ReadonlyMap<string, string>> {
  return flag<ReadonlyMap<string, string>>(usage, new Map(), {}, "[]", (value, before) => {
    const fields = value.split("=").length > 2 ? readCsv(value) : [value.replaceAll(/^"+|"+$/g, "")];
    if ("error" in fields) return fields;
    const result = new Map(before);
    for (const field of fields) {
      const equals = field.indexOf("=");
      if (equals < 0) return { error: `${field} must be formatted as key=value` };
      result.set(field.slice(0, equals), field.slice(equals + 1));
    }
    return { value: result };
  });
}

/** `mapStringString` of component-base: `key=value` pairs between commas. */
export function mapping(usage: string): Flag<ReadonlyMap<string, string>> {
  return flag<ReadonlyMap<string, string>>(usage, new Map(), {}, "", (value, before) => {
    const result = new Map(before);
    for (const pair of value.split(",")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      if (equals < 0) return { error: "malformed pair, expect string=string" };
      result.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
    }
    return { value: result };
  });
}

/** `time.ParseDuration`'s errors. */
function durationError(value: string): string {
  const quoted = quote(value);
  if (!/^[-+]?\.?\d/.test(value)) return `time: invalid duration ${quoted}`;
  for (let tail = value.replace(/^[-+]/, ""); tail !== "";) {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(tail);
    if (!number) return `time: invalid duration ${quoted}`;
    tail = tail.slice(number[0].length);
    const unit = /^[^\d.]*/.exec(tail)![0];
    if (unit === "") return `time: missing unit in duration ${quoted}`;
    if (!["ns", "us", "µs", "μs", "ms", "s", "m", "h"].includes(unit))
      return `time: unknown unit ${quote(unit)} in duration ${quoted}`;
    tail = tail.slice(unit.length);
  }
  return `time: invalid duration ${quoted}`;
}

/** One record of encoding/csv: fields may be quoted, a quote within is doubled. */
function readCsv(line: string): string[] | { error: string } {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(",", at);
      const field = end < 0 ? line.slice(at) : line.slice(at, end);
      const quote = field.indexOf('"');
      if (quote >= 0) return { error: `parse error on line 1, column ${at + quote + 1}: bare " in non-quoted-field` };
      fields.push(field);
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    const quoted = /^"((?:[^"]|"")*)"/.exec(line.slice(at));
    if (!quoted)
      return { error: `parse error on line 1, column ${line.length + 1}: extraneous or missing " in quoted-field` };
    fields.push(quoted[1]!.replaceAll('""', '"'));
    at += quoted[0].length;
    if (at === line.length) return fields;
    if (line[at] !== ",")
      return { error: `parse error on line 1, column ${at}: extraneous or missing " in quoted-field` };
    at++;
  }
}

import type { Bytes } from "../../sim/kernel/index.ts";

/** How a key is compared: the letters of sort's ordering options. */
export type Order = "text" | "numeric" | "general" | "human" | "month" | "random" | "version";

export interface Ordering {
  readonly order: Order;
  readonly fold: boolean;
  readonly dictionary: boolean;
  readonly printing: boolean;
  readonly reverse: boolean;
  /** Leading blanks do not count, at the key's start and end. */
  readonly skipStart: boolean;
  readonly skipEnd: boolean;
}

/** A part of each line that is compared: fields and characters from 0, the end behind the last. */
export interface Key extends Ordering {
  readonly startField: number;
  readonly startChar: number;
  /** Undefined: to the end of the line. `endChar` 0: to the end of that field. */
  readonly endField: number | undefined;
  readonly endChar: number;
}

export const PLAIN: Ordering = {
  order: "text",
  fold: false,
  dictionary: false,
  printing: false,
  reverse: false,
  skipStart: false,
  skipEnd: false,
};

export const WHOLE_LINE = { startField: 0, startChar: 0, endField: undefined, endChar: 0 } as const;

const ORDERS: Readonly<Record<string, Order>> = {
  n: "numeric",
  g: "general",
  h: "human",
  M: "month",
  R: "random",
  V: "version",
};

/** Adds an ordering letter; undefined if there is no such letter. `b` counts for the part of the key that it stands at. */
export function withLetter(ordering: Ordering, letter: string, part: "start" | "end" | "both"): Ordering | undefined {
  const order = ORDERS[letter];
  if (order) return { ...ordering, order };
  if (letter === "f") return { ...ordering, fold: true };
  if (letter === "d") return { ...ordering, dictionary: true };
  if (letter === "i") return { ...ordering, printing: true };
  if (letter === "r") return { ...ordering, reverse: true };
  if (letter !== "b") return undefined;
  return {
    ...ordering,
    skipStart: ordering.skipStart || part !== "end",
    skipEnd: ordering.skipEnd || part !== "start",
  };
}

/** Reads `F[.C][OPTS][,F[.C][OPTS]]`; a text says what is wrong (coreutils src/sort.c). */
export function parseKey(text: string, global: Ordering, quote: (text: string) => string): Key | string {
  let at = 0;
  const number = (where: string): number | string => {
    const digits = /^\d+/.exec(text.slice(at))?.[0];
    if (digits === undefined) return `${where}: invalid count at start of ${quote(text.slice(at))}`;
    at += digits.length;
    return Number(digits);
  };
  const bad = (why: string): string => `${why}: invalid field specification ${quote(text)}`;
  const letters = (ordering: Ordering, part: "start" | "end"): Ordering => {
    let next = ordering;
    for (; at < text.length; at++) {
      const changed = withLetter(next, text[at]!, part);
      if (!changed) break;
      next = changed;
    }
    return next;
  };

  const startField = number("invalid number at field start");
  if (typeof startField === "string") return startField;
  if (startField === 0) return bad("field number is zero");
  let startChar = 1;
  if (text[at] === ".") {
    at++;
    const given = number("invalid number after '.'");
    if (typeof given === "string") return given;
    if (given === 0) return bad("character offset is zero");
    startChar = given;
  }
  let ordering = letters(PLAIN, "start");
  let endField: number | undefined;
  let endChar = 0;
  if (text[at] === ",") {
    at++;
    const given = number("invalid number after ','");
    if (typeof given === "string") return given;
    if (given === 0) return bad("field number is zero");
    endField = given;
    if (text[at] === ".") {
      at++;
      const char = number("invalid number after '.'");
      if (typeof char === "string") return char;
      endChar = char;
    }
    ordering = letters(ordering, "end");
  }
  if (at < text.length) return bad("stray character in field spec");
  const own = JSON.stringify(ordering) === JSON.stringify(PLAIN) ? global : ordering;
  return { ...own, startField: startField - 1, startChar: startChar - 1, endField, endChar };
}

/** The letters of options that exclude each other, as the message names them; undefined if they go together. */
export function incompatible(key: Ordering): string | undefined {
  const letters: Record<Order, string> = {
    text: "",
    numeric: "n",
    general: "g",
    human: "h",
    month: "M",
    random: "R",
    version: "V",
  };
  if (key.order === "text" || key.order === "random" || key.order === "version") return undefined;
  if (!key.dictionary && !key.printing) return undefined;
  return `${key.dictionary ? "d" : ""}${letters[key.order] < "i" ? letters[key.order] : ""}${key.printing && !key.dictionary ? "i" : ""}${letters[key.order] > "i" ? letters[key.order] : ""}`;
}

/** The key's part of a line. */
export function extract(key: Key, line: Bytes, separator: Bytes | undefined): Bytes {
  if (key.startField === 0 && key.startChar === 0 && key.endField === undefined && !key.skipStart) return line;
  const start = startOf(key, line, separator);
  if (key.endField === undefined) return line.slice(start);
  const end = endOf(key, key.endField, line, separator);
  return end <= start ? "" : line.slice(start, end);
}

function isBlank(line: Bytes, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 32 || code === 9 || code === 10;
}

function skipField(line: Bytes, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line, at)) at++;
  while (at < line.length && !isBlank(line, at)) at++;
  return at;
}

/** As begfield in src/sort.c. */
function startOf(key: Key, line: Bytes, separator: Bytes | undefined): number {
  let at = 0;
  for (let left = key.startField; left > 0 && at < line.length; left--) {
    if (separator === undefined) at = skipField(line, at);
    else {
      const found = line.indexOf(separator, at);
      at = found < 0 ? line.length : found + 1;
    }
  }
  if (key.skipStart) while (at < line.length && isBlank(line, at)) at++;
  return Math.min(line.length, at + key.startChar);
}

/** As limfield in src/sort.c. */
function endOf(key: Key, endField: number, line: Bytes, separator: Bytes | undefined): number {
  let at = 0;
  const fields = key.endChar === 0 ? endField : endField - 1;
  for (let left = fields; left > 0 && at < line.length; left--) {
    if (separator === undefined) at = skipField(line, at);
    else {
      const found = line.indexOf(separator, at);
      at = found < 0 ? line.length : found;
      if (found >= 0 && (left > 1 || key.endChar > 0)) at++;
    }
  }
  if (key.endChar === 0) return at;
  if (key.skipEnd) while (at < line.length && isBlank(line, at)) at++;
  return Math.min(line.length, at + key.endChar);
}

import { SECOND } from "../../sim/kernel/index.ts";
import { strftime, zoneOf } from "../gnu/strftime.ts";
import type { AwkArray } from "./array.ts";
import type { Machine } from "./machine.ts";
import { patternOf, splitPattern, splitText } from "./record.ts";
import { fromInput, sprintf, toNumber, type Value } from "./values.ts";

/** Builtins whose arguments are all values. */
export const FUNCTIONS: Readonly<Record<string, (machine: Machine, args: readonly Value[]) => Value>> = {
  length: (machine, [text]) => machine.text(text).length,
  substr: (machine, [text, start, length]) => substring(machine.text(text), toNumber(start), length === undefined ? undefined : toNumber(length)), // prettier-ignore
  index: (machine, [text, wanted]) => machine.text(text).indexOf(machine.text(wanted)) + 1,
  sprintf: (machine, [format, ...args]) => sprintf(machine.text(format), args, machine.convfmt),
  sin: (_, [x]) => Math.sin(toNumber(x)),
  cos: (_, [x]) => Math.cos(toNumber(x)),
  atan2: (_, [y, x]) => Math.atan2(toNumber(y), toNumber(x)),
  exp: (_, [x]) => Math.exp(toNumber(x)),
  log: (_, [x]) => Math.log(toNumber(x)),
  sqrt: (_, [x]) => Math.sqrt(toNumber(x)),
  int: (_, [x]) => Math.trunc(toNumber(x)),
  rand: (machine) => machine.random(),
  srand: (machine, args) => machine.reseed(args.length === 0 ? machine.process.now : toNumber(args[0])),
  tolower: (machine, [text]) => machine.text(text).replaceAll(/[A-Z]+/g, (part) => part.toLowerCase()),
  toupper: (machine, [text]) => machine.text(text).replaceAll(/[a-z]+/g, (part) => part.toUpperCase()),
  systime: ({ process }) => Math.floor(process.now / SECOND),
  strftime: (machine, [format, time]) => {
    const at = time === undefined ? machine.process.now : toNumber(time) * SECOND;
    const pattern = format === undefined ? "%c" : machine.text(format);
    return strftime(pattern, at, zoneOf(machine.process.env["TZ"]));
  },
};

/**
 * Characters from `start`, counted from 1, as far as they are there; ends are rounded. A start before the text makes it begin
 * there, and takes as many more characters, as mawk's recorded here does (POSIX would take as many fewer).
 */
function substring(text: string, start: number, length: number | undefined): string {
  const from = Math.round(start);
  if (from < 1 && length !== undefined) return text.slice(0, Math.max(0, Math.round(length) - from));
  const end = length === undefined ? Infinity : Math.round(start + length);
  return text.slice(Math.max(0, from - 1), Math.max(0, Math.min(text.length, end - 1)));
}

/** A separator as it was given: a pattern, or a text with split's rules. */
export type Separator = { readonly pattern: string } | { readonly text: string };

export function split(text: string, into: AwkArray, separator: Separator): number {
  const parts =
    "pattern" in separator
      ? text === ""
        ? []
        : splitPattern(text, separator.pattern)
      : splitText(text, separator.text);
  into.clear();
  for (const [at, part] of parts.entries()) into.set(String(at + 1), fromInput(part));
  return parts.length;
}

/** Replaces the first match, or all; undefined if there is none. */
export function substitute(
  source: string,
  replacement: string,
  text: string,
  all: boolean,
): { text: string; count: number } | undefined {
  // prettier-ignore
  const regex = patternOf(source);
  let out = "";
  let count = 0;
  let at = 0;
  let last = -1;
  while (at <= text.length) {
    const match = regex.exec(text, at);
    if (!match) break;
    const empty = match.start === match.end;
    // An empty match right behind another one does not count.
    if (empty && match.start === last) {
      out += text.slice(at, match.start + 1);
      at = match.start + 1;
      last = -1;
      continue;
    }
    out += text.slice(at, match.start) + expand(replacement, text.slice(match.start, match.end));
    count++;
    last = match.end;
    at = match.end;
    if (empty) {
      out += text.slice(at, at + 1);
      at++;
    }
    if (!all) break;
  }
  return count === 0 ? undefined : { text: out + text.slice(at), count };
}

/** `&` stands for the match, `\&` for itself, `\\` for a backslash. */
function expand(replacement: string, match: string): string {
  if (!replacement.includes("&") && !replacement.includes("\\")) return replacement;
  return replacement.replaceAll(/\\\\(?=&|\\)|\\&|&/g, (part) => (part === "&" ? match : part === "\\&" ? "&" : "\\"));
}

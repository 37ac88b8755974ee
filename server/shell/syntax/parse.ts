import { parse as parseBash } from "unbash";
import { TooManyWords } from "./braces.ts";
import { Compiler } from "./compile.ts";
import { diagnose } from "./diagnosis.ts";
import { Lines } from "./lines.ts";
import type { Stop } from "./tokens.ts";
import type { Unit, Word } from "./tree.ts";

/** What bash says of a text that it cannot read to its end. */
export interface Fault {
  /** Where the command with the fault starts in the text. */
  readonly start: number;
  readonly line: number;
  /** `syntax error near unexpected token \`)'`, and the line quoted. */
  readonly complaints: readonly string[];
  /** Where the text has ended within a command: what would have ended it. */
  readonly expected?: string | undefined;
  /** Where reading goes on nevertheless, after a fault in the list of an array. */
  readonly resume: number | undefined;
  /** What `$?` becomes; undefined: the shell that reads a script takes it for the script's end, and `$?` stays. */
  readonly status: number | undefined;
}

export interface Parsed {
  /** What was read: everything, or what stands before the line with the fault. */
  readonly units: readonly Unit[];
  readonly fault: Fault | undefined;
  /** True if the text ends within a command. The fault, or a warning in the last unit, is for when nothing follows. */
  readonly incomplete: boolean;
  /** If it is incomplete: text that a further line must have to end it. Absent if any line might. */
  readonly wants?: string;
}

export interface ParseOptions {
  /** The number of the text's first line. */
  readonly line?: number;
  readonly extglob?: boolean;
}

/** Reads a text as bash does, in units of whole lines. The same text is read once. */
export function parse(text: string, { line = 1, extglob = false }: ParseOptions = {}): Parsed {
  const key = `${line} ${extglob ? 1 : 0} ${text}`;
  const known = cache.get(key);
  if (known) return known;
  const parsed = read(text, line, extglob);
  remember(key, parsed);
  return parsed;
}

/** Reads a text in which only `$` and backquotes mean something: a prompt. */
export function parseQuoted(text: string): Word {
  const known = quotedCache.get(text);
  if (known) return known;
  const word = new Compiler(text, 1).quoted(text);
  quotedCache.set(text, word);
  if (quotedCache.size > 64) quotedCache.delete(quotedCache.keys().next().value!);
  return word;
}

const quotedCache = new Map<string, Word>();

function read(text: string, line: number, extglob: boolean): Parsed {
  const script = parseBash(text);
  const compiler = new Compiler(text, line);
  try {
    const units = compiler.units(script.commands, text.length);
    const incomplete = units.some((unit) => unit.warnings.length > 0) || isContinued(text);
    const wants = units.find((unit) => unit.warnings.length > 0)?.warnings[0]?.wants;
    const parsed = { units, fault: undefined, incomplete, ...(wants === undefined ? {} : { wants }) };
    if (!script.errors && !compiler.doubtful(extglob)) return parsed;
    return judge(text, line, extglob) ?? parsed;
  } catch (error) {
    if (!(error instanceof TooManyWords)) throw error;
    const fault = { start: 0, line, complaints: [error.message], status: 1, resume: undefined };
    return { units: [], fault, incomplete: false };
  }
}

/** True if a backslash at the end asks for one more line. */
function isContinued(text: string): boolean {
  const tail = /(\\+)\n?$/.exec(text);
  return tail !== null && tail[1]!.length % 2 === 1;
}

/** unbash found something amiss: what does bash say? */
function judge(text: string, line: number, extglob: boolean): Parsed | undefined {
  const diagnosis = diagnose(text, { extglob });
  if (!diagnosis) return undefined;
  const { stop, unit } = diagnosis;
  const before = text.slice(0, unit);
  return {
    units: before.trim() === "" ? [] : read(before, line, extglob).units,
    fault: makeFault(text, line, unit, stop),
    incomplete: stop.incomplete,
    ...(stop.wants === undefined ? {} : { wants: stop.wants }),
  };
}

function makeFault(text: string, line: number, start: number, stop: Stop): Fault {
  const { position, complaints, quotesLine, status } = stop;
  const lines = new Lines(text, line);
  if (stop.incomplete && position >= text.length)
    return {
      start,
      line: lines.at(text.length) + (text.endsWith("\n") ? 0 : 1),
      complaints,
      status,
      expected: stop.expected,
      resume: undefined,
    };
  const from = text.lastIndexOf("\n", position - 1) + 1;
  const newline = text.indexOf("\n", position);
  const quoted = `\`${text.slice(from, newline < 0 ? undefined : newline)}'`;
  return {
    start,
    line: lines.at(position),
    complaints: quotesLine ? [...complaints, quoted] : complaints,
    status,
    resume: status === 1 && newline >= 0 ? newline + 1 : undefined,
  };
}

// The cache is the same for all shells: what a text means depends on nothing else.

const MOST_ENTRIES = 512;
const LONGEST = 65_536;
const cache = new Map<string, Parsed>();

function remember(key: string, parsed: Parsed): void {
  if (key.length > LONGEST) return;
  cache.set(key, parsed);
  if (cache.size > MOST_ENTRIES) cache.delete(cache.keys().next().value!);
}

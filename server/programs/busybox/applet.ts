import type { Process } from "../../sim/host/index.ts";
import type { ErrnoCode } from "../../sim/host/index.ts";
import { errorWords, libcOf } from "../netdb/libc.ts";
import type { BusyboxVersion } from "./version.ts";

/** One of busybox's programs. */
export interface Applet {
  /** As for getopt(3): letters, a colon behind those with a value; a plus before them ends options at the first operand. */
  readonly options: string;
  /** Long options: the letter that they stand for, or a name of their own, with a colon if they take a value. */
  readonly longs?: Readonly<Record<string, string>>;
  /** The exit code of wrong arguments; else 1. */
  readonly code?: number;
  /** What follows `Usage: NAME `, and the lines behind it. */
  usage(version: BusyboxVersion): string;
  /** Splits its words into those that getopt shall see and the rest, which `run` gets: for `nc -e` and `nslookup -type=a`. */
  split?(args: readonly string[]): { readonly options: readonly string[]; readonly rest: readonly string[] };
  run(call: AppletCall, rest: readonly string[]): Promise<number>;
}

/** A call of an applet: its options and operands, and busybox's way to complain. */
export class AppletCall {
  readonly process: Process;
  readonly name: string;
  readonly version: BusyboxVersion;
  readonly operands: readonly string[];
  readonly #given: readonly (readonly [option: string, value: string])[];
  readonly #applet: Applet;

  constructor(process: Process, name: string, version: BusyboxVersion, applet: Applet, parsed: Parsed) {
    this.process = process;
    this.name = name;
    this.version = version;
    this.operands = parsed.operands;
    this.#given = parsed.given;
    this.#applet = applet;
  }

  has(option: string): boolean {
    return this.#given.some(([other]) => other === option);
  }

  /** The value that was given last. */
  value(option: string): string | undefined {
    return this.#given.findLast(([other]) => other === option)?.[1];
  }

  values(option: string): string[] {
    return this.#given.filter(([other]) => other === option).map(([, value]) => value);
  }

  count(option: string): number {
    return this.values(option).length;
  }

  /** `NAME: WORDS`, and the exit code that dying with it has. */
  async die(words: string, code = 1): Promise<number> {
    await this.process.error(`${this.name}: ${words}\n`);
    return code;
  }

  /** perror(3)'s words for an error. */
  words(code: ErrnoCode): string {
    return errorWords(this.process.host, code);
  }

  /** Tells the usage, as wrong arguments do. */
  usage(): Promise<number> {
    return showUsage(this.process, this.name, this.version, this.#applet);
  }

  async notSimulated(what: string): Promise<number> {
    await this.process.error(`drydock: ${this.name}: '${what}' is not simulated\n`);
    return 64;
  }
}

interface Parsed {
  readonly given: readonly (readonly [option: string, value: string])[];
  readonly operands: readonly string[];
}

/** Runs an applet with its arguments. */
export async function runApplet(
  process: Process,
  name: string,
  applet: Applet,
  version: BusyboxVersion,
  args: readonly string[],
): Promise<number> {
  // prettier-ignore
  if (args.length === 1 && args[0] === "--help") {
    await showUsage(process, name, version, applet);
    return 0;
  }
  const split = applet.split?.(args) ?? { options: args, rest: [] };
  const parsed = parse(applet, split.options, libcOf(process.host) === "musl");
  if ("operands" in parsed) return applet.run(new AppletCall(process, name, version, applet, parsed), split.rest);
  await process.error(`${name}: ${parsed.problem}\n`);
  return showUsage(process, name, version, applet);
}

async function showUsage(process: Process, name: string, version: BusyboxVersion, applet: Applet): Promise<number> {
  await process.error(`${version.banner}\n\nUsage: ${name} ${applet.usage(version)}\n`);
  return applet.code ?? 1;
}

/** getopt_long(3), with the words of that C library. */
function parse(applet: Applet, args: readonly string[], musl: boolean): Parsed | { problem: string } {
  const stops = applet.options.startsWith("+");
  const letters = stops ? applet.options.slice(1) : applet.options;
  const given: [string, string][] = [];
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (word.startsWith("--") && applet.longs) {
      const [, name, equals] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word)!;
      const found = findLong(applet.longs, name!);
      if (found === undefined)
        return { problem: musl ? `unrecognized option: ${name!}` : `unrecognized option '--${name!}'` };
      const key = applet.longs[found]!;
      const takes = key.endsWith(":");
      if (!takes && equals !== undefined) return { problem: musl ? `option does not take an argument: ${found}` : `option '--${found}' doesn't allow an argument` }; // prettier-ignore
      const value = takes ? (equals ?? args[++at]) : "";
      if (value === undefined) return { problem: musl ? `option requires an argument: ${found}` : `option '--${found}' requires an argument` }; // prettier-ignore
      given.push([key.replace(/:$/, ""), value]);
      continue;
    }
    if (!word.startsWith("-") || word === "-") {
      if (stops) {
        operands.push(...args.slice(at));
        break;
      }
      operands.push(word);
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index]!;
      const place = letter === ":" ? -1 : letters.indexOf(letter);
      if (place < 0) return { problem: musl ? `unrecognized option: ${letter}` : `invalid option -- '${letter}'` };
      if (letters[place + 1] !== ":") {
        given.push([letter, ""]);
        continue;
      }
      const optional = letters[place + 2] === ":";
      const attached = word.slice(index + 1);
      const value = attached !== "" || optional ? attached : args[++at];
      if (value === undefined) return { problem: musl ? `option requires an argument: ${letter}` : `option requires an argument -- '${letter}'` }; // prettier-ignore
      given.push([letter, value]);
      break;
    }
  }
  return { given, operands };
}

function findLong(longs: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(longs, name)) return name;
  const begun = Object.keys(longs).filter((long) => long.startsWith(name));
  return begun.length === 1 ? begun[0] : undefined;
}

import { quote, quoteRune } from "../output/golang/quote.ts";
import type { Failure } from "../output/failure.ts";
import type { Flag, Flags } from "./flag.ts";
import { parseBool } from "./strconv.ts";

/** A command line taken apart. */
export interface ParsedFlags {
  /** The value of every flag, given or not. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The names of those that were given. */
  readonly given: ReadonlySet<string>;
  readonly args: readonly string[];
  /** How many arguments stood before `--`; -1 if there was none. */
  readonly dash: number;
  readonly help: boolean;
  /** Each flag as it was given, in order. */
  readonly assigned: readonly (readonly [name: string, value: string])[];
}

/** kubectl takes `_` for `-` in names of flags (component-base cli/flag WordSepNormalizeFunc). */
export function normalName(name: string): string {
  return name.replaceAll("_", "-");
}

/** Finds flags by name and by letter. */
export class FlagSet {
  readonly flags: Flags;
  readonly #letters = new Map<string, string>();

  constructor(flags: Flags) {
    this.flags = flags;
    for (const [name, { shorthand }] of Object.entries(flags)) if (shorthand) this.#letters.set(shorthand, name);
  }

  byName(name: string): Flag | undefined {
    const normal = normalName(name);
    return Object.hasOwn(this.flags, normal) ? this.flags[normal] : undefined;
  }

  nameOf(letter: string): string | undefined {
    return this.#letters.get(letter);
  }

  byLetter(letter: string): Flag | undefined {
    const name = this.#letters.get(letter);
    return name === undefined ? undefined : this.flags[name];
  }

  /** Reads arguments as pflag does: flags may stand anywhere before `--`; if not `interspersed`, before the first argument. */
  parse(args: readonly string[], interspersed = true): ParsedFlags | Failure {
    return new Reader(this).read(args, interspersed);
  }
}

class Reader {
  readonly #set: FlagSet;
  readonly #values: Record<string, unknown> = {};
  readonly #given = new Set<string>();
  readonly #args: string[] = [];
  readonly #assigned: (readonly [string, string])[] = [];
  #dash = -1;
  #help = false;

  constructor(set: FlagSet) {
    this.#set = set;
  }

  read(args: readonly string[], interspersed: boolean): ParsedFlags | Failure {
    const rest = [...args];
    while (rest.length > 0) {
      const word = rest.shift()!;
      if (!interspersed && (!word.startsWith("-") || word === "-")) {
        this.#args.push(word, ...rest);
        break;
      }
      if (word === "--") {
        this.#dash = this.#args.length;
        this.#args.push(...rest);
        break;
      }
      const failure = word.startsWith("--")
        ? this.#long(word, rest)
        : word.length > 1 && word.startsWith("-")
          ? this.#letters(word.slice(1), rest)
          : void this.#args.push(word);
      if (failure) return failure;
    }
    for (const [name, { initial }] of Object.entries(this.#set.flags))
      if (!this.#given.has(name)) this.#values[name] = initial;
    return {
      values: this.#values,
      given: this.#given,
      args: this.#args,
      dash: this.#dash,
      help: this.#help,
      assigned: this.#assigned,
    };
  }

  #long(word: string, rest: string[]): Failure | undefined {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
    if (name === "" || name.startsWith("-")) return { error: `bad flag syntax: ${word}` };
    const flag = this.#set.byName(name);
    if (!flag)
      return name === "help"
        ? this.#askHelp(equals < 0 ? "true" : word.slice(equals + 1))
        : { error: `unknown flag: --${name}` };
    if (equals >= 0) return this.#assign(normalName(name), flag, word.slice(equals + 1));
    if (flag.optional !== undefined) return this.#assign(normalName(name), flag, flag.optional);
    const value = rest.shift();
    return value === undefined
      ? { error: `flag needs an argument: --${name}` }
      : this.#assign(normalName(name), flag, value);
  }

  #letters(letters: string, rest: string[]): Failure | undefined {
    for (let left = letters; left !== "";) {
      const letter = left[0]!;
      const name = this.#set.nameOf(letter);
      const behind = left.slice(1);
      if (name === undefined) {
        if (letter !== "h")
          return { error: `unknown shorthand flag: ${quoteRune(letter.codePointAt(0)!)} in -${left}` };
        this.#help = true;
        left = behind;
        continue;
      }
      const flag = this.#set.flags[name]!;
      let value = flag.optional;
      let next = behind;
      if (behind.length > 1 && behind.startsWith("=")) {
        value = behind.slice(1);
        next = "";
      } else if (value === undefined && behind !== "") {
        value = behind;
        next = "";
      } else value ??= rest.shift();
      if (value === undefined)
        return { error: `flag needs an argument: ${quoteRune(letter.codePointAt(0)!)} in -${left}` };
      const failure = this.#assign(name, flag, value);
      if (failure) return failure;
      left = next;
    }
    return undefined;
  }

  #askHelp(given: string): Failure | undefined {
    const read = parseBool(given);
    if ("error" in read) return { error: `invalid argument ${quote(given)} for "-h, --help" flag: ${read.error}` };
    this.#help = read.value;
    return undefined;
  }

  #assign(name: string, flag: Flag, value: string): Failure | undefined {
    const read = flag.read(value, this.#given.has(name) ? this.#values[name] : undefined);
    if ("error" in read) {
      const shown = flag.shorthand === undefined ? `--${name}` : `-${flag.shorthand}, --${name}`;
      return { error: `invalid argument ${quote(value)} for ${quote(shown)} flag: ${read.error}` };
    }
    this.#values[name] = read.value;
    this.#given.add(name);
    this.#assigned.push([name, value]);
    return undefined;
  }
}

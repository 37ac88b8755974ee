/** One option of a program, as getopt_long(3) and `--help` know it. */
export interface Flag {
  /** Its letters; more than one are synonyms. */
  readonly short?: string;
  readonly long?: string;
  /** The name of its value in `--help`. Absent: it takes none. */
  readonly arg?: string;
  /** The value may be missing and is then not looked for in the next word: `--color[=WHEN]`. */
  readonly optional?: true;
  /** One line for `--help`; without it the option is not listed. */
  readonly help?: string;
  /** False: the real program has it, ours says that it does not. */
  readonly simulated?: false;
}

export type Flags = Readonly<Record<string, Flag>>;

/** One option as it was given. */
export interface Given<K extends string = string> {
  readonly flag: K;
  readonly value: string | undefined;
  /** As typed, for messages: `-n`, `--lines`. */
  readonly as: string;
}

/** What was given, in order, and what is left. */
export class Options<K extends string = string> {
  readonly given: readonly Given<K>[];
  readonly operands: readonly string[];
  readonly #last: Map<K, Given<K>>;

  constructor(given: readonly Given<K>[], operands: readonly string[]) {
    this.given = given;
    this.operands = operands;
    this.#last = new Map(given.map((one) => [one.flag, one]));
  }

  has(flag: K): boolean {
    return this.#last.has(flag);
  }

  /** The value that was given last. */
  value(flag: K): string | undefined {
    return this.#last.get(flag)?.value;
  }

  values(flag: K): string[] {
    return this.given.filter((one) => one.flag === flag).map((one) => one.value ?? "");
  }

  count(flag: K): number {
    return this.given.filter((one) => one.flag === flag).length;
  }

  /** Which of these was given last. */
  lastOf<L extends K>(...flags: readonly L[]): L | undefined {
    return this.given.findLast((one): one is Given<L> => (flags as readonly string[]).includes(one.flag))?.flag;
  }
}

/** Why arguments could not be read: `problem` in getopt's words, or an option that the real program has and ours has not. */
export type OptionsError = { readonly problem: string } | { readonly notSimulated: string };

export interface ParseRules {
  /** Options end at the first operand, as with POSIXLY_CORRECT (`+` in getopt's option string): env, nice, xargs. */
  readonly stopAtOperand?: boolean;
}

/** Reads arguments as getopt_long(3) of glibc does: clusters, attached values, abbreviations, operands anywhere, `--`. */
export function parseOptions<F extends Flags>(
  flags: F,
  args: readonly string[],
  rules: ParseRules = {},
): Options<keyof F & string> | OptionsError {
  type Key = keyof F & string;
  const given: Given<Key>[] = [];
  const operands: string[] = [];
  const hasLong = Object.values(flags).some(({ long }) => long !== undefined);
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      if (rules.stopAtOperand) {
        operands.push(...args.slice(at));
        break;
      }
      operands.push(word);
      continue;
    }
    // Programs without long options read `--count` with getopt(3), to which `-` is a letter.
    if (word.startsWith("--") && !hasLong) return { problem: "invalid option -- '-'" };
    if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const name = word.slice(2, equals < 0 ? undefined : equals);
      const found = findLong(flags, name);
      if (typeof found !== "string") return found;
      const flag = flags[found]!;
      const as = `--${flag.long!}`;
      if (flag.simulated === false) return { notSimulated: as };
      let value = equals < 0 ? undefined : word.slice(equals + 1);
      if (flag.arg === undefined && value !== undefined) return { problem: `option '${as}' doesn't allow an argument` };
      if (flag.arg !== undefined && !flag.optional && value === undefined) {
        if (++at >= args.length) return { problem: `option '${as}' requires an argument` };
        value = args[at]!;
      }
      given.push({ flag: found, value, as });
      continue;
    }
    const letters = Array.from(word.slice(1));
    for (let index = 0; index < letters.length; index++) {
      const letter = letters[index]!;
      const found = Object.keys(flags).find((key) => flags[key]!.short?.includes(letter));
      if (found === undefined) return { problem: `invalid option -- '${letter}'` };
      const flag = flags[found]!;
      if (flag.simulated === false) return { notSimulated: `-${letter}` };
      if (flag.arg === undefined) {
        given.push({ flag: found, value: undefined, as: `-${letter}` });
        continue;
      }
      const attached = letters.slice(index + 1).join("");
      let value: string | undefined = attached === "" ? undefined : attached;
      if (value === undefined && !flag.optional) {
        if (++at >= args.length) return { problem: `option requires an argument -- '${letter}'` };
        value = args[at]!;
      }
      given.push({ flag: found, value, as: `-${letter}` });
      break;
    }
  }
  return new Options(given, operands);
}

function findLong(flags: Flags, name: string): string | OptionsError {
  const matches: string[] = [];
  for (const [key, { long }] of Object.entries(flags)) {
    if (long === name) return key;
    if (long?.startsWith(name)) matches.push(key);
  }
  if (matches.length === 1) return matches[0]!;
  if (matches.length === 0) return { problem: `unrecognized option '--${name}'` };
  const possible = matches.map((key) => `'--${flags[key]!.long!}'`).join(" ");
  return { problem: `option '--${name}' is ambiguous; possibilities: ${possible}` };
}

/** The option lines of `--help`. */
export function describeFlags(flags: Flags): string {
  let text = "";
  for (const { short, long, arg, optional, help, simulated } of Object.values(flags)) {
    if (help === undefined || simulated === false) continue;
    const value = arg === undefined ? "" : optional ? `[=${arg}]` : `=${arg}`;
    const shortForm = short === undefined ? "   " : `-${short[0]!}${long === undefined ? "" : ","}`;
    const longForm = long === undefined ? (arg === undefined ? "" : arg) : `--${long}${value}`;
    const left = `  ${shortForm} ${longForm}`;
    text += left.length > 28 ? `${left}\n${" ".repeat(29)}${help}\n` : `${left.padEnd(29)}${help}\n`;
  }
  return text;
}

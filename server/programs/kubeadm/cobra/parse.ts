import { parseGoDuration } from "../../../sim/kube/api/index.ts";
import type { CobraFlag, Command } from "./command.ts";
import { FALSE, Given, TRUE } from "./given.ts";

/** The command of a tree that the words name, and what is left of them. */
export interface Found {
  readonly command: Command;
  readonly path: string;
  readonly rest: readonly string[];
}

/** As cobra's Find: words that are neither flags nor their values name commands, as long as there are such. */
export function findCommand(root: Command, words: readonly string[]): Found {
  let found: Found = { command: root, path: root.name, rest: words };
  for (;;) {
    const { command, path, rest } = found;
    const at = firstOperand(rest, command);
    const name = at < 0 ? undefined : rest[at]!;
    const next = command.commands?.find((one) => one.name === name || (name && one.aliases?.includes(name)));
    if (!next) return found;
    found = { command: next, path: `${path} ${next.name}`, rest: rest.toSpliced(at, 1) };
  }
}

function firstOperand(words: readonly string[], { flags }: Command): number {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") return -1;
    if (!word.startsWith("-") || word === "-") return at;
    const flag = flags.find(({ name, short }) => word === `--${name}` || word === `-${short}`);
    if (!word.includes("=") && (word.startsWith("--") || word.length === 2) && !takesNothing(word, flag)) at++;
  }
  return -1;
}

function takesNothing(word: string, flag: CobraFlag | undefined): boolean {
  return flag?.type === "bool" || word === "-h" || word === "--help";
}

/** Reads flags as pflag does; an error in its words. */
export function parseFlags(flags: readonly CobraFlag[], words: readonly string[]): Given | { readonly error: string } {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const set = (flag: CobraFlag, as: string, text: string): string | undefined => {
    const wrong = mistake(flag, text);
    values.set(flag.name, [...(values.get(flag.name) ?? []), text]);
    return wrong === undefined ? undefined : `invalid argument ${JSON.stringify(text)} for "${as}" flag: ${wrong}`;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === "--") {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      operands.push(word);
      continue;
    }
    const long = word.startsWith("--");
    const [name, inline] = splitValue(word.slice(long ? 2 : 1));
    const letter = name.slice(0, 1);
    const flag = flags.find((one) => (long ? one.name === name : one.short === letter));
    if (!flag) return { error: long ? `unknown flag: --${name}` : `unknown shorthand flag: '${letter}' in ${word}` };
    const as = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    const attached = long ? inline : name.length > 1 ? word.slice(2) : inline;
    const text = attached ?? (flag.type === "bool" ? "true" : words[++at]);
    if (text === undefined)
      return { error: long ? `flag needs an argument: --${name}` : `flag needs an argument: '${letter}' in ${word}` };
    const error = set(flag, as, text);
    if (error !== undefined) return { error };
  }
  return new Given(values, operands);
}

function splitValue(word: string): [name: string, value: string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Why a text is no value of a flag, in the words of Go's strconv and time. */
function mistake({ type }: CobraFlag, text: string): string | undefined {
  const quoted = JSON.stringify(text);
  if (type === "bool" && !TRUE.has(text) && !FALSE.has(text)) return `strconv.ParseBool: parsing ${quoted}: invalid syntax`; // prettier-ignore
  if (type === "duration" && typeof parseGoDuration(text) !== "number") return `time: invalid duration ${quoted}`;
  if (type !== "int32" && type !== "Level") return undefined;
  if (!/^[-+]?\d+$/.test(text)) return `strconv.ParseInt: parsing ${quoted}: invalid syntax`;
  return Math.abs(Number(text)) > 2 ** 31 - 1 ? `strconv.ParseInt: parsing ${quoted}: value out of range` : undefined;
}

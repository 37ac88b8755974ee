import type { Process } from "../../../sim/host/index.ts";
import { Factory } from "../client/factory.ts";
import { clientFlags } from "../clientcmd/client-flags.ts";
import { GLOBAL_FLAGS } from "../clientcmd/global-flags.ts";
import type { Entry } from "../cobra/command.ts";
import { find, type Found } from "../cobra/find.ts";
import { FlagSet, normalName, type ParsedFlags } from "../cobra/flag-set.ts";
import { bool, type Flag, type Flags } from "../cobra/flag.ts";
import { isFailure } from "../output/failure.ts";
import type { Ports } from "../ports.ts";
import { ROOT } from "../verbs/index.ts";
import { DEFAULT, NO_FILES } from "./directive.ts";
import { offered, type Offered } from "./offered.ts";
import { completePlugin, pluginNames } from "./plugins.ts";

export interface Choices extends Offered {
  /** Why there is nothing to offer. */
  readonly error?: string;
}

/** What is known of the line when its last word is to be completed. */
interface Line {
  readonly found: Found;
  readonly flags: Flags;
  readonly parsed: ParsedFlags;
  readonly word: string;
  /** The flag whose value is completed. */
  readonly flag: Flag | undefined;
}

/** What the last of the words may become (cobra completions.go getCompletions). */
export async function choicesFor(process: Process, words: readonly string[], ports: Ports): Promise<Choices> {
  const before = words.slice(0, -1);
  const last = words.at(-1)!;
  const [first] = before;
  if (first !== undefined && !first.startsWith("-") && !ROOT.subcommands!.some(({ name }) => name === first))
    return completePlugin(process, before, last);
  const found = await find(ROOT, GLOBAL_FLAGS, before);
  if (found.command === ROOT && hasArguments(found))
    return { choices: [], directive: DEFAULT, error: `unable to find a command for arguments: [${before.join(" ")}]` };
  const line = readLine(found, last);
  if ("choices" in line) return line;
  if (line.parsed.given.has("help")) return { choices: [], directive: NO_FILES };
  const mayBeFlag = line.parsed.dash < 0;
  if (!line.flag && mayBeFlag && line.word.startsWith("-") && !line.word.includes("="))
    return { choices: flagNames(line), directive: NO_FILES };
  return argumentOrValue(process, line, ports);
}

function hasArguments({ args }: Found): boolean {
  const parsed = new FlagSet(GLOBAL_FLAGS).parse(args);
  return !isFailure(parsed) && parsed.args.length > 0;
}

/** Reads the flags before the word, and whether the word is the value of one (checkIfFlagCompletion). */
function readLine(found: Found, last: string): Line | Choices {
  const name = found.names.at(-1) ?? "kubectl";
  const flags: Flags = { ...GLOBAL_FLAGS, ...found.command.flags, help: bool(`help for ${name}`, { shorthand: "h" }) };
  const set = new FlagSet(flags);
  let { args } = found;
  let word = last;
  let flag: Flag | undefined;
  let unknown: string | undefined;
  const equals = last.startsWith("-") ? last.indexOf("=") : -1;
  const previous = args.at(-1) ?? "";
  if (equals >= 0) {
    const flagName = last.startsWith("--") ? last.slice(2, equals) : last.slice(equals - 1, equals);
    flag = flagOf(set, flagName);
    if (flag) word = last.slice(equals + 1);
    else unknown = flagName;
  } else if (!last.startsWith("-") && isFlag(previous) && !previous.includes("=")) {
    const flagName = previous.startsWith("--") ? previous.slice(2) : previous.slice(-1);
    flag = flagOf(set, flagName);
    if (!flag) unknown = flagName;
    else if (flag.optional !== undefined) flag = undefined;
    else args = args.slice(0, -1);
  }
  const parsed = set.parse(args);
  const fail = (error: string): Choices => ({ choices: [], directive: DEFAULT, error });
  if (isFailure(parsed)) return fail(`Error while parsing flags from args [${args.join(" ")}]: ${parsed.error}`);
  if (unknown !== undefined && parsed.dash < 0) return fail(`Subcommand '${name}' does not support flag '${unknown}'`);
  return { found, flags, parsed, word, flag: parsed.dash < 0 ? flag : undefined };
}

function flagOf(set: FlagSet, name: string): Flag | undefined {
  return name.length === 1 ? set.byLetter(name) : set.byName(normalName(name));
}

/** Could it be a whole flag? (cobra isFlagArg) */
function isFlag(word: string): boolean {
  return /^(?:--.|-[^-])/.test(word);
}

/** Flags that are not given yet: inherited ones, then the command's own, by name. Required ones go before all others. */
function flagNames(line: Line): string[] {
  const required = requiredFlags(line);
  if (required.length > 0) return required;
  const { found, flags, parsed, word } = line;
  const own = found.names.length === 0 ? flags : { ...found.command.flags, help: flags["help"]! };
  const inherited = Object.keys(flags).filter((name) => !Object.hasOwn(own, name));
  const names = [...inherited.sort(), ...Object.keys(own).sort()];
  return names
    .filter((name) => (!parsed.given.has(name) || flags[name]!.repeats) && !isExcluded(line, name))
    .flatMap((name) => spellings(name, flags[name]!, word));
}

function requiredFlags({ found, flags, parsed, word }: Line): string[] {
  return (found.command.required ?? [])
    .filter((name) => !parsed.given.has(name))
    .sort()
    .flatMap((name) => spellings(name, flags[name]!, word));
}

/** Does a given flag leave no room for this one? */
function isExcluded({ found, parsed }: Line, name: string): boolean {
  return (found.command.exclusive ?? []).some(
    (group) => group.includes(name) && group.some((other) => other !== name && parsed.given.has(other)),
  );
}

function spellings(name: string, { usage, shorthand, hidden }: Flag, word: string): string[] {
  if (hidden) return [];
  const all = shorthand === undefined ? [`--${name}`] : [`--${name}`, `-${shorthand}`];
  return all.filter((spelling) => spelling.startsWith(word)).map((spelling) => `${spelling}\t${usage}`);
}

async function argumentOrValue(process: Process, line: Line, ports: Ports): Promise<Choices> {
  const { found, parsed, word, flag } = line;
  const choices: string[] = [];
  let directive = DEFAULT;
  if (!flag) {
    const { subcommands = [] } = found.command;
    const ownGiven = [...parsed.given].some(
      (name) => found.names.length > 0 && Object.hasOwn(found.command.flags, name),
    );
    if (subcommands.length > 0 && parsed.args.length === 0 && !ownGiven) {
      const plugins = found.command === ROOT && parsed.given.size === 0 ? pluginNames(process) : [];
      choices.push(...commandLines([...subcommands, ...plugins], word));
      directive = NO_FILES;
    }
    choices.push(...requiredFlags(line));
  }
  const offer = flag ? flag.offer : found.command.arguments;
  if (!offer) return { choices, directive };
  const place = { word, args: parsed.args, isValue: flag !== undefined };
  const factory = new Factory(process, clientFlags(found.command, parsed, process.env), ports, () => Promise.resolve());
  try {
    const more = await offered(factory, offer, place);
    return { choices: [...choices, ...more.choices], directive: more.directive };
  } finally {
    factory.close();
  }
}

function commandLines(entries: readonly Pick<Entry, "name" | "summary" | "unavailable">[], word: string): string[] {
  return entries
    .filter(({ name, unavailable }) => !unavailable && name.startsWith(word))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, summary }) => `${name}\t${summary}`);
}

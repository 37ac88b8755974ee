import type { Command, Entry } from "./command.ts";
import { FlagSet, normalName } from "./flag-set.ts";
import type { Flags } from "./flag.ts";

/** A command with the names that lead to it. */
export interface Found {
  readonly command: Command;
  readonly names: readonly string[];
  /** The arguments without those names. */
  readonly args: readonly string[];
}

/** Follows the words of a command line down to the command that they name (cobra Command.Find). */
export async function find(root: Command, globals: Flags, args: readonly string[]): Promise<Found> {
  let command = root;
  let rest = args;
  const names: string[] = [];
  for (;;) {
    const flags = new FlagSet({ ...globals, ...command.flags });
    const word = words(rest, flags)[0];
    const entry = word === undefined ? undefined : entryOf(command, word);
    if (!entry) return { command, names, args: rest };
    rest = withoutFirst(rest, word!, flags);
    names.push(entry.name);
    command = await entry.load();
  }
}

export function entryOf(command: Command, name: string): Entry | undefined {
  return command.subcommands?.find((entry) => entry.name === name || entry.aliases?.includes(name));
}

/** Whether a word is a flag that takes the next word as its value. */
function takesNext(word: string, flags: FlagSet): boolean {
  if (word.includes("=")) return false;
  if (word.startsWith("--")) return flags.byName(normalName(word.slice(2)))?.optional === undefined;
  return word.startsWith("-") && word.length === 2 && flags.byLetter(word[1]!)?.optional === undefined && word !== "-h";
}

/** The words that are neither flags nor their values, as far as one can tell before the command is known (stripFlags). */
export function words(args: readonly string[], flags: FlagSet): string[] {
  const found: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (word === "--") break;
    if (takesNext(word, flags)) {
      if (args.length - at <= 2) break;
      at++;
    } else if (word !== "" && !word.startsWith("-")) found.push(word);
  }
  return found;
}

/** The arguments without the first that is `word` and not a flag's value (argsMinusFirstX). */
function withoutFirst(args: readonly string[], word: string, flags: FlagSet): readonly string[] {
  for (let at = 0; at < args.length; at++) {
    if (args[at] === "--") break;
    if (takesNext(args[at]!, flags)) at++;
    else if (args[at] === word) return [...args.slice(0, at), ...args.slice(at + 1)];
  }
  return args;
}

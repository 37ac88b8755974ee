import type { CompletionSpec } from "../completion/completions.ts";
import { ACTION_LETTERS } from "../completion/sources.ts";
import { singleQuote } from "../expansion/quote.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { readCompletionOptions } from "./completion-options.ts";
import { usage } from "./usage.ts";

export const complete: PlainBuiltin = {
  name: "complete",
  synopsis:
    "[-abcdefgjksuv] [-pr] [-DEI] [-o option] [-A action] [-G globpat] [-W wordlist] [-F function] [-C command] [-X filterpat] [-P prefix] [-S suffix] [name ...]",
  summary: "Says how the arguments of commands are completed.",
  run(shell, args) {
    const parsed = readCompletionOptions(shell, complete, args, "prDEI");
    if (!parsed) return 2;
    const { spec, flags, rest } = parsed;
    const special = ["D", "E", "I"].filter((letter) => flags.has(letter)).map((letter) => `-${letter}`);
    const names = special.length > 0 ? special : rest;
    if (flags.has("r")) return forget(shell, names);
    if (flags.has("p") || args.length === 0) return show(shell, names);
    if (names.length === 0) return usage(shell, complete);
    for (const name of names) shell.completions.set(name, spec);
    return 0;
  },
};

function forget(shell: Shell, names: readonly string[]): number {
  if (names.length === 0) shell.completions.clear();
  let status = 0;
  for (const name of names) {
    if (shell.completions.delete(name)) continue;
    shell.complainInBuiltin(`${name}: no completion specification`);
    status = 1;
  }
  return status;
}

function show(shell: Shell, names: readonly string[]): number {
  let status = 0;
  for (const name of names.length > 0 ? names : shell.completions.names()) {
    const spec = shell.completions.get(name);
    if (spec) shell.print(`${specText(name, spec)}\n`);
    else {
      shell.complainInBuiltin(`${name}: no completion specification`);
      status = 1;
    }
  }
  return status;
}

/** A spec as a command that makes it again. As print_one_completion of builtins/complete.def. */
function specText(name: string, spec: CompletionSpec): string {
  const words = ["complete"];
  for (const option of ["bashdefault", "default", "dirnames", "filenames", "noquote", "nosort", "nospace", "plusdirs"])
    if (spec.options.has(option)) words.push(`-o ${option}`);
  for (const action of spec.actions) {
    const letter = Object.keys(ACTION_LETTERS).find((key) => ACTION_LETTERS[key] === action);
    words.push(letter === undefined ? `-A ${action}` : `-${letter}`);
  }
  if (spec.glob !== undefined) words.push(`-G ${singleQuote(spec.glob)}`);
  if (spec.words !== undefined) words.push(`-W ${singleQuote(spec.words)}`);
  if (spec.prefix !== undefined) words.push(`-P ${singleQuote(spec.prefix)}`);
  if (spec.suffix !== undefined) words.push(`-S ${singleQuote(spec.suffix)}`);
  if (spec.filter !== undefined) words.push(`-X ${singleQuote(spec.filter)}`);
  if (spec.functionName !== undefined) words.push(`-F ${spec.functionName}`);
  if (spec.command !== undefined) words.push(`-C ${singleQuote(spec.command)}`);
  return [...words, name].join(" ");
}

import { decode } from "../../sim/kernel/index.ts";
import { expandText, expandWord } from "../expansion/expand.ts";
import { singleQuote } from "../expansion/quote.ts";
import { glob } from "../expansion/pathname.ts";
import { assign } from "../interpreter/assignment.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { Pattern } from "../pattern/index.ts";
import { parse, parseQuoted } from "../syntax/index.ts";
import { IndexedArray } from "../variables/index.ts";
import type { CompletionSpec } from "./completions.ts";
import { SOURCES } from "./sources.ts";

/** What is being completed, for functions and commands of a spec. */
export interface CompletionCall {
  readonly name: string;
  readonly word: string;
  readonly previous: string;
  readonly line: string;
  readonly point: number;
  readonly words: readonly string[];
  readonly index: number;
  /** 9 for Tab, 63 for a list after successive Tabs. */
  readonly type: number;
}

/** What a spec generates; undefined if its function asks for another try, having changed the specs (status 124). */
export function* generate(
  shell: Shell,
  spec: CompletionSpec,
  word: string,
  call: CompletionCall | undefined,
): Steps<string[] | undefined> {
  let found: string[] = spec.actions.flatMap((action) => SOURCES[action]?.(shell, word) ?? []);
  if (spec.glob !== undefined) found.push(...glob(shell, spec.glob));
  if (spec.words !== undefined) found.push(...(yield* listedWords(shell, spec.words)).filter((text) => text.startsWith(word))); // prettier-ignore
  if (spec.functionName !== undefined && call) {
    const reply = yield* callFunction(shell, spec.functionName, call);
    if (reply === undefined) return undefined;
    found.push(...reply);
  }
  if (spec.command !== undefined && call) found.push(...(yield* callCommand(shell, spec.command, call)));
  if (spec.filter !== undefined) found = filtered(shell, found, spec.filter, word);
  const { prefix = "", suffix = "" } = spec;
  return prefix === "" && suffix === "" ? found : found.map((text) => prefix + text + suffix);
}

/** The words of `-W`: expanded, and cut at IFS; quotes keep together. */
function* listedWords(shell: Shell, text: string): Steps<string[]> {
  const ifs = shell.variables.get("IFS") ?? " \t\n";
  if (!/['"\\$`]/.test(text)) return cutAt(text, ifs);
  const [unit] = parse(`_ ${text.replaceAll("\n", ifs.includes("\n") ? " " : "\n")}`).units;
  const command = unit?.list[0]?.command;
  if (command?.type !== "simple" || ifs !== " \t\n") return cutAt(yield* expandText(shell, parseQuoted(text)), ifs);
  const words: string[] = [];
  for (const word of command.words.slice(1)) if (!("type" in word)) yield* expandWord(shell, word, words);
  return words;
}

function cutAt(text: string, ifs: string): string[] {
  const words: string[] = [];
  let word = "";
  for (const char of text) {
    if (!ifs.includes(char)) word += char;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  if (word !== "") words.push(word);
  return words;
}

/** `-X`: what matches is left out; with `!` what does not. `&` stands for the word. */
function filtered(shell: Shell, found: readonly string[], filter: string, word: string): string[] {
  const negated = filter.startsWith("!");
  const text = (negated ? filter.slice(1) : filter).replace(/\\&|&/g, (match) => (match === "&" ? word : "&"));
  const pattern = Pattern.of(text, { extglob: shell.options.shopt("extglob"), ignoreCase: false });
  return found.filter((name) => pattern.matches(name) === negated);
}

function setVariables(shell: Shell, call: CompletionCall): () => void {
  const set = (name: string, value: string): void => assign(shell, { name, subscript: undefined }, value);
  set("COMP_LINE", call.line);
  set("COMP_POINT", String(call.point));
  set("COMP_CWORD", String(call.index));
  set("COMP_TYPE", String(call.type));
  set("COMP_KEY", "9");
  shell.variables.put("COMP_WORDS", new IndexedArray(call.words));
  return () => {
    for (const name of ["COMP_LINE", "COMP_POINT", "COMP_CWORD", "COMP_TYPE", "COMP_KEY", "COMP_WORDS"]) shell.variables.unset(name); // prettier-ignore
  };
}

function* callFunction(shell: Shell, name: string, call: CompletionCall): Steps<string[] | undefined> {
  const called = shell.functions.get(name);
  if (!called) {
    shell.writeError(`${shell.messageName}: completion: function \`${name}' not found\n`);
    return [];
  }
  const restore = setVariables(shell, call);
  shell.variables.unset("COMPREPLY");
  const { lastStatus } = shell;
  const status = yield* shell.interpreter.call(shell, called, [call.name, call.word, call.previous]);
  shell.lastStatus = lastStatus;
  restore();
  if (status === 124) return undefined;
  const reply = shell.variables.data("COMPREPLY");
  shell.variables.unset("COMPREPLY");
  if (reply instanceof IndexedArray) return reply.values();
  return typeof reply === "string" ? [reply] : [];
}

function* callCommand(shell: Shell, command: string, call: CompletionCall): Steps<string[]> {
  const restore = setVariables(shell, call);
  const names = ["COMP_LINE", "COMP_POINT", "COMP_TYPE", "COMP_KEY"];
  for (const name of names) shell.variables.setExported(name, true);
  const { lastStatus } = shell;
  const text = `${command} ${[call.name, call.word, call.previous].map(singleQuote).join(" ")}`;
  const output = yield* shell.substitution.command(text);
  shell.lastStatus = lastStatus;
  restore();
  return decode(output).split(/\n/).map((line) => line.replace(/\\(\n)/g, "$1")).filter((line) => line !== ""); // prettier-ignore
}

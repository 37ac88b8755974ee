import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import type { CompletionSpec } from "./completions.ts";
import { currentCommand, currentWord, WORD_BREAKS, type CurrentCommand, type CurrentWord } from "./current-word.ts";
import { generate } from "./programmable.ts";
import { files, isDirectory, SOURCES } from "./sources.ts";

/** Something that a word can become. */
export interface Match {
  /** What is put into the line, quoted as it must be. */
  readonly insertion: string;
  /** What a list shows. */
  readonly display: string;
}

export interface Completion {
  /** Where what is replaced starts. */
  readonly start: number;
  readonly matches: readonly Match[];
  /** What all matches begin with. */
  readonly common: string;
  /** What follows a single match: a blank, the closing quote, or nothing behind a directory. */
  readonly ending: string;
}

/** What was found, before it is quoted. */
interface Found {
  readonly names: readonly string[];
  /** They are file names: quoted, shown without their directory, directories with a slash. */
  readonly areFiles: boolean;
  readonly space: boolean;
  /** They stay in their order (`-o nosort`). */
  readonly unsorted?: boolean;
}

/**
 * Completes the word before the cursor; undefined if there is nothing to go by. `type` is how it was asked for, as COMP_TYPE
 * has it: 9 for Tab, 63 for a list after another Tab, 42 to put in everything.
 */
export function* completeLine(shell: Shell, line: string, cursor: number, type = 9): Steps<Completion | undefined> {
  const breaks = shell.variables.get("COMP_WORDBREAKS") ?? WORD_BREAKS;
  const word = currentWord(line, cursor, breaks);
  const command = currentCommand(line, cursor, breaks);
  const found = yield* find(shell, line, cursor, word, command, type);
  if (!found || found.names.length === 0) return undefined;
  return finish(shell, word, found);
}

function* find(
  shell: Shell,
  line: string,
  cursor: number,
  word: CurrentWord,
  command: CurrentCommand,
  type: number,
): Steps<Found | undefined> {
  if (command.isName && !command.isFile) {
    if (line.slice(command.start, cursor).trim() === "" && shell.options.shopt("no_empty_cmd_completion"))
      return undefined;
    return findCommand(shell, word);
  }
  if (!command.isFile && shell.options.shopt("progcomp")) {
    const programmed = yield* program(shell, line, cursor, word, command, type);
    if (programmed) return programmed;
  }
  return byShape(shell, word);
}

function findCommand(shell: Shell, word: CurrentWord): Found | undefined {
  const shaped = /^[$~]/.test(word.text) ? byShape(shell, word) : undefined;
  if (shaped && shaped.names.length > 0) return shaped;
  const isPath = word.text.includes("/");
  return { names: SOURCES["command"]!(shell, word.text), areFiles: isPath, space: true };
}

/** Variables behind `$`, users behind `~`, else files. */
function byShape(shell: Shell, word: CurrentWord): Found {
  const { text, quote } = word;
  const variable = /^\$(\{?)(\w*)$/.exec(text);
  if (variable && quote !== "'") {
    const [, brace, start] = variable as unknown as [string, string, string];
    const names = SOURCES["variable"]!(shell, start).map((name) => `$${brace}${name}${brace && "}"}`);
    return { names, areFiles: false, space: true };
  }
  if (/^~[^/]*$/.test(text) && quote === "") {
    const names = SOURCES["user"]!(shell, text.slice(1)).map((name) => `~${name}`);
    if (names.length > 0) return { names, areFiles: true, space: false };
  }
  if (text.startsWith("@") && shell.options.shopt("hostcomplete")) {
    const names = SOURCES["hostname"]!(shell, text.slice(1)).map((name) => `@${name}`);
    if (names.length > 0) return { names, areFiles: false, space: true };
  }
  return { names: files(shell, text, false), areFiles: true, space: true };
}

/** What the spec of the command says; undefined if there is none, or it leaves the word to the usual completion. */
function* program(
  shell: Shell,
  line: string,
  cursor: number,
  word: CurrentWord,
  command: CurrentCommand,
  type: number,
): Steps<Found | undefined> {
  const { words, index } = command;
  const name = words[0];
  if (name === undefined) return undefined;
  for (let round = 0; round < 8; round++) {
    const spec = specFor(shell, name);
    if (!spec) return undefined;
    const options = new Set(spec.options);
    shell.completions.running = options;
    const names = yield* generate(shell, spec, word.text, {
      name,
      word: word.text,
      previous: words[index - 1] ?? "",
      line: line.slice(command.start).trimStart(),
      point: cursor - command.start - (line.slice(command.start).length - line.slice(command.start).trimStart().length),
      words,
      index,
      type,
    });
    shell.completions.running = undefined;
    if (names === undefined) continue;
    return settle(shell, word, names, options);
  }
  return undefined;
}

function specFor(shell: Shell, name: string): CompletionSpec | undefined {
  const { completions } = shell;
  const base = name.slice(name.lastIndexOf("/") + 1);
  return completions.get(name) ?? (base !== name ? completions.get(base) : undefined) ?? completions.get("-D");
}

/** Applies the options of a spec (`-o`): what to do if it found nothing, and how names are put in. */
function settle(
  shell: Shell,
  word: CurrentWord,
  names: readonly string[],
  options: ReadonlySet<string>,
): Found | undefined {
  const found: Found = {
    names,
    areFiles: options.has("filenames"),
    space: !options.has("nospace"),
    unsorted: options.has("nosort"),
  };
  if (options.has("plusdirs")) return { ...found, names: [...names, ...files(shell, word.text, true)], areFiles: true };
  if (names.length > 0) return found;
  if (options.has("dirnames")) return { names: files(shell, word.text, true), areFiles: true, space: true };
  if (options.has("default") || options.has("bashdefault")) return undefined;
  return found;
}

function finish(shell: Shell, word: CurrentWord, { names, areFiles, space, unsorted = false }: Found): Completion {
  const sorted = [...new Set(unsorted ? names : names.toSorted(byCode))];
  const matches = sorted.map((name): Match => {
    const directory = areFiles && isDirectory(shell, name);
    const shown = areFiles ? name.slice(name.replace(/\/$/, "").lastIndexOf("/") + 1) : name;
    return {
      insertion: areFiles ? quoteName(name, word.quote) : name,
      display: directory && !shown.endsWith("/") ? `${shown}/` : shown,
    };
  });
  const [only] = sorted;
  const single = sorted.length === 1 && areFiles && isDirectory(shell, only!);
  const isTilde = single && /^~[^/]*$/.test(only!);
  const ending = single ? (only!.endsWith("/") && !isTilde ? "" : "/") : `${word.quote}${space ? " " : ""}`;
  return { start: word.start, matches, common: commonStart(matches.map((match) => match.insertion)), ending };
}

function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A file name as it must be typed: with backslashes, or inside the quotes that are open. */
function quoteName(name: string, quote: CurrentWord["quote"]): string {
  if (quote === "'") return name.replaceAll("'", "'\\''");
  if (quote === '"') return name.replace(/[$`"\\]/g, "\\$&");
  const head = /^~[^/]*/.exec(name)?.[0] ?? /^\$(?:\w+|\{\w+\})(?=\/)/.exec(name)?.[0] ?? "";
  return head + name.slice(head.length).replace(/[ \t\n\\'"`$&|;()<>!*?[\]{}#]/g, "\\$&");
}

function commonStart(texts: readonly string[]): string {
  const [first = "", ...others] = texts;
  let length = first.length;
  for (const text of others) {
    let at = 0;
    while (at < length && text[at] === first[at]) at++;
    length = at;
  }
  // Not in the middle of a backslash and what it quotes.
  const common = first.slice(0, length);
  return /(^|[^\\])(\\\\)*\\$/.test(common) && length < first.length ? common.slice(0, -1) : common;
}

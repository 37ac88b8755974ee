import type { Editor, Steps } from "../editor.ts";
import { setFiletype } from "../filetype.ts";
import { Options } from "../options.ts";
import type { ExCall } from "./ex-command.ts";

/** `:set`, with any number of options. */
export function* set(call: ExCall): Steps<boolean> {
  const { editor, argument } = call;
  const words = argument.replace(/(?:^|\s)".*$/, "").match(/(?:\\.|\S)+/g) ?? [];
  if (words.length === 0 || (words.length === 1 && words[0] === "all")) {
    const names = words.length === 0 ? editor.options.changed() : [...new Set(allNames())];
    const lines = names.toSorted().map((name) => describe(editor, name));
    yield* editor.show([
      words.length === 0 ? ":set" : ":set all",
      "--- Options ---",
      ...inColumns(lines, editor.view.cols),
    ]);
    return true;
  }
  const shown: string[] = [];
  for (const word of words) {
    const result = setOption(editor, word);
    if (result === false) return false;
    if (typeof result === "string") shown.push(result);
  }
  if (shown.length === 1) editor.say(shown[0]!);
  else if (shown.length > 1) yield* editor.show(shown);
  return true;
}

function allNames(): string[] {
  return Options.names().filter((name) => Options.spec(name)!.simulated !== false);
}

/** As showoptions(): columns of 20, what is longer in lines of its own. */
function inColumns(items: readonly string[], width: number): string[] {
  const short = items.filter((item) => item.length <= 18);
  const long = items.filter((item) => item.length > 18);
  const columns = Math.max(1, Math.floor((width + 3 - 1) / 20));
  const rows = Math.ceil(short.length / columns);
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (let column = 0; column < columns; column++) line += (short[row + column * rows] ?? "").padEnd(20);
    lines.push(line.trimEnd());
  }
  return [...lines, ...long];
}

function describe(editor: Editor, name: string): string {
  const value = editor.options.get(name);
  return typeof value === "boolean" ? `${value ? "  " : "no"}${name}` : `  ${name}=${value}`;
}

/** Sets one option as `:set` and ~/.vimrc say it; a text is to be shown, false was said. */
export function setOption(editor: Editor, word: string): string | boolean {
  const match = /^(no|inv)?([a-zA-Z_]+)(.*)$/s.exec(word);
  if (editor.flavour === "busybox" && !/^(?:no)?(?:ai|autoindent|et|expandtab|ic|ignorecase|ts=\d+|tabstop=\d+)$/.test(word)) return editor.error(`E518: Unknown option: ${word}`); // prettier-ignore
  if (!match) return editor.error(`E518: Unknown option: ${word}`);
  let [, prefix, name, rest] = match as unknown as [string, string | undefined, string, string];
  let spec = Options.spec(name);
  // `nonumber`, but also `notimeout`, `nowrap`: the longer name wins.
  if (prefix !== undefined && Options.spec(prefix + name)) {
    spec = Options.spec(prefix + name);
    prefix = undefined;
  }
  if (!spec) return editor.error(`E518: Unknown option: ${word}`);
  name = spec.name;
  if (rest === "?") return spec.simulated === false ? notSimulated(editor, name) : describe(editor, name);
  if (spec.simulated === false) return notSimulated(editor, name);
  if (rest === "&") {
    editor.options.set(name, spec.initial);
    return applied(editor, name);
  }
  if (typeof spec.initial === "boolean") {
    if (rest !== "" && rest !== "!") return editor.error(`E474: Invalid argument: ${word}`);
    const value = rest === "!" || prefix === "inv" ? !editor.options.on(name) : prefix === undefined;
    editor.options.set(name, value);
    return applied(editor, name);
  }
  if (prefix !== undefined) return editor.error(`E474: Invalid argument: ${word}`);
  if (rest === "") return describe(editor, name);
  const assigned = /^([+^-]?)[=:](.*)$/s.exec(rest);
  if (!assigned) return editor.error(`E488: Trailing characters: ${rest}: ${word}`);
  const [, operator, text] = assigned as unknown as [string, string, string];
  if (typeof spec.initial === "number") {
    if (!/^-?\d+$/.test(text)) return editor.error(`E521: Number required after =: ${word}`);
    const old = editor.options.number(name);
    const given = Number(text);
    const value =
      operator === "+" ? old + given : operator === "-" ? old - given : operator === "^" ? old * given : given;
    if (value < 0 && name !== "softtabstop" && name !== "undolevels")
      return editor.error(`E487: Argument must be positive: ${word}`);
    if (value === 0 && name === "tabstop") return editor.error(`E487: Argument must be positive: ${word}`);
    editor.options.set(name, value);
    return applied(editor, name);
  }
  const old = editor.options.text(name);
  const value = text.replace(/\\(.)/g, "$1");
  if (name === "fileformat" && !/^(?:unix|dos)$/.test(value)) return value === "mac" ? notSimulated(editor, "ff=mac") : editor.error(`E474: Invalid argument: ${word}`); // prettier-ignore
  const joined = operator === "+" ? [old, value].filter((part) => part !== "").join(",") : operator === "-" ? old.split(",").filter((part) => part !== value).join(",") : operator === "^" ? [value, old].filter((part) => part !== "").join(",") : value; // prettier-ignore
  editor.options.set(name, joined);
  return applied(editor, name);
}

function notSimulated(editor: Editor, name: string): boolean {
  return editor.notSimulated(`:set ${name}`);
}

/** What follows from a new value. */
function applied(editor: Editor, name: string): boolean {
  if (name === "filetype") setFiletype(editor, editor.options.text("filetype"));
  if (name === "hlsearch") editor.noHighlight = false;
  if (name === "fileformat") editor.buffer.modified = true;
  if (name === "paste") editor.pasteMode(editor.options.on("paste"));
  return true;
}

import { Errno } from "../../../sim/host/index.ts";
import type { Editor } from "../editor.ts";
import { loadFile, parse, toIndent, writeFile } from "../files.ts";
import type { ExCommand } from "./ex-command.ts";
import { insertLines } from "./line-commands.ts";
import { writeWhole } from "./quit.ts";
import { shellCommand } from "./shell.ts";

export const write: ExCommand = {
  range: true, bang: true, argument: true,
  *run(call) {
    const { editor, range, bang, argument, raw } = call;
    const { buffer } = editor;
    const [from, to] = range.given === 0 ? [0, buffer.count - 1] : [range.from, range.to];
    if (/^[ \t]*!/.test(raw) && raw.startsWith(" ")) return yield* shellCommand(editor, argument.slice(1), `${buffer.lines.slice(from, to + 1).join("\n")}\n`);
    const append = argument.startsWith(">>");
    const name = fileName(editor, append ? argument.slice(2).trim() : argument);
    if (name === false) return false;
    if (from === 0 && to === buffer.count - 1 && !append && (name === undefined || name === editor.file)) {
      return yield* writeWhole(editor, bang, name);
    }
    return writeFile(editor, { bang, append, from, to, ...(name === undefined ? {} : { name }) });
  },
}; // prettier-ignore

/** A file's name with `%` and `#` put in; undefined without one. */
export function fileName(editor: Editor, argument: string): string | undefined | false {
  if (argument === "") return undefined;
  let missing = false;
  const name = argument.replace(/\\([%# \\])|[%#]/g, (whole, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = whole === "%" ? editor.file : editor.alternate;
    if (value === "") missing = true;
    return value;
  });
  if (missing) return editor.error(argument.includes("#") ? "E194: No alternate file name to substitute for '#'" : 'E499: Empty file name for \'%\' or \'#\', only works with ":p:h"'); // prettier-ignore
  return name;
}

export const edit: ExCommand = {
  bang: true, argument: true,
  run(call) {
    const { editor, bang, argument } = call;
    const plus = /^\+(\S*)\s*/.exec(argument);
    const name = fileName(editor, plus ? argument.slice(plus[0].length) : argument);
    if (name === false) return false;
    const again = name === undefined || name === editor.file;
    if (again && editor.file === "" && name === undefined) return editor.error("E32: No file name");
    if (editor.buffer.modified && !bang) return editor.error("E37: No write since last change (add ! to override)");
    const { line } = editor.cursor;
    const fine = loadFile(editor, name ?? editor.file);
    if (again && fine) toIndent(editor, Math.min(line, editor.buffer.count - 1));
    if (plus) startCommand(editor, plus[1]!);
    return true;
  },
}; // prettier-ignore

/** `+N`, `+/pattern` and `+` behind a command or an argument of vi. */
export function startCommand(editor: Editor, command: string): void {
  if (command === "" || command === "$") toIndent(editor, editor.buffer.count - 1);
  else if (/^\d+$/.test(command)) toIndent(editor, Math.max(0, Math.min(editor.buffer.count, Number(command)) - 1));
}

export const read: ExCommand = {
  range: true, bang: true, argument: true, zero: true,
  *run(call) {
    const { editor, range, argument } = call;
    const at = range.to + 1;
    if (argument.startsWith("!") || (call.bang && argument !== "")) {
      const command = argument.replace(/^!/, "");
      const answer = yield { kind: "shell", command, input: "" };
      const text = parse(undefined, answer.output ?? "");
      const lines = answer.output === "" ? [] : text.lines;
      if (lines.length > 0) insertLines(editor, at, lines);
      editor.redraw = true;
      if (lines.length > 0) editor.moveTo({ line: at + lines.length - 1, col: 0 });
      if (lines.length > 0) toIndent(editor, at);
      editor.reportLines(lines.length);
      return true;
    }
    const name = fileName(editor, argument);
    if (name === false) return false;
    const path = name ?? editor.file;
    if (path === "") return editor.error("E32: No file name");
    const found = editor.disk.read(editor.disk.expand(path));
    if (found instanceof Errno) {
      if (found.code === "EISDIR") return editor.error(`E17: "${path}" is a directory`);
      return editor.error(`E484: Can't open file ${path}`);
    }
    const { lines } = parse(undefined, found.bytes);
    if (found.bytes !== "") insertLines(editor, at, lines);
    if (found.bytes !== "") toIndent(editor, at);
    editor.echo(`"${path}" ${found.bytes === "" ? 0 : lines.length}L, ${found.bytes.length}B`);
    return true;
  },
}; // prettier-ignore

export const arguments_ = (to: (editor: Editor, count: number) => number): ExCommand => ({
  bang: true, argument: true, range: true,
  run({ editor, bang, argument, range }) {
    const count = range.given > 0 ? range.to + 1 : Number(argument) || 1;
    const index = to(editor, count);
    if (editor.args.length <= 1 && index !== 0) return editor.error("E163: There is only one file to edit");
    if (index < 0) return editor.error("E164: Cannot go before first file");
    if (index >= editor.args.length) return editor.error("E165: Cannot go beyond last file");
    if (editor.buffer.modified && !bang) return editor.error("E37: No write since last change (add ! to override)");
    editor.argIndex = index;
    loadFile(editor, editor.args[index]!);
    return true;
  },
}); // prettier-ignore

export const quitAll: ExCommand = {
  bang: true,
  run({ editor, bang }) {
    if (editor.buffer.modified && !bang) return editor.error(`E37: No write since last change (add ! to override)`);
    editor.exit = 0;
    return true;
  },
};

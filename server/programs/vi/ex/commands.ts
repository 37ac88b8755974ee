import { Errno } from "../../../sim/host/index.ts";
import { columnAt, firstNonBlank } from "../chars.ts";
import type { Editor, Steps } from "../editor.ts";
import { fileInfo, loadFile, parse, toIndent, writeFile } from "../files.ts";
import { setFiletype } from "../filetype.ts";
import { shiftLine, blanks } from "../indent.ts";
import { joinLines } from "../join.ts";
import { undoStep } from "../undo-command.ts";
import { global } from "./global.ts";
import { quitCommand, writeQuit, writeWhole } from "./quit.ts";
import { readRange } from "./range.ts";
import { filterLines, shellCommand } from "./shell.ts";
import { set } from "./set.ts";
import { sortLines } from "./sort.ts";
import { substitute } from "./substitute.ts";

export interface ExCall {
  readonly editor: Editor;
  readonly name: string;
  readonly range: { readonly from: number; readonly to: number; readonly given: number };
  readonly bang: boolean;
  readonly argument: string;
  /** The argument with the blanks around it. */
  readonly raw: string;
  /** The whole command, for messages. */
  readonly line: string;
}

export interface ExCommand {
  readonly range?: true;
  readonly bang?: true;
  readonly argument?: true;
  /** Line 0 is one, as for `:0r`. */
  readonly zero?: true;
  /** False: it failed, and has said so. */
  run(call: ExCall): Steps<boolean> | boolean;
}

/** `[x] [count]` behind `:d`, `:y`, `:>`: a register and a number of lines. False if there is more. */
function registerAndCount(
  { editor, argument, range, line }: ExCall,
  registers: boolean,
): { from: number; to: number; register: string | undefined } | false {
  // prettier-ignore
  const match = (registers ? /^([a-zA-Z"0-9+*_-]?)\s*(\d*)$/ : /^()(\d*)$/).exec(argument);
  if (!match) return editor.error(`E488: Trailing characters: ${argument}: ${line}`);
  let [, register, digits] = match as unknown as [string, string, string];
  if (/^\d$/.test(register)) [register, digits] = ["", register + digits];
  const { from, to } = range;
  if (digits === "") return { from, to, register: register || undefined };
  return { from: to, to: Math.min(editor.buffer.count - 1, to + Number(digits) - 1), register: register || undefined };
}

const deleteLines: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor } = call;
    const what = registerAndCount(call, true);
    if (!what) return false;
    const { buffer } = editor;
    if (buffer.none) return true;
    const before = buffer.count;
    editor.registers.delete(what.register, { kind: "line", lines: buffer.lines.slice(what.from, what.to + 1) }, true);
    buffer.replace(what.from, what.to - what.from + 1, []);
    if (what.to - what.from + 1 >= before) {
      buffer.none = true;
      editor.say("--No lines in buffer--");
    } else editor.reportLines(buffer.count - before);
    toIndent(editor, Math.min(what.from, buffer.count - 1));
    return true;
  },
}; // prettier-ignore

const yankLines: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor } = call;
    const what = registerAndCount(call, true);
    if (!what) return false;
    const lines = editor.buffer.lines.slice(what.from, what.to + 1);
    editor.registers.yank(what.register, { kind: "line", lines });
    if (lines.length > 2) editor.say(`${lines.length} lines yanked${what.register ? ` into "${what.register}` : ""}`);
    return true;
  },
}; // prettier-ignore

function shift(direction: 1 | -1): ExCommand {
  return {
    range: true,
    argument: true,
    run(call) {
      const { editor } = call;
      const more = /^[<>]*/.exec(call.argument)![0].length;
      const what = registerAndCount({ ...call, argument: call.argument.slice(more).trim() }, false);
      if (!what) return false;
      for (let line = what.from; line <= what.to; line++) {
        if (editor.buffer.line(line) !== "") shiftLine(editor, line, direction * (more + 1));
      }
      const lines = what.to - what.from + 1;
      toIndent(editor, what.to);
      if (lines > 2)
        editor.say(`${lines} lines ${direction > 0 ? ">" : "<"}ed ${more + 1} ${more === 0 ? "time" : "times"}`);
      return true;
    },
  };
}

function targetLine(call: ExCall): number | false {
  const { editor, argument } = call;
  const target = readRange(editor, argument);
  if (target === false) return false;
  if (target.given === 0) return editor.error("E14: Invalid address");
  if (target.to >= editor.buffer.count || target.to < -1) return editor.error("E16: Invalid range");
  return target.to;
}

const copy: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor, range } = call;
    const to = targetLine(call);
    if (to === false) return false;
    const lines = editor.buffer.lines.slice(range.from, range.to + 1);
    editor.buffer.replace(to + 1, 0, lines);
    toIndent(editor, to + lines.length);
    editor.reportLines(lines.length);
    return true;
  },
}; // prettier-ignore

const move: ExCommand = {
  range: true, argument: true,
  run(call) {
    const { editor, range } = call;
    const { buffer } = editor;
    const to = targetLine(call);
    if (to === false) return false;
    const { from, to: end } = range;
    if (to >= from && to < end) return editor.error("E134: Cannot move a range of lines into itself");
    const lines = buffer.lines.slice(from, end + 1);
    if (to === end || to === from - 1) {
      toIndent(editor, to === end ? end : end);
      return true;
    }
    if (to > end) {
      buffer.replace(to + 1, 0, lines);
      buffer.replace(from, lines.length, []);
      toIndent(editor, to);
    } else {
      buffer.replace(from, lines.length, []);
      buffer.replace(to + 1, 0, lines);
      toIndent(editor, to + lines.length);
    }
    if (lines.length > 2) editor.say(`${lines.length} lines moved`);
    return true;
  },
}; // prettier-ignore

const join: ExCommand = {
  range: true, bang: true, argument: true,
  run({ editor, range, bang, argument }) {
    const count = /^\d+$/.test(argument) ? Number(argument) : undefined;
    const from = count === undefined ? range.from : range.to;
    const lines = count ?? (range.given < 2 ? 2 : range.to - range.from + 1);
    if (lines < 2 && range.given === 2) return true;
    if (!joinLines(editor, from, Math.max(2, lines), !bang)) return editor.fail();
    toIndent(editor, from);
    return true;
  },
}; // prettier-ignore

const write: ExCommand = {
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
function fileName(editor: Editor, argument: string): string | undefined | false {
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

const edit: ExCommand = {
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

const read: ExCommand = {
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

function insertLines({ buffer }: Editor, at: number, lines: readonly string[]): void {
  buffer.replace(Math.min(at, buffer.count), 0, lines);
}

const put: ExCommand = {
  range: true, bang: true, argument: true, zero: true,
  run({ editor, range, bang, argument }) {
    const value = editor.registers.get(argument || undefined);
    const special = value ? undefined : editor.registerText(argument);
    if (!value && special === undefined) return editor.error(`E353: Nothing in register ${argument || '"'}`);
    const at = bang ? range.to : range.to + 1;
    const lines = value ? value.lines : [special!];
    editor.buffer.replace(Math.max(0, at), 0, lines);
    toIndent(editor, Math.max(0, at) + lines.length - 1);
    editor.reportLines(lines.length);
    return true;
  },
}; // prettier-ignore

const print: ExCommand = {
  range: true, argument: true,
  *run(call) {
    const { editor } = call;
    const what = registerAndCount({ ...call, argument: call.argument.replace(/[pl#]+$/, "") }, false);
    if (!what) return false;
    const lines: string[] = [];
    const numbered = call.name === "number" || call.name === "#" || editor.options.on("number");
    for (let line = what.from; line <= what.to; line++) {
      const text = call.name === "list" ? `${editor.buffer.line(line).replace(/\t/g, "^I")}$` : editor.buffer.line(line).replace(/\t/g, (_, at: number) => " ".repeat(8 - (columnAt(editor.buffer.line(line), at, 8) % 8)));
      lines.push(numbered ? `${String(line + 1).padStart(3)} ${text}` : text);
    }
    toIndent(editor, what.to);
    yield* editor.show(lines);
    return true;
  },
}; // prettier-ignore

const normal: ExCommand = {
  range: true, bang: true, argument: true,
  *run({ editor, range, raw }) {
    const keys = [...raw.replace(/^ /, "")];
    const outer = editor.typeahead.splice(0);
    const lines = range.given === 0 ? [editor.cursor.line] : Array.from({ length: range.to - range.from + 1 }, (_, at) => range.from + at);
    for (const line of lines) {
      if (line >= editor.buffer.count) break;
      if (range.given > 0) editor.cursor = { line, col: 0 };
      editor.typeahead.push(...keys);
      while (editor.typeahead.length > 0 && editor.exit === undefined) yield* complete(editor.hooks.normal(editor), editor);
    }
    editor.typeahead.push(...outer);
    return true;
  },
}; // prettier-ignore

/** Commands of `:normal` end with its keys: what still waits gets Escape. */
function* complete(steps: Steps, editor: Editor): Steps {
  let next = steps.next();
  for (let guard = 0; !next.done; guard++) {
    if (next.value.kind === "key") next = steps.next({ key: guard > 100 ? "\x03" : "\x1b" });
    else next = steps.next(yield next.value);
  }
  void editor;
}

const retab: ExCommand = {
  range: true, bang: true, argument: true,
  run({ editor, range, bang, argument }) {
    const given = Number(argument) || editor.options.tabstop;
    const old = editor.options.tabstop;
    const [from, to] = range.given === 0 ? [0, editor.buffer.count - 1] : [range.from, range.to];
    if (given !== old) editor.options.set("tabstop", given);
    for (let line = from; line <= to; line++) {
      const text = editor.buffer.line(line);
      let out = "";
      for (const part of text.match(/[ \t]+|[^ \t]+/g) ?? []) {
        if (!/^[ \t]/.test(part) || (!bang && !part.includes("\t"))) {
          out += part;
          continue;
        }
        const start = columnAt(out, out.length, given);
        const end = start + columnAt(" ".repeat(start % old) + part, (start % old) + part.length, old) - (start % old);
        if (editor.options.on("expandtab")) out += " ".repeat(end - start);
        else out += start === 0 ? blanks(editor, end) : part;
      }
      editor.buffer.set(line, out);
    }
    return true;
  },
}; // prettier-ignore

const arguments_ = (to: (editor: Editor, count: number) => number): ExCommand => ({
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

const quitAll: ExCommand = {
  bang: true,
  run({ editor, bang }) {
    if (editor.buffer.modified && !bang) return editor.error(`E37: No write since last change (add ! to override)`);
    editor.exit = 0;
    return true;
  },
};

const say = (run: (editor: Editor, call: ExCall) => void, argument?: true): ExCommand => ({
  ...(argument ? { argument } : {}),
  bang: true,
  run: (call) => {
    run(call.editor, call);
    return true;
  },
});

/** Commands by their whole names. */
export const EX_COMMANDS: Readonly<Record<string, ExCommand>> = {
  delete: deleteLines, yank: yankLines, ">": shift(1), "<": shift(-1), copy, t: copy, move, join, write, edit, visual: edit, read, put,
  print, Print: print, number: print, "#": print, list: print, normal, retab,
  quit: { bang: true, run: ({ editor, bang }) => quitCommand(editor, bang) }, qall: quitAll, quitall: quitAll,
  cquit: { bang: true, run: ({ editor }) => { editor.exit = 1; return true; } },
  wq: { bang: true, range: true, argument: true, *run({ editor, bang, argument }) { const name = fileName(editor, argument); if (name === false || !(yield* writeWhole(editor, bang, name))) return false; return yield* quitCommand(editor, false); } },
  wqall: { bang: true, *run({ editor, bang }) { if (editor.buffer.modified && !(yield* writeWhole(editor, bang))) return false; editor.exit = 0; return true; } },
  xall: { bang: true, *run({ editor, bang }) { if (editor.buffer.modified && !(yield* writeWhole(editor, bang))) return false; editor.exit = 0; return true; } },
  xit: { bang: true, argument: true, *run({ editor, bang, argument }) { const name = fileName(editor, argument); return name === false ? false : yield* writeQuit(editor, bang, name); } },
  exit: { bang: true, argument: true, *run({ editor, bang, argument }) { const name = fileName(editor, argument); return name === false ? false : yield* writeQuit(editor, bang, name); } },
  update: { bang: true, *run({ editor, bang }) { return !editor.buffer.modified || (yield* writeWhole(editor, bang)); } },
  wall: { bang: true, *run({ editor, bang }) { return !editor.buffer.modified || (yield* writeWhole(editor, bang)); } },
  wnext: { bang: true, *run(call) { if (!(yield* writeWhole(call.editor, call.bang))) return false; return yield* call.editor.hooks.execute(call.editor, "next"); } },
  saveas: { bang: true, argument: true, run({ editor, bang, argument }) { if (argument === "") return editor.error("E471: Argument required"); const old = editor.file; if (!writeFile(editor, { name: argument, bang, from: 0, to: editor.buffer.count - 1 })) return false; editor.alternate = old; editor.file = argument; editor.buffer.written(); return true; } },
  next: arguments_((editor, count) => editor.argIndex + count), Next: arguments_((editor, count) => editor.argIndex - count), previous: arguments_((editor, count) => editor.argIndex - count),
  first: arguments_(() => 0), rewind: arguments_(() => 0), last: arguments_((editor) => editor.args.length - 1),
  args: { run: ({ editor }) => { if (editor.args.length > 0) editor.say(editor.args.map((name, at) => (at === editor.argIndex ? `[${name}]` : name)).join(" ")); return true; } },
  file: say((editor, { argument }) => { if (argument !== "") { editor.alternate = editor.file; editor.file = argument; editor.notEdited = true; } fileInfo(editor); }, true),
  enew: { bang: true, run({ editor, bang }) { if (editor.buffer.modified && !bang) return editor.error("E37: No write since last change (add ! to override)"); editor.alternate = editor.file; editor.file = ""; editor.buffer.load([], true); editor.cursor = { line: 0, col: 0 }; editor.say(""); return true; } },
  global: { range: true, bang: true, argument: true, run: global }, vglobal: { range: true, argument: true, run: global },
  substitute: { range: true, argument: true, run: substitute }, "&": { range: true, argument: true, run: substitute }, "&&": { range: true, argument: true, run: substitute }, "~": { range: true, argument: true, run: substitute },
  set: { argument: true, run: set }, setlocal: { argument: true, run: set }, setglobal: { argument: true, run: set },
  nohlsearch: say((editor) => { editor.noHighlight = true; }),
  undo: { argument: true, run({ editor, argument }) { if (argument !== "") return editor.notSimulated(":undo N"); undoStep(editor, false, 1); return true; } }, redo: say((editor) => undoStep(editor, true, 1)),
  registers: { argument: true, *run({ editor, line }) { yield* editor.show([`:${line}`, "Type Name Content", ...registerLines(editor)]); return true; } },
  display: { argument: true, *run({ editor, line }) { yield* editor.show([`:${line}`, "Type Name Content", ...registerLines(editor)]); return true; } },
  marks: { argument: true, *run({ editor, line }) { yield* editor.show([`:${line}`, "mark line  col file/text", ...markLines(editor)]); return true; } },
  ls: { bang: true, *run({ editor, line }) { yield* editor.show([`:${line}`, `${`  1 %a${editor.options.on("readonly") ? "=" : " "}${editor.buffer.modified ? "+" : " "} "${editor.file || "[No Name]"}"`.padEnd(39)} line ${editor.cursor.line + 1}`]); return true; } },
  files: { bang: true, run: (call) => EX_COMMANDS["ls"]!.run(call) }, buffers: { bang: true, run: (call) => EX_COMMANDS["ls"]!.run(call) },
  mark: { range: true, argument: true, run: markHere }, k: { range: true, argument: true, run: markHere },
  "=": { range: true, run: ({ editor, range }) => { editor.say(String(range.given === 0 ? editor.buffer.count : range.to + 1)); return true; } },
  "!": { range: true, argument: true, *run({ editor, range, argument, bang }) { void bang; return range.given === 0 ? yield* shellCommand(editor, argument) : yield* filterLines(editor, range.from, range.to, argument); } },
  shell: { *run({ editor }) { return yield* shellCommand(editor, editor.shell); } },
  stop: { bang: true, *run({ editor }) { yield { kind: "suspend" }; editor.redraw = true; return true; } }, suspend: { bang: true, *run({ editor }) { yield { kind: "suspend" }; editor.redraw = true; return true; } },
  redraw: { bang: true, run: ({ editor }) => { editor.redraw = true; return true; } },
  pwd: say((editor) => editor.say(editor.disk.full("."))), cd: { argument: true, run: ({ editor }) => editor.notSimulated(":cd") },
  startinsert: { bang: true, run({ editor, bang }) { if (bang) editor.cursor = { line: editor.cursor.line, col: editor.line.length }; editor.typeahead.unshift(bang ? "A" : "i"); return true; } },
  silent: { bang: true, argument: true, *run({ editor, argument }) { const { message } = editor; const fine = yield* editor.hooks.execute(editor, argument); editor.message = message; return fine; } },
  echo: { argument: true, run({ editor, argument }) { const text = /^(["'])(.*)\1$/.exec(argument)?.[2]; if (text === undefined && argument !== "") return editor.notSimulated(`:echo ${argument}`); editor.say(text ?? ""); return true; } },
  syntax: { argument: true, run: ({ editor, argument }) => (/^(?:off|clear)$/.test(argument) ? true : editor.notSimulated(`:syntax ${argument}`.trim())) },
  filetype: { argument: true, run({ editor, argument }) { const on = !/\boff\b/.test(argument); editor.filetypeDetection = on || editor.filetypeDetection; if (/plugin/.test(argument)) editor.filetypePlugin = on; if (/indent/.test(argument)) editor.filetypeIndent = on; if (on && editor.options.text("filetype") !== "") setFiletype(editor, editor.options.text("filetype")); return true; } },
  sort: { range: true, bang: true, argument: true, run: sortLines },
  "@": { range: true, argument: true, run({ editor, argument }) { editor.typeahead.unshift("@", argument[0] ?? "@"); return true; } }, "*": { range: true, argument: true, run({ editor, argument }) { editor.typeahead.unshift("@", argument[0] ?? "@"); return true; } },
}; // prettier-ignore

function markHere({ editor, range, argument }: ExCall): boolean {
  if (!/^[a-zA-Z'`]$/.test(argument))
    return editor.error(argument === "" ? "E471: Argument required" : "E488: Trailing characters");
  editor.buffer.marks.set(argument, { line: range.to, col: range.given > 0 ? firstNonBlank(editor.buffer.line(range.to)) : editor.cursor.col }); // prettier-ignore
  return true;
}

function registerLines(editor: Editor): string[] {
  const readOnly = [[".", editor.registerText(".")], [":", editor.lastEx], ["%", editor.file || undefined], ["#", editor.alternate || undefined], ["/", editor.search?.pattern]] as const; // prettier-ignore
  return [
    ...texts(editor),
    ...readOnly.flatMap(([name, text]) => (text === undefined ? [] : [`  c  "${name}   ${text}`])),
  ];
}

function texts(editor: Editor): string[] {
  return editor.registers.list().map(([name, { kind, lines }]) => `  ${kind === "line" ? "l" : kind === "block" ? "b" : "c"}  "${name}   ${lines.join("^J").replace(/[\0-\x1f]/g, (char) => `^${String.fromCharCode(char.charCodeAt(0) + 64)}`)}${kind === "line" ? "^J" : ""}`); // prettier-ignore
}

function markLines({ buffer }: Editor): string[] {
  return [...buffer.marks].filter(([name]) => name.length === 1).toSorted(([a], [b]) => order(a) - order(b)).map(([name, { line, col }]) => ` ${name} ${String(line + 1).padStart(6)} ${String(col).padStart(4)} ${buffer.line(line).trimStart()}`); // prettier-ignore
}

function order(name: string): number {
  return name === "'" ? -1 : /[a-z]/.test(name) ? name.charCodeAt(0) : 200 + '"[]^.'.indexOf(name);
}

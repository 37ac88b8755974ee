import { firstNonBlank } from "../chars.ts";
import type { Editor, Steps } from "../editor.ts";
import { fileInfo, writeFile } from "../files.ts";
import { setFiletype } from "../filetype.ts";
import { undoStep } from "../undo-command.ts";
import type { ExCall, ExCommand } from "./ex-command.ts";
import { arguments_, edit, fileName, quitAll, read, write } from "./file-commands.ts";
import { global } from "./global.ts";
import { copy, deleteLines, join, move, print, put, retab, shift, yankLines } from "./line-commands.ts";
import { quitCommand, writeQuit, writeWhole } from "./quit.ts";
import { set } from "./set.ts";
import { filterLines, shellCommand } from "./shell.ts";
import { sortLines } from "./sort.ts";
import { substitute } from "./substitute.ts";

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

import { after, charAt, firstNonBlank, last } from "./chars.ts";
import { busyboxRefuses } from "./busybox-words.ts";
import { editCommandLine } from "./command-line.ts";
import type { Editor, Steps } from "./editor.ts";
import { quitCommand, writeQuit } from "./ex/quit.ts";
import { fileInfo } from "./files.ts";
import { beginInsert } from "./insert.ts";
import { joinLines } from "./join.ts";
import { markAt } from "./search-motions.ts";
import { add } from "./numbers.ts";
import { openLine } from "./open-line.ts";
import { OPERATORS, swapCase } from "./operators.ts";
import { aim, operatorCommand, readCount, shownKey, wholeKey } from "./pending.ts";
import { putRegister } from "./put.ts";
import { playMacro, startRecording } from "./macros.ts";
import { SCROLLS } from "./scrolls.ts";
import { undoStep, undoLine } from "./undo-command.ts";
import { repeatVisual, startVisual, visualCommand } from "./visual.ts";

interface Call {
  readonly editor: Editor;
  readonly count: number | undefined;
  readonly register: string | undefined;
}

interface Command {
  /** `.` does it again. */
  readonly change?: true;
  run(call: Call): Steps | void;
}

/** One command of Normal mode, or of Visual mode if that is on. */
export function* normalCommand(editor: Editor): Steps {
  if (editor.visual) return yield* visualCommand(editor);
  editor.log = [];
  editor.failed = false;
  editor.showcmd = "";
  yield* oneCommand(editor);
  editor.clampCursor();
  editor.showcmd = "";
}

function* oneCommand(editor: Editor): Steps {
  let register: string | undefined;
  let count: number | undefined;
  let key: string;
  for (;;) {
    const read = yield* readCount(editor);
    key = read.key;
    if (read.count !== undefined) count = (count ?? 1) * read.count;
    if (key !== '"') break;
    editor.showcmd += '"';
    register = yield* editor.key();
    editor.showcmd += register;
    if (!/^[a-zA-Z0-9"+*_\-.:%/#]$/.test(register)) return void editor.fail();
    editor.log = [];
  }
  const name = yield* wholeKey(editor, key);
  if (busyboxRefuses(editor, name)) return;
  editor.log = name.length === 2 && !name.startsWith("<") ? [...name] : [name];
  if (name === ".") return yield* repeat(editor, count);
  const scroll = SCROLLS[name];
  if (scroll) return scroll(editor, count);
  if (name.startsWith("<Paste>")) return yield* pasteInNormal(editor, name.slice(7));
  if (name === "<Del>" && count !== undefined) {
    // Takes back the last digit of a count.
    editor.typeahead.unshift(...String(count).slice(0, -1));
    return;
  }
  let changes = false;
  editor.insertedKeys = undefined;
  if (OPERATORS[name]) {
    editor.showcmd += shownKey(name.at(-1)!);
    changes = (yield* operatorCommand(editor, name, count, register)) && name !== "y";
    count = editor.operatorCount;
    if (editor.mode === "normal") editor.aim();
  } else if (COMMANDS[name]) {
    const command = COMMANDS[name];
    editor.showcmd += shownKey(name.at(-1)!);
    const steps = command.run({ editor, count, register });
    if (steps) yield* steps;
    changes = command.change === true;
  } else {
    const aimed = yield* aim(editor, name, { count, operator: undefined, visual: false });
    if (aimed === "no") {
      if (/^(?:z[foOcCaAjkdDEmMrRnNi]|g[qwQRvFfndD8&?]|\[.|\].|K|Q|\x1d|\x14|\x17|q[:/?])$/.test(name))
        editor.notSimulated(nameOf(name));
      else if (name !== "\x1b") editor.fail();
      return;
    }
    if (aimed === undefined) return void editor.fail();
    if (aimed.jump) editor.jumpFrom();
    editor.cursor = aimed.to;
    if (aimed.want === undefined) editor.aim();
    else editor.want = aimed.want;
    return;
  }
  if (changes) remember(editor, editor.log.slice(), count, register);
}

/** What `.` does again. */
function remember(
  editor: Editor,
  keys: readonly string[],
  count: number | undefined,
  register: string | undefined,
): void {
  if (editor.failed || editor.repeating) return;
  if (editor.insertedKeys) editor.repeat = { keys: editor.insertedKeys, count: undefined, register: undefined };
  else editor.repeat = { keys, count, register };
}

function nameOf(name: string): string {
  return name < " " ? `CTRL-${String.fromCharCode(name.charCodeAt(0) + 64)}` : name;
}

/** `.`: the keys of the last change again, with a new count if one is given. */
function* repeat(editor: Editor, count: number | undefined): Steps {
  const last_ = editor.repeat;
  if (!last_) return void editor.fail();
  if (count !== undefined) editor.repeat = { ...last_, count };
  const times = count ?? last_.count;
  editor.repeating = true;
  if (last_.extent) {
    yield* repeatVisual(editor, { ...last_, ...(times === undefined ? {} : { count: times }) });
  } else {
    const register = last_.register;
    editor.typeahead.unshift(...(register === undefined ? [] : ['"', nextRegister(editor, register)]), ...(times === undefined ? [] : [...String(times)]), ...last_.keys); // prettier-ignore
    yield* oneCommand(editor);
  }
  editor.repeating = false;
}

/** `"1p..` goes on through the numbered registers. */
function nextRegister(editor: Editor, register: string): string {
  if (!/^[1-8]$/.test(register) || !editor.repeat) return register;
  const next = String(Number(register) + 1);
  editor.repeat = { ...editor.repeat, register: next };
  return next;
}

/** A command that is another one's short form: its keys come as if typed. */
function short(keys: string): Command {
  return {
    *run({ editor, count, register }) {
      const operator = keys[0]!;
      editor.typeahead.unshift(...keys.slice(1));
      const changed = yield* operatorCommand(editor, operator, count, register);
      if (changed && operator !== "y") remember(editor, [...keys, ...editor.log.slice(keys.length)], count, register);
      if (editor.mode === "normal") editor.aim();
    },
  };
}

function insertAt(col: (editor: Editor) => number): Command {
  return {
    change: true,
    *run({ editor, count }) {
      editor.mode = "insert";
      editor.cursor = { line: editor.cursor.line, col: col(editor) };
      yield* beginInsert(editor, { count: count ?? 1 });
    },
  };
}

function open(direction: 1 | -1): Command {
  return {
    change: true,
    *run({ editor, count }) {
      editor.mode = "insert";
      const automatic = openLine(editor, direction);
      yield* beginInsert(editor, { count: count ?? 1, opened: true, automatic });
    },
  };
}

function put(before_: boolean, behind: boolean): Command {
  return {
    change: true,
    *run({ editor, count, register }) {
      const special = register !== undefined && /[.:%/]/.test(register) ? editor.registerText(register) : undefined;
      const value =
        special === undefined ? editor.registers.get(register) : { kind: "char" as const, lines: [special] };
      if (!value) return void editor.error(`E353: Nothing in register ${register ?? '"'}`);
      putRegister(editor, value, { before: before_, behind, count: count ?? 1 });
      editor.clampCursor();
      editor.aim();
    },
  };
}

const replaceChar: Command = {
  change: true,
  *run({ editor, count }) {
    let char = yield* editor.key();
    const literal = char === "\x16";
    if (literal) char = yield* editor.key();
    if (char === "\x1b" || (char.length > 2 && char.startsWith("<"))) return void editor.fail();
    const { line, col } = editor.cursor;
    const text = editor.line;
    let end = col;
    for (let rest = count ?? 1; rest > 0; rest--) {
      if (end >= text.length) return void editor.fail();
      end = after(text, end);
    }
    if (char === "\r" && !literal) {
      editor.mode = "insert";
      const lead = editor.options.on("autoindent") ? text.slice(0, firstNonBlank(text)) : "";
      const tail = editor.options.on("autoindent") ? text.slice(end).trimStart() : text.slice(end);
      editor.buffer.replace(line, 1, [text.slice(0, col), lead + tail]);
      editor.mode = "normal";
      editor.cursor = { line: line + 1, col: lead.length };
    } else {
      const made = char.repeat(count ?? 1);
      editor.buffer.set(line, text.slice(0, col) + made + text.slice(end));
      editor.cursor = { line, col: col + made.length - char.length };
    }
    editor.aim();
  },
};

const tilde: Command = {
  change: true,
  run({ editor, count }) {
    const { line, col } = editor.cursor;
    const text = editor.line;
    if (text === "") return void editor.fail();
    let end = col;
    for (let rest = count ?? 1; rest > 0 && end < text.length; rest--) end = after(text, end);
    editor.buffer.set(line, text.slice(0, col) + swapCase(text.slice(col, end)) + text.slice(end));
    editor.cursor = { line, col: Math.min(end, last(text)) };
    editor.aim();
  },
};

function join(spaces: boolean): Command {
  return {
    change: true,
    run({ editor, count }) {
      if (!joinLines(editor, editor.cursor.line, Math.max(2, count ?? 2), spaces)) editor.fail();
      editor.aim();
    },
  };
}

function addNumber(sign: 1 | -1): Command {
  return {
    change: true,
    run({ editor, count }) {
      const changed = add(editor, editor.line, editor.cursor.col, sign * (count ?? 1));
      if (!changed) return void editor.fail();
      editor.buffer.set(editor.cursor.line, changed.text);
      editor.moveTo({ line: editor.cursor.line, col: changed.col });
    },
  };
}

function jump(direction: 1 | -1): Command {
  return {
    run({ editor, count }) {
      if (direction < 0 && editor.jumpIndex === editor.jumps.length) {
        const index = editor.jumpIndex;
        editor.jumpFrom();
        editor.jumpIndex = Math.min(index, editor.jumps.length - 1);
        if (editor.jumps.at(-1)?.line === editor.cursor.line && editor.jumpIndex === editor.jumps.length)
          editor.jumpIndex--;
      }
      const to = editor.jumpIndex + direction * (count ?? 1);
      const pos = editor.jumps[to];
      if (!pos) return void editor.fail();
      editor.jumpIndex = to;
      editor.moveTo({ line: Math.min(pos.line, editor.buffer.count - 1), col: pos.col });
      editor.clampCursor();
    },
  };
}

const COMMANDS: Readonly<Record<string, Command>> = {
  x: short("dl"), "<Del>": short("dl"), X: short("dh"), D: short("d$"), C: short("c$"), s: short("cl"), S: short("cc"), Y: short("yy"),
  i: insertAt(({ cursor }) => cursor.col), "<Insert>": insertAt(({ cursor }) => cursor.col), I: insertAt(({ line }) => firstNonBlank(line)),
  gI: insertAt(() => 0), a: insertAt(({ line, cursor }) => after(line, cursor.col)), A: insertAt(({ line }) => line.length),
  gi: { change: true, *run({ editor, count }) { editor.mode = "insert"; const pos = editor.buffer.marks.get("^"); if (pos) editor.cursor = pos; yield* beginInsert(editor, { count: count ?? 1 }); } },
  o: open(1), O: open(-1),
  R: { change: true, *run({ editor, count }) { yield* beginInsert(editor, { count: count ?? 1, replace: true }); } },
  r: replaceChar, "~": tilde, J: join(true), gJ: join(false), "\x01": addNumber(1), "\x18": addNumber(-1),
  p: put(false, false), P: put(true, false), gp: put(false, true), gP: put(true, true), "]p": put(false, false), "[p": put(true, false), "]P": put(true, false),
  u: { run: ({ editor, count }) => undoStep(editor, false, count ?? 1) }, "\x12": { run: ({ editor, count }) => undoStep(editor, true, count ?? 1) },
  U: { run: ({ editor }) => undoLine(editor) },
  v: { run: ({ editor, count }) => startVisual(editor, "v", count) }, V: { run: ({ editor, count }) => startVisual(editor, "V", count) },
  "\x16": { run: ({ editor, count }) => startVisual(editor, "\x16", count) },
  gv: { run({ editor }) { const known = editor.lastVisual; if (!known) return void editor.fail(); editor.mode = "visual"; editor.visual = { kind: known.kind, start: known.start }; editor.cursor = known.end; editor.clampCursor(); if (known.toEnd) editor.want = Infinity; else editor.aim(); } },
  m: { *run({ editor }) { const name = yield* editor.key(); if (!/^[a-zA-Z'`[\]<>]$/.test(name)) return void editor.fail(); editor.buffer.marks.set(name === "`" ? "'" : name, editor.cursor); } },
  q: { *run({ editor }) { yield* startRecording(editor); } },
  "@": { *run({ editor, count }) { yield* playMacro(editor, count ?? 1); } },
  "&": { change: true, run({ editor }) { editor.typeahead.unshift(":", "s", "\r"); } },
  ":": { *run({ editor, count }) { yield* editCommandLine(editor, count === undefined ? "" : count === 1 ? "." : `.,.+${count - 1}`); } },
  ZZ: { *run({ editor }) { yield* writeQuit(editor); } }, ZQ: { *run({ editor }) { yield* quitCommand(editor, true); } },
  "\x07": { run({ editor }) { fileInfo(editor); } }, "g\x07": { run({ editor }) { editor.notSimulated("g CTRL-G"); } },
  "\x0f": jump(-1), "\t": jump(1),
  "\x0c": { run({ editor }) { editor.redraw = true; editor.message = { text: "", style: "plain" }; } },
  "\x1a": { *run({ editor }) { yield { kind: "suspend" }; editor.redraw = true; } },
  "\x03": { run({ editor }) { editor.say(editor.buffer.modified ? "Type  :qa!  and press <Enter> to abandon all changes and exit Vim" : "Type  :qa  and press <Enter> to exit Vim"); } },
  "\x1b": { run({ editor }) { editor.failed = true; } },
  ga: { run({ editor }) { const char = charAt(editor.line, editor.cursor.col); if (char === "") return editor.say("NUL"); const code = char.codePointAt(0)!; editor.say(`<${char < " " ? `^${String.fromCharCode(code + 64)}` : char}>  ${code},  Hex ${code.toString(16).padStart(code > 255 ? 4 : 2, "0")},  Octal ${code.toString(8).padStart(3, "0")}`); } },
  "g;": { run({ editor }) { const pos = markAt(editor, "."); if (!pos) return void editor.error("E664: Changelist is empty"); editor.moveTo(pos); } },
  "g&": { *run({ editor }) { yield* editCommandLine(editor, "%s//~/&", true); } },
  "\x1e": { *run({ editor }) { yield* editCommandLine(editor, "e #", true); } },
  K: { run({ editor }) { editor.notSimulated("K"); } },
}; // prettier-ignore

/** A paste of the terminal in Normal mode: put in behind the cursor. */
export function* pasteInNormal(editor: Editor, text: string): Steps {
  const { line, col } = editor.cursor;
  editor.mode = "insert";
  editor.cursor = { line, col: col === 0 ? 0 : after(editor.line, col) };
  yield* beginInsert(editor, { count: 1, paste: text });
}

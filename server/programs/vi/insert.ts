import { after, before, charAt, columnAt, firstNonBlank, indexAtColumn, type Pos } from "./chars.ts";
import { controlName } from "./key-names.ts";
import type { Editor, Steps } from "./editor.ts";
import { backspace, remove, shiftIndent, tab } from "./insert-edits.ts";
import { MOTIONS } from "./motions.ts";
import { breakLine, indentKey, openLine } from "./open-line.ts";

export interface InsertRules {
  /** How often what is typed comes in the end. */
  readonly count: number;
  /** Replace mode. */
  readonly replace?: boolean;
  /** Lines were opened: each repetition opens one more. */
  readonly opened?: boolean;
  /** Blanks of an automatic indent go if nothing follows them. */
  readonly automatic?: boolean;
  readonly keepBlanks?: boolean;
  /** A key that comes first: a paste in Normal mode, after which the mode ends. */
  readonly paste?: string;
}

/** What Insert mode knows between its keys. */
export interface Insert {
  readonly editor: Editor;
  readonly rules: InsertRules;
  /** The keys since the last movement, for counts and `.`. */
  keys: string[];
  /** Where the text begins that Ctrl-U and Ctrl-W take back first. */
  start: Pos;
  /** The line holds an automatic indent and nothing else yet. */
  automatic: boolean;
  /** The last key was a space: Backspace takes just that. */
  spaced: boolean;
  /** In Replace mode what stood where, for Backspace. */
  readonly covered: string[];
  moved: boolean;
}

/** Insert or Replace mode until Escape. */
export function* beginInsert(editor: Editor, rules: InsertRules): Steps {
  const logged = editor.log.length;
  editor.mode = rules.replace ? "replace" : "insert";
  editor.clampCursor();
  const insert: Insert = {
    editor,
    rules,
    keys: [],
    start: editor.cursor,
    automatic: rules.automatic === true,
    spaced: false,
    covered: [],
    moved: false,
  };
  editor.insertStart = editor.cursor;
  editor.showcmd = "";
  if (editor.options.on("showmode")) editor.message = { text: "", style: "plain" };
  if (rules.paste !== undefined) insertText(insert, rules.paste, true);
  else if (!(yield* typeUntilEscape(insert))) return;
  const { keys } = insert;
  const text = keys.slice(0, -1);
  editor.lastInserted = text;
  // `.` puts in what came after the last movement.
  if (insert.moved) editor.insertedKeys = ["i", ...keys];
  else editor.log.splice(logged, editor.log.length - logged, ...keys);
  for (let rest = insert.moved ? 1 : rules.count; rest > 1; rest--) {
    if (rules.opened) {
      trimAutomatic(insert);
      openLine(insert.editor, 1, insert);
    }
    for (const key of text) typed(insert, key);
  }
  leave(insert);
}

/** True after Escape; false if the mode was left for good by something else. */
function* typeUntilEscape(insert: Insert): Steps<boolean> {
  const { editor } = insert;
  for (;;) {
    editor.view.follow();
    const key = yield* editor.key();
    if (key === "\x1b" || key === "\x03") {
      if (key === "\x03") insert.moved = insert.moved || insert.rules.count > 1;
      insert.keys.push("\x1b");
      return true;
    }
    if (key === "\x0f") {
      yield* oneCommand(insert);
      if (editor.exit !== undefined) return false;
      continue;
    }
    if (key === "\x16" || key === "\x11") {
      editor.showcmd = "^V";
      editor.pendingChar = "^";
      const literal = yield* readLiteral(editor);
      editor.showcmd = "";
      editor.pendingChar = "";
      insert.keys.push("\x16", literal);
      insertChar(insert, literal);
      continue;
    }
    if (key === "\x12") {
      editor.showcmd = "^R";
      editor.pendingChar = '"';
      let name = yield* editor.key();
      const literally = name === "\x12" || name === "\x0f" || name === "\x10";
      if (literally) name = yield* editor.key();
      const value = editor.registerText(name);
      editor.showcmd = "";
      editor.pendingChar = "";
      if (value !== undefined) {
        insert.keys.push(`<Paste>${value}`);
        insertText(insert, value, literally);
      }
      continue;
    }
    if (key === "\x0e" || key === "\x10" || key === "\x18") {
      editor.notSimulated(controlName(key));
      continue;
    }
    if (key === "\x01") {
      const again = editor.lastInserted ?? [];
      insert.keys.push(...again);
      for (const one of again) typed(insert, one);
      continue;
    }
    if (isMovement(key)) {
      move(insert, key);
      continue;
    }
    insert.keys.push(key);
    typed(insert, key);
    editor.want = columnAt(editor.line, editor.cursor.col, editor.options.tabstop);
  }
}

/** After Ctrl-V: a key as it is, or by its decimal number, `x1b`, `u20ac`. */
export function* readLiteral(editor: Editor): Steps<string> {
  const first = yield* editor.key();
  if (first === "x" || first === "u" || first === "U") {
    const most = first === "x" ? 2 : first === "u" ? 4 : 8;
    let digits = "";
    while (digits.length < most) {
      const key = yield* editor.key();
      if (!/^[\da-fA-F]$/.test(key)) {
        editor.typeahead.unshift(key);
        break;
      }
      digits += key;
    }
    return digits === "" ? first : String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(digits, 16)));
  }
  if (/^\d$/.test(first)) {
    let digits = first;
    while (digits.length < 3) {
      const key = yield* editor.key();
      if (!/^\d$/.test(key)) {
        editor.typeahead.unshift(key);
        break;
      }
      digits += key;
    }
    return String.fromCodePoint(Math.min(255, Number(digits)));
  }
  return first.length > 2 && first.startsWith("<") ? (first === "<BS>" ? "\x7f" : first) : first;
}

/** Ctrl-O: one command of Normal mode. */
function* oneCommand(insert: Insert): Steps {
  const { editor } = insert;
  const mode = editor.mode === "replace" ? "R" : "i";
  const log = editor.log;
  editor.restartInsert = mode;
  editor.mode = "normal";
  const atEnd = editor.cursor.col >= editor.line.length;
  editor.buffer.undo.close();
  yield* editor.hooks.normal(editor);
  // The command may have begun Visual mode: it lasts until that is over.
  while ((editor.mode as string) === "visual") yield* editor.hooks.normal(editor);
  editor.restartInsert = undefined;
  editor.mode = mode === "R" ? "replace" : "insert";
  if (atEnd && editor.cursor.col === before(editor.line, editor.line.length) && editor.line !== "") editor.cursor = { line: editor.cursor.line, col: editor.cursor.col }; // prettier-ignore
  editor.log = log;
  insert.moved = true;
  insert.keys = [];
  insert.start = editor.cursor;
  editor.message = { text: "", style: "plain" };
}

function trimAutomatic({ editor, automatic, rules }: Insert): void {
  if (!automatic || rules.keepBlanks) return;
  const { line } = editor.cursor;
  const text = editor.line;
  if (editor.cursor.col < text.length) return;
  editor.buffer.set(line, text.trimEnd());
  editor.cursor = { line, col: editor.line.length };
}

function leave(insert: Insert): void {
  const { editor } = insert;
  if (insert.automatic) {
    const { col } = editor.cursor;
    trimAutomatic(insert);
    if (editor.cursor.col !== col) editor.want = columnAt(" ".repeat(col), col, 1);
  }
  const { marks } = editor.buffer;
  marks.set("^", editor.cursor);
  marks.set(".", { line: editor.cursor.line, col: Math.max(0, editor.cursor.col - 1) });
  marks.set("]", editor.cursor);
  marks.set("[", insert.start);
  editor.mode = "normal";
  if (editor.restartInsert === undefined && editor.cursor.col > 0) {
    editor.cursor = { line: editor.cursor.line, col: before(editor.line, editor.cursor.col) };
  }
  if (editor.line !== "" || !insert.automatic) editor.aim();
  editor.message = { text: "", style: "plain" };
}

const MOVEMENTS: Readonly<Record<string, string>> = {
  "<Left>": "h", "<Right>": "l", "<Up>": "k", "<Down>": "j", "<Home>": "0", "<End>": "$", "<S-Left>": "b", "<S-Right>": "w",
  "<C-Left>": "b", "<C-Right>": "w", "<C-Home>": "gg", "<C-End>": "G",
}; // prettier-ignore

function isMovement(key: string): boolean {
  return MOVEMENTS[key] !== undefined || key === "<PageUp>" || key === "<PageDown>";
}

/** Arrow keys end what `.` repeats and what `u` takes back. */
function move(insert: Insert, key: string): void {
  const { editor } = insert;
  trimAutomatic(insert);
  insert.automatic = false;
  insert.moved = true;
  insert.keys = [];
  editor.buffer.undo.close();
  const text = editor.line;
  const { line, col } = editor.cursor;
  if (key === "<Left>" || key === "<Right>") {
    if (key === "<Left>" && col > 0) editor.cursor = { line, col: before(text, col) };
    else if (key === "<Right>" && col < text.length) editor.cursor = { line, col: after(text, col) };
    // 'whichwrap' has only b and s.
    editor.aim();
  } else if (key === "<End>") {
    editor.cursor = { line, col: text.length };
    editor.want = Infinity;
  } else if (key === "<PageUp>" || key === "<PageDown>") {
    editor.view.page(key === "<PageUp>" ? -1 : 1, 1);
    editor.aim();
  } else {
    const target = MOTIONS[MOVEMENTS[key]!]!.go({
      editor,
      count: undefined,
      operator: undefined,
      typed: "",
      visual: false,
    });
    if (target) {
      editor.cursor = target.to;
      if (key === "<C-End>") editor.cursor = { line: target.to.line, col: editor.line.length };
      if (target.want === undefined) editor.aim();
    }
  }
  editor.clampCursor();
  insert.start = editor.cursor;
}

/** Does what one key does that is no movement. */
function typed(insert: Insert, key: string): void {
  const { editor } = insert;
  switch (key) {
    case "\r":
    case "\x0a":
    case "<Enter>":
      return breakLine(insert);
    case "\t":
      return tab(insert);
    case "<BS>":
    case "\x08":
    case "\x7f":
      return backspace(insert, "char");
    case "\x17":
      return backspace(insert, "word");
    case "\x15":
      // defaults.vim maps it so that `u` can take it back.
      editor.buffer.undo.close();
      return backspace(insert, "line");
    case "<Del>":
      return remove(insert);
    case "\x14":
    case "\x04":
      return shiftIndent(insert, key === "\x14" ? 1 : -1);
    case "\x19":
    case "\x05":
      return copyFrom(insert, key === "\x19" ? -1 : 1);
    case "\x16":
      return;
    case "<Insert>":
      editor.mode = editor.mode === "insert" ? "replace" : "insert";
      return;
    case "\x06":
      indentKey(insert, key, false);
      return;
    default:
      if (key.startsWith("<Paste>")) return insertText(insert, key.slice(7), true);
      if (key.length > 2 && key.startsWith("<")) return;
      if (key < " " && key !== "\x1b") return;
      insertChar(insert, key);
  }
}

/** Puts a character in, or in Replace mode over another. */
function insertChar(insert: Insert, char: string): void {
  const { editor } = insert;
  const { line, col } = editor.cursor;
  const text = editor.line;
  const white = firstNonBlank(text) >= col;
  if (editor.mode === "replace") {
    const old = charAt(text, col);
    insert.covered.push(old);
    editor.buffer.set(line, text.slice(0, col) + char + text.slice(col + old.length));
  } else editor.buffer.set(line, text.slice(0, col) + char + text.slice(col));
  editor.cursor = { line, col: col + char.length };
  insert.automatic = false;
  insert.spaced = char === " ";
  indentKey(insert, char, white);
  wrapText(insert, char);
}

/** 'textwidth': a line that has become too long breaks at a blank. */
function wrapText(insert: Insert, char: string): void {
  const { editor } = insert;
  const width = editor.options.number("textwidth");
  if (width <= 0 || char === " " || editor.options.on("paste")) return;
  const text = editor.line;
  if (columnAt(text, editor.cursor.col, editor.options.tabstop) <= width) return;
  const most = indexAtColumn(text, width, editor.options.tabstop);
  const at = Math.max(text.lastIndexOf(" ", most), text.lastIndexOf("\t", most));
  if (at <= firstNonBlank(text)) return;
  const tail = editor.cursor.col - at - 1;
  editor.buffer.set(editor.cursor.line, text.slice(0, at).trimEnd() + text.slice(at));
  const cut = text.slice(0, at).trimEnd().length;
  editor.cursor = { line: editor.cursor.line, col: cut };
  editor.buffer.set(editor.cursor.line, editor.line.slice(0, cut) + editor.line.slice(cut).trimStart());
  breakLine(insert);
  editor.cursor = { line: editor.cursor.line, col: editor.cursor.col + tail };
}

/** Text as it is: pasted, or from a register, whose newlines are keys unless it is put in literally. */
export function insertText(insert: Insert, text: string, literally: boolean): void {
  const { editor } = insert;
  const parts = text.replace(/\r\n?/g, "\n").split("\n");
  if (!literally) {
    for (const [at, part] of parts.entries()) {
      if (at > 0) breakLine(insert);
      for (const char of part) insertChar(insert, char);
    }
    return;
  }
  const { line, col } = editor.cursor;
  const old = editor.line;
  const lines = parts.length === 1 ? [old.slice(0, col) + parts[0]! + old.slice(col)] : [old.slice(0, col) + parts[0]!, ...parts.slice(1, -1), parts.at(-1)! + old.slice(col)]; // prettier-ignore
  editor.buffer.replace(line, 1, lines);
  editor.cursor = { line: line + parts.length - 1, col: (parts.length === 1 ? col : 0) + parts.at(-1)!.length };
  insert.automatic = false;
}

/** Ctrl-Y and Ctrl-E: the character above or below. */
function copyFrom(insert: Insert, direction: 1 | -1): void {
  const { editor } = insert;
  const { tabstop } = editor.options;
  const other = editor.buffer.lines[editor.cursor.line + direction];
  if (other === undefined) return;
  const char = charAt(other, indexAtColumn(other, columnAt(editor.line, editor.cursor.col, tabstop), tabstop));
  if (char !== "") insertChar(insert, char);
}

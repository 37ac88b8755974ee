import { after, before, charAt, classOf, columnAt, firstNonBlank, type Pos } from "./chars.ts";
import { setIndent } from "./indent.ts";
import type { Insert } from "./insert.ts";

export function tab(insert: Insert): void {
  const { editor } = insert;
  const { options } = editor;
  const { line, col } = editor.cursor;
  const text = editor.line;
  const inIndent = firstNonBlank(text) >= col;
  const soft = options.number("softtabstop") < 0 ? options.shift : options.number("softtabstop");
  const smart = options.on("smarttab") && inIndent;
  if (
    options.on("paste") ||
    (!options.on("expandtab") && soft === 0 && !(smart && options.shift !== options.tabstop))
  ) {
    insertPlain(insert, "\t");
    return;
  }
  const unit = smart ? options.shift : soft || options.tabstop;
  const column = columnAt(text, col, options.tabstop);
  const width = unit - (column % unit);
  if (options.on("expandtab")) {
    insertPlain(insert, " ".repeat(width));
    return;
  }
  // Spaces before it and its own become tabs as far as they go.
  let start = col;
  while (start > 0 && /[ \t]/.test(text[start - 1]!)) start--;
  const from = columnAt(text, start, options.tabstop);
  let lead = "";
  let at = from;
  while (Math.floor(at / options.tabstop + 1) * options.tabstop <= column + width) {
    lead += "\t";
    at = Math.floor(at / options.tabstop + 1) * options.tabstop;
  }
  lead += " ".repeat(column + width - at);
  editor.buffer.set(line, text.slice(0, start) + lead + text.slice(col));
  editor.cursor = { line, col: start + lead.length };
  insert.automatic = false;
}

function insertPlain(insert: Insert, text: string): void {
  const { editor } = insert;
  const { line, col } = editor.cursor;
  const old = editor.line;
  const over = editor.mode === "replace" ? charAt(old, col).length : 0;
  if (editor.mode === "replace") insert.covered.push(charAt(old, col));
  editor.buffer.set(line, old.slice(0, col) + text + old.slice(col + over));
  editor.cursor = { line, col: col + text.length };
  insert.automatic = false;
  insert.spaced = false;
}

/** Backspace, Ctrl-W, Ctrl-U. As ins_bs(), with 'backspace' at indent,eol,start. */
export function backspace(insert: Insert, how: "char" | "word" | "line"): void {
  const { editor } = insert;
  const { options, buffer } = editor;
  const { line, col } = editor.cursor;
  const text = editor.line;
  if (editor.mode === "replace") return backInReplace(insert);
  insert.automatic = false;
  if (col === 0) {
    if (line === 0) return;
    const above = buffer.line(line - 1);
    buffer.replace(line - 1, 2, [above + text]);
    editor.cursor = { line: line - 1, col: above.length };
    insert.spaced = false;
    if (insert.start.line >= line) insert.start = { line: line - 1, col: above.length };
    return;
  }
  // What was typed goes first, then what was there before.
  const startCol = insert.start.line === line && insert.start.col < col ? insert.start.col : 0;
  let to = col;
  const indent = firstNonBlank(text);
  if (how === "char") {
    const soft = options.on("smarttab") && indent >= col ? options.shift : options.number("softtabstop") < 0 ? options.shift : options.number("softtabstop"); // prettier-ignore
    const previous = text[col - 1]!;
    if (
      soft > 0 &&
      !options.on("paste") &&
      (previous === "\t" || (previous === " " && (!insert.spaced || (options.on("smarttab") && indent >= col))))
    ) {
      // prettier-ignore
      const column = columnAt(text, col, options.tabstop);
      const wanted = Math.floor((column - 1) / soft) * soft;
      while (to > 0 && /[ \t]/.test(text[to - 1]!) && columnAt(text, to, options.tabstop) > wanted) to--;
      const fill = " ".repeat(Math.max(0, wanted - columnAt(text, to, options.tabstop)));
      buffer.set(line, text.slice(0, to) + fill + text.slice(col));
      editor.cursor = { line, col: to + fill.length };
      insert.spaced = false;
      return;
    }
    to = before(text, col);
  } else if (how === "line") {
    // A first one stops behind the indent.
    to = startCol > 0 ? startCol : indent < col && indent > 0 && options.on("autoindent") ? indent : startCol;
  } else {
    while (to > startCol && classOf(charAt(text, before(text, to))) === 0) to = before(text, to);
    if (to > startCol) {
      const kind = classOf(charAt(text, before(text, to)));
      while (to > startCol && classOf(charAt(text, before(text, to))) === kind) to = before(text, to);
    }
  }
  buffer.set(line, text.slice(0, to) + text.slice(col));
  editor.cursor = { line, col: to };
  insert.spaced = false;
  if (compareStart(insert.start, editor.cursor) > 0) insert.start = editor.cursor;
}

function compareStart(a: Pos, b: Pos): number {
  return a.line - b.line || a.col - b.col;
}

/** In Replace mode what was covered comes back; before that the cursor only moves. */
function backInReplace(insert: Insert): void {
  const { editor } = insert;
  const { line, col } = editor.cursor;
  const text = editor.line;
  if (col === 0) return;
  const at = before(text, col);
  const old = insert.covered.pop();
  if (old !== undefined) editor.buffer.set(line, text.slice(0, at) + old + text.slice(col));
  editor.cursor = { line, col: at };
}

export function remove(insert: Insert): void {
  const { editor } = insert;
  const { line, col } = editor.cursor;
  const text = editor.line;
  if (col < text.length) editor.buffer.set(line, text.slice(0, col) + text.slice(after(text, col)));
  else if (line + 1 < editor.buffer.count) editor.buffer.replace(line, 2, [text + editor.buffer.line(line + 1)]);
  insert.automatic = false;
}

/** Ctrl-T and Ctrl-D: one 'shiftwidth' more or less, to a multiple of it. */
export function shiftIndent(insert: Insert, direction: 1 | -1): void {
  const { editor } = insert;
  const { shift, tabstop } = editor.options;
  const text = editor.line;
  const now = columnAt(text, firstNonBlank(text), tabstop);
  const width = direction > 0 ? (Math.floor(now / shift) + 1) * shift : Math.max(0, Math.ceil(now / shift) - 1) * shift;
  const { line, col } = editor.cursor;
  const moved = setIndent(editor, line, width);
  editor.cursor = { line, col: Math.max(0, col + moved) };
  insert.automatic = false;
}

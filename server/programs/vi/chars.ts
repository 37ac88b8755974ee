import { encode } from "../../sim/kernel/index.ts";
import { columnsOf } from "../gnu/width.ts";

/** A place in a text: line and index into its string, both from 0. */
export interface Pos {
  readonly line: number;
  readonly col: number;
}

const MARK = /^[\p{Mn}\p{Me}]$/u;
const LETTER = /^[\p{L}\p{N}_]$/u;
const PLAIN = /^[ -~]*$/;

/** The index behind the character at `col`, its combining marks included. */
export function after(line: string, col: number): number {
  if (col >= line.length) return line.length;
  let next = col + width16(line, col);
  while (
    next < line.length &&
    line.charCodeAt(next) >= 0x300 &&
    MARK.test(String.fromCodePoint(line.codePointAt(next)!))
  )
    next += width16(line, next);
  return next;
}

/** The index of the character before `col`. */
export function before(line: string, col: number): number {
  let at = Math.min(col, line.length);
  while (at > 0) {
    at -= at > 1 && line.codePointAt(at - 2)! > 0xffff ? 2 : 1;
    if (line.charCodeAt(at) < 0x300 || !MARK.test(String.fromCodePoint(line.codePointAt(at)!))) break;
  }
  return at;
}

function width16(line: string, at: number): number {
  return line.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** The character at `col` with its combining marks; empty behind the end. */
export function charAt(line: string, col: number): string {
  return line.slice(col, after(line, col));
}

/** The index of the last character; 0 in an empty line. */
export function last(line: string): number {
  return before(line, line.length);
}

/** As utf_class(): 0 for blanks, 1 for punctuation, 2 for what words are made of. An end of line is a blank. */
export function classOf(char: string): 0 | 1 | 2 {
  if (char === "" || char === " " || char === "\t") return 0;
  return /^[A-Za-z0-9_]/.test(char) ||
    (char.charCodeAt(0) > 0x7f && LETTER.test(String.fromCodePoint(char.codePointAt(0)!)))
    ? 2
    : 1;
}

/** What a character is shown as; tabs by the column they stand in. */
export function shown(char: string, column: number, tabstop: number, list = false): string {
  const code = char.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f) return char;
  if (char === "\t" && !list) return " ".repeat(tabstop - (column % tabstop));
  if (code < 0x20) return `^${String.fromCharCode(code + 64)}`;
  if (code === 0x7f) return "^?";
  if (code < 0xa0) return `<${code.toString(16)}>`;
  return char;
}

export function columns(text: string): number {
  return columnsOf(text);
}

/** The screen column at which the character at `col` begins. */
export function columnAt(line: string, col: number, tabstop: number): number {
  const head = line.slice(0, col);
  if (PLAIN.test(head)) return head.length;
  let column = 0;
  for (let at = 0; at < col && at < line.length;) {
    const next = after(line, at);
    column += columnsOf(shown(line.slice(at, next), column, tabstop));
    at = next;
  }
  return column;
}

/** Where the cursor is shown on a character in Normal mode: at the end of a tab, at the start of all else. */
export function cursorColumnAt(line: string, col: number, tabstop: number): number {
  return line[col] === "\t" ? endColumnAt(line, col, tabstop) : columnAt(line, col, tabstop);
}

/** The last column of the character at `col`. */
export function endColumnAt(line: string, col: number, tabstop: number): number {
  const start = columnAt(line, col, tabstop);
  return start + Math.max(1, columnsOf(shown(charAt(line, col) || " ", start, tabstop))) - 1;
}

/** The index of the character that covers a screen column; the line's length behind its end. */
export function indexAtColumn(line: string, column: number, tabstop: number): number {
  if (PLAIN.test(line)) return Math.min(column, line.length);
  let used = 0;
  for (let at = 0; at < line.length;) {
    const next = after(line, at);
    used += columnsOf(shown(line.slice(at, next), used, tabstop));
    if (used > column) return at;
    at = next;
  }
  return line.length;
}

/** The index of the first character that is no blank; the line's length if there is none. */
export function firstNonBlank(line: string): number {
  const at = line.search(/[^ \t]/);
  return at < 0 ? line.length : at;
}

/** The columns that a line's leading blanks take. */
export function indentOf(line: string, tabstop: number): number {
  return columnAt(line, firstNonBlank(line), tabstop);
}

export function bytesOf(text: string): number {
  return encode(text).length;
}

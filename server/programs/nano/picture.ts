import { after, columnAt, columns, shown } from "../vi/chars.ts";
import { bottomBars, type Menu } from "./menus.ts";
import type { Text } from "./text.ts";

/** All that nano's screen shows. */
export interface Picture {
  readonly text: Text;
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  /** The first line that is shown. */
  readonly top: number;
  readonly numbers: boolean;
  readonly autoindent: boolean;
  readonly viewOnly: boolean;
  readonly help: boolean;
  readonly menu: Menu;
  readonly message: string;
  /** A prompt in place of the message: its words, the answer and the cursor in it. */
  readonly prompt: { readonly words: string; readonly answer: string; readonly at: number } | undefined;
  /** Choices in place of the menu: `Y Yes`. */
  readonly choices: readonly [string, string] | undefined;
  /** The match that a question is about. */
  readonly spotlight: { readonly line: number; readonly from: number; readonly to: number } | undefined;
}

const reverse = (text: string): string => (text === "" ? "" : `\x1b[7m${text}\x1b[m`);

/** How many rows the text has. */
export function textRows({ rows, help }: { rows: number; help: boolean }): number {
  return Math.max(1, rows - (help ? 4 : 2));
}

/** The column that a line is shown from, so that the cursor's is in view. As get_page_start(). */
export function pageStart(column: number, width: number): number {
  if (column === 0 || column + 2 < width || width <= 8) return 0;
  return column - 6 - ((column - 6) % (width - 8));
}

export function margin({ numbers, text }: { numbers: boolean; text: Text }): number {
  return numbers ? Math.max(2, String(text.lines.length).length) + 1 : 0;
}

/** The rows of the screen and the cursor's place, from 0. */
export function draw(picture: Picture): { rows: string[]; cursor: { row: number; column: number } } {
  const { text, rows, cols, top, prompt } = picture;
  const height = textRows(picture);
  const space = margin(picture);
  const width = cols - space;
  const out = [title(picture)];
  for (let row = 0; row < height; row++) {
    const line = top + row;
    if (line >= text.lines.length) out.push("");
    else {
      // The number of the line behind the last newline is shown as well.
      const number = space === 0 ? "" : reverse(String(line + 1).padStart(space - 1)) + " ";
      out.push(number + textRow(picture, line, width));
    }
  }
  out.push(prompt ? promptRow(prompt, cols) : statusRow(picture.message, cols));
  if (picture.help) out.push(...(picture.choices ?? bottomBars(picture.menu, cols)));
  const column = columnAt(text.line, text.cursor.col, 8);
  const cursor = prompt
    ? {
        row: 1 + height,
        column: Math.min(cols - 1, columns(prompt.words) + columns(prompt.answer.slice(0, prompt.at))),
      }
    : picture.spotlight && picture.choices
      ? { row: 1 + height, column: Math.min(cols - 1, columns(picture.message)) }
      : { row: 1 + text.cursor.line - top, column: space + column - pageStart(column, width) };
  return { rows: out.slice(0, rows), cursor };
}

/** As titlebar(), with the state flags that Debian's and Ubuntu's nanorc turn on. */
function title({ text, name, cols, autoindent, viewOnly }: Picture): string {
  const version = "GNU nano 7.2";
  const path = name === "" ? "New Buffer" : name;
  const state = 9;
  let left = version.length + 3;
  const length = columns(path) + 1;
  let row = " ".repeat(cols);
  const write = (at: number, what: string): void => {
    row = (row.slice(0, at) + what + row.slice(at + columns(what))).slice(0, cols);
  };
  if (left + length + state <= cols) write(2, version);
  else left = 2;
  const at = left + Math.max(0, Math.floor((cols - (left + state) - length) / 2));
  if (length + state <= cols) write(at, path + (text.modified ? " *" : ""));
  else if (5 + state <= cols)
    write(left, `...${path.slice(path.length - (cols - state - 5))}${text.modified ? " *" : ""}`);
  if (state < cols) write(cols + 2 - state, `${autoindent ? "I" : " "}${text.mark ? "M" : " "}${viewOnly ? "V" : " "}`);
  return reverse(row);
}

function textRow(picture: Picture, line: number, width: number): string {
  const { text, spotlight } = picture;
  const content = text.lines[line]!;
  const start = line === text.cursor.line ? pageStart(columnAt(content, text.cursor.col, 8), width) : 0;
  const marked = text.marked;
  const isMarked = (at: number): boolean => {
    if (spotlight?.line === line) return at >= spotlight.from && at < spotlight.to;
    if (!marked || line < marked.from.line || line > marked.to.line) return false;
    return (line > marked.from.line || at >= marked.from.col) && (line < marked.to.line || at < marked.to.col);
  };
  if (start === 0 && !marked && !spotlight && /^[ -~]*$/.test(content) && content.length <= width) return content;
  let out = "";
  let column = 0;
  let on = false;
  const end = start + width;
  for (let at = 0; at < content.length && column < end;) {
    const next = after(content, at);
    for (const char of shown(content.slice(at, next), column, 8)) {
      if (column >= start && column + columns(char) <= end) {
        if (isMarked(at) !== on) {
          on = !on;
          out += on ? "\x1b[7m" : "\x1b[m";
        }
        out += char;
      }
      column += columns(char);
    }
    at = next;
  }
  if (on) out += "\x1b[m";
  const more = columnAt(content, content.length, 8) > end;
  if (more) out = `${out.slice(0, -1)}${reverse(">")}`;
  if (start > 0) out = `${reverse("<")}${out.slice(1)}`;
  return out;
}

function statusRow(message: string, cols: number): string {
  if (message === "") return "";
  // What has a dot in front is no message but a question, at the left.
  if (message.startsWith("\0")) return reverse(message.slice(1).padEnd(cols));
  const text = `[ ${message} ]`;
  const shown_ = text.slice(0, cols);
  return " ".repeat(Math.max(0, Math.floor((cols - columns(shown_)) / 2))) + reverse(shown_);
}

function promptRow({ words, answer }: NonNullable<Picture["prompt"]>, cols: number): string {
  const line = words + answer;
  return reverse((columns(line) < cols ? line : `${words}$${answer.slice(-(cols - words.length - 2))}`).padEnd(cols));
}

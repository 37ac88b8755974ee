import { encode } from "../../sim/kernel/index.ts";
import type { Tty } from "../../sim/host/index.ts";
import { INVISIBLE_END, INVISIBLE_START } from "../interpreter/prompt.ts";
import { layOut, type Cell, type Layout, type Place } from "./layout.ts";
import { textWidth } from "./width.ts";

const CLEAR_LINE = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** The line that is being edited, on the terminal. Shows changes with few bytes: only from the first difference on. */
export class Screen {
  readonly #tty: Tty;
  #out = "";
  /** Where the text starts, and what is shown of it. */
  #start: Place = { row: 0, col: 0 };
  #shown: Layout = { cells: [], cursor: { row: 0, col: 0 }, end: { row: 0, col: 0 } };
  /** The text that is shown, if it can be added to. */
  #text: string | undefined;
  #at: Place = { row: 0, col: 0 };
  #prompt = "";

  constructor(tty: Tty) {
    this.#tty = tty;
  }

  get columns(): number {
    return Math.max(this.#tty.cols, 2);
  }

  get rows(): number {
    return this.#tty.rows;
  }

  /** Writes bytes that are no part of the line: a bell, modes. */
  write(text: string): void {
    this.#out += text;
  }

  /** What is to be sent. */
  take(): string {
    const out = this.#out;
    this.#out = "";
    return encode(out);
  }

  /** Starts a line with its prompt; what it shows before its last line is only written once. */
  begin(prompt: string): void {
    const last = prompt.lastIndexOf("\n") + 1;
    this.#out += visible(prompt.slice(0, last));
    this.#beginLine(prompt.slice(last));
  }

  #beginLine(prompt: string): void {
    this.#prompt = prompt;
    this.#out += visible(prompt);
    const width = textWidth(withoutInvisible(prompt));
    this.#start = { row: Math.floor(width / this.columns), col: width % this.columns };
    if (width > 0 && this.#start.col === 0) this.#out += " \r";
    this.#shown = { cells: [], cursor: this.#start, end: this.#start };
    this.#text = undefined;
    this.#at = this.#start;
  }

  /** Shows a text with the cursor in it; `region` stands out. */
  show(text: string, cursor: number, region?: { from: number; to: number }): void {
    const before = this.#shown;
    const known = this.#text;
    this.#text = region === undefined && cursor === text.length ? text : undefined;
    if (known !== undefined && this.#text !== undefined && text.startsWith(known))
      return this.#add(text.slice(known.length), before);
    const next = layOut(text, cursor, this.#start, this.columns, region);
    const same = firstDifference(before.cells, next.cells);
    if (same < next.cells.length || same < before.cells.length) {
      const first = next.cells[same] ?? next.end;
      this.#move({ row: first.row, col: first.col });
      this.#writeCells(next, same);
      this.#clearRest(before, next);
    }
    this.#shown = next;
    this.#move(next.cursor);
  }

  /** Shows what was added at the end, without looking at all that stands before it. */
  #add(text: string, { cells, end }: Layout): void {
    const added = layOut(text, text.length, end, this.columns);
    this.#move(end);
    this.#writeCells(added, 0);
    for (const cell of added.cells) cells.push(cell);
    this.#shown = { cells, cursor: added.cursor, end: added.end };
    this.#move(added.cursor);
  }

  #writeCells({ cells, end }: Layout, from: number): void {
    let inverse = false;
    for (let at = from; at < cells.length; at++) {
      const cell = cells[at]!;
      if (cell.inverse !== inverse) {
        this.#out += cell.inverse ? "\x1b[7m" : "\x1b[27m";
        inverse = cell.inverse;
      }
      if (cell.text === "") {
        // What stood behind a newline before must go.
        if (inverse) this.#out += "\x1b[27m";
        inverse = false;
        this.#out += `${CLEAR_LINE}\r\n`;
      } else this.#out += cell.text;
    }
    if (inverse) this.#out += "\x1b[27m";
    const last = cells.at(-1);
    // A full row leaves the terminal's cursor behind its last column: make it go on to the next row.
    if (last && end.col === 0 && last.text !== "" && cells.length > from) this.#out += " \r";
    this.#at = cells.length > from ? end : this.#at;
  }

  #clearRest(before: Layout, next: Layout): void {
    if (before.end.row > next.end.row) this.#out += CLEAR_BELOW;
    else if (before.end.row === next.end.row && before.end.col > next.end.col) this.#out += CLEAR_LINE;
  }

  #move(to: Place): void {
    const from = this.#at;
    if (to.row < from.row) this.#out += "\x1b[A".repeat(from.row - to.row);
    if (to.row > from.row) this.#out += "\x1b[B".repeat(to.row - from.row);
    if (to.col === 0 && from.col !== 0) this.#out += "\r";
    else if (to.col < from.col) this.#out += from.col - to.col <= 4 ? "\b".repeat(from.col - to.col) : `\x1b[${from.col - to.col}D`;
    else if (to.col > from.col) this.#out += to.col - from.col <= 2 ? "\x1b[C".repeat(to.col - from.col) : `\x1b[${to.col - from.col}C`; // prettier-ignore
    this.#at = to;
  }

  /** Leaves the line: the cursor goes below it, unless it stands on an empty row there already. */
  finish(): void {
    const { end, cursor } = this.#shown;
    const onEmptyRow = end.row > 0 && end.col === 0 && cursor.row === end.row;
    this.#move(end);
    if (end.col > 0 || (end.row > 0 && !onEmptyRow) || this.#prompt !== "") this.#out += onEmptyRow ? "" : "\r\n";
  }

  /** Goes behind the line and stays there. */
  toEnd(): void {
    this.#move(this.#shown.end);
  }

  /** Goes to the last row of the line, in the column where the cursor is. */
  toLastRow(): void {
    this.#move({ row: this.#shown.end.row, col: this.#at.col });
  }

  /** Shows the line again with another prompt (a search), over the old one. */
  replacePrompt(prompt: string): void {
    this.#move({ row: 0, col: 0 });
    this.#out += `\r${CLEAR_BELOW}`;
    this.#beginLine(prompt);
  }

  /** Shows the prompt's last line and the text again, below what was written meanwhile. */
  restart(text: string, cursor: number): void {
    this.#at = { row: 0, col: 0 };
    this.#beginLine(this.#prompt);
    this.show(text, cursor);
  }

  /** Ctrl-L: an empty screen with the line at its top. */
  clear(text: string, cursor: number): void {
    this.#out += "\x1b[H\x1b[2J";
    this.restart(text, cursor);
  }

  /** The terminal has another width: the terminal itself has wrapped anew what was shown. */
  resized(text: string, cursor: number): void {
    const up = this.#shown.end.row;
    this.toLastRow();
    this.#out += `\r${CLEAR_LINE}${"\x1b[A".repeat(up)}${CLEAR_BELOW}`;
    this.restart(text, cursor);
  }

  get prompt(): string {
    return this.#prompt;
  }
}

function firstDifference(a: readonly Cell[], b: readonly Cell[]): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [one, other] = [a[at]!, b[at]!];
    if (one.text !== other.text || one.row !== other.row || one.col !== other.col || one.inverse !== other.inverse)
      return at;
  }
  return length;
}

function visible(prompt: string): string {
  return prompt.replaceAll(INVISIBLE_START, "").replaceAll(INVISIBLE_END, "").replaceAll("\n", "\r\n");
}

/** What takes room: also escape sequences that nobody marked as taking none are counted, as readline does. */
function withoutInvisible(prompt: string): string {
  // oxlint-disable-next-line no-control-regex
  return prompt.replace(/\x01[^\x02]*\x02/g, "");
}

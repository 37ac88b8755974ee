import { after, columnAt, columns, cursorColumnAt, shown, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";

/** The window onto the text: which line is on top, as vim's move.c. Heights in screen rows. */
export class View {
  readonly #editor: Editor;
  rows: number;
  cols: number;
  top = 0;
  /** The first column shown, with nowrap. */
  left = 0;
  #half = 0;

  constructor(editor: Editor, rows: number, cols: number) {
    this.#editor = editor;
    this.rows = rows;
    this.cols = cols;
  }

  /** Rows for text: all but the command line. */
  get height(): number {
    return Math.max(1, this.rows - 1);
  }

  /** Columns in front of each line. */
  get margin(): number {
    const { options, buffer } = this.#editor;
    if (!options.on("number") && !options.on("relativenumber")) return 0;
    return Math.max(3, String(buffer.count).length) + 1;
  }

  get width(): number {
    return Math.max(1, this.cols - this.margin);
  }

  get #scrolloff(): number {
    return Math.min(this.#editor.options.number("scrolloff"), Math.floor((this.height - 1) / 2));
  }

  /** The rows that a line takes. */
  rowsOf(line: number): number {
    const { buffer, options } = this.#editor;
    if (!options.on("wrap")) return 1;
    const text = buffer.line(line);
    if (text.length * 8 < this.width && !options.on("list")) return 1;
    return Math.max(1, Math.ceil((this.#columnsOf(text) + (options.on("list") ? 1 : 0)) / this.width));
  }

  #columnsOf(text: string): number {
    const { options } = this.#editor;
    const list = options.on("list");
    if (!list) return columnAt(text, text.length, options.tabstop);
    let column = 0;
    for (let at = 0; at < text.length;) {
      const next = after(text, at);
      column += columns(shown(text.slice(at, next), column, options.tabstop, true));
      at = next;
    }
    return column;
  }

  /** The line behind the last one that is shown whole. */
  bottom(top = this.top): number {
    const { buffer } = this.#editor;
    let used = 0;
    let line = top;
    while (line < buffer.count) {
      used += this.rowsOf(line);
      if (used > this.height) break;
      line++;
    }
    return line;
  }

  /** Scrolls so that the cursor is shown, with 'scrolloff' lines around it. As update_topline(). */
  follow(): void {
    const { buffer, cursor, options } = this.#editor;
    this.top = Math.max(0, Math.min(this.top, buffer.count - 1));
    const off = this.#scrolloff;
    const { line } = cursor;
    if (this.top > 0 && line < this.top + off) {
      // How many lines it is above: near ones scroll, far ones get the middle of the window.
      let rows = 0;
      for (let at = line; at < this.top + off && rows < this.height; at++) rows += this.rowsOf(at);
      if (rows >= Math.max(2, Math.floor(this.height / 2) - 1) && line < this.top + off) {
        if (line - off < this.top && rows >= Math.floor(this.height / 2)) this.#toMiddle(line);
        else this.#toTop(line, off);
      } else this.#toTop(line, off);
    }
    const bottom = this.bottom();
    if (bottom < buffer.count && line >= bottom - off) {
      if (line - bottom + 1 + off <= this.height + 1) this.#scrollDown(line, off, bottom);
      else this.#toMiddle(line);
    } else if (line >= bottom) this.#toBottom(line, off);
    if (!options.on("wrap")) this.#followSideways();
    else this.left = 0;
  }

  /** The cursor's line becomes the first but `off`. */
  #toTop(line: number, off: number): void {
    this.top = Math.max(0, Math.min(this.top, this.#backFrom(line, off)));
  }

  #backFrom(line: number, off: number): number {
    return Math.max(0, line - off);
  }

  /** Scrolls as little as needed for `off` lines below the cursor. */
  #toBottom(line: number, off: number): void {
    const { count } = this.#editor.buffer;
    const lowest = Math.min(count - 1, line + off);
    let used = 0;
    let top = lowest + 1;
    while (top > 0) {
      const rows = this.rowsOf(top - 1);
      if (used + rows > this.height) break;
      used += rows;
      top--;
    }
    this.top = Math.max(this.top, Math.min(top, line));
  }

  /** Scrolls up so that a line below the window is shown; far ones come to the middle. As scroll_cursor_bot(). */
  #scrollDown(line: number, off: number, bottom: number): void {
    const { count } = this.#editor.buffer;
    let used = this.rowsOf(line);
    let scrolled = line >= bottom ? used : 0;
    let extra = 0;
    let [above, below] = [line, line];
    let empty = this.height;
    for (let at = this.top; at < bottom; at++) empty -= this.rowsOf(at);
    if (line === bottom) scrolled -= empty;
    while (above > 0) {
      if (((scrolled <= 0 || scrolled >= 1) && extra >= off) || below + 1 >= count) if (above <= bottom) break;
      const rows = this.rowsOf(--above);
      used += rows;
      if (used > this.height) break;
      if (above >= bottom) scrolled += rows - (above === bottom ? empty : 0);
      if (below + 1 < count) {
        const more = this.rowsOf(++below);
        used += more;
        if (used > this.height) break;
        if (extra < off || scrolled < 1) {
          extra += more;
          if (below >= bottom) scrolled += more - (below === bottom ? empty : 0);
        }
      }
    }
    if (scrolled <= 0) return;
    if (used > this.height) return this.#toMiddle(line);
    let rows = 0;
    let top = this.top;
    for (let at = bottom; rows < scrolled && at < count; at++) rows += this.rowsOf(at);
    for (let gone = 0; gone < scrolled && top < line;) gone += this.rowsOf(top++);
    if (top - this.top >= this.height) return this.#toMiddle(line);
    this.top = top;
  }

  /** The cursor's line becomes the middle one. As scroll_cursor_halfway(); `atEnd` counts rows behind the text. */
  #toMiddle(line: number, atEnd = false): void {
    const { count } = this.#editor.buffer;
    let used = this.rowsOf(line);
    let [top, low] = [line, line];
    let [above, below] = [0, 0];
    while (top > 0) {
      if (above < below) {
        const rows = this.rowsOf(top - 1);
        used += rows;
        if (used > this.height) break;
        above += rows;
        top--;
      } else if (low + 1 < count) {
        const rows = this.rowsOf(++low);
        used += rows;
        if (used > this.height) break;
        below += rows;
      } else {
        below++;
        if (atEnd) used++;
        if (used > this.height) break;
      }
    }
    this.top = top;
  }

  #followSideways(): void {
    const { cursor, line, options } = this.#editor;
    const column = cursorColumnAt(line, cursor.col, options.tabstop);
    // 'sidescroll' of 0: the cursor comes to the middle.
    if (column < this.left || column >= this.left + this.width) this.left = Math.max(0, column - Math.floor(this.width / 2)); // prettier-ignore
  }

  /** `zt`, `zz`, `zb` and with `z<CR>`, `z.`, `z-`. */
  place(where: "top" | "middle" | "bottom"): void {
    const { cursor, buffer } = this.#editor;
    const off = this.#scrolloff;
    if (where === "middle") return this.#toMiddle(cursor.line, true);
    if (where === "top") this.top = this.#backFrom(cursor.line, off);
    else {
      this.top = 0;
      this.#toBottom(cursor.line, off);
    }
    this.top = Math.min(this.top, buffer.count - 1);
  }

  /** Ctrl-E and Ctrl-Y; the cursor stays in view. */
  scroll(lines: number): void {
    const { buffer } = this.#editor;
    this.top = Math.max(0, Math.min(buffer.count - 1, this.top + lines));
    this.#keepCursor();
  }

  #keepCursor(): void {
    const editor = this.#editor;
    const off = this.#scrolloff;
    const { count } = editor.buffer;
    const first = this.top === 0 ? 0 : Math.min(count - 1, this.top + off);
    const bottom = this.bottom();
    const last = bottom >= count ? count - 1 : Math.max(first, bottom - 1 - off);
    const line = Math.max(first, Math.min(last, editor.cursor.line));
    if (line !== editor.cursor.line) editor.cursor = { line, col: editor.wanted(line) };
  }

  /** Ctrl-D and Ctrl-U: half a window, the cursor with it. Returns whether anything moved. */
  half(direction: 1 | -1, count: number | undefined): boolean {
    const editor = this.#editor;
    const { buffer, cursor } = editor;
    if (count !== undefined) this.#half = count;
    const by = Math.min(this.height, this.#half || Math.floor(this.height / 2));
    if (direction < 0 ? cursor.line === 0 : cursor.line === buffer.count - 1) return false;
    const line = Math.max(0, Math.min(buffer.count - 1, cursor.line + direction * by));
    const bottomShown = this.bottom() >= buffer.count;
    if (direction < 0) this.top = Math.max(0, this.top - by);
    else if (!bottomShown) {
      let top = this.top;
      for (let rest = by; rest > 0 && this.bottom(top) < buffer.count; rest--) top++;
      this.top = top;
    }
    editor.cursor = { line, col: 0 };
    this.#keepCursor();
    return true;
  }

  /** Ctrl-F and Ctrl-B: a window less two lines. */
  page(direction: 1 | -1, count: number): boolean {
    const editor = this.#editor;
    const { buffer } = editor;
    const off = this.#scrolloff;
    if (direction > 0 ? editor.cursor.line === buffer.count - 1 && this.top >= buffer.count - 1 : this.top === 0 && editor.cursor.line === 0) return false; // prettier-ignore
    for (let rest = count; rest > 0; rest--) {
      if (direction > 0) {
        const bottom = this.bottom();
        if (bottom >= buffer.count) this.top = buffer.count - 1;
        else this.top = Math.max(0, Math.min(buffer.count - 1, bottom - 2));
        const line = Math.min(buffer.count - 1, this.top + (this.top + off < buffer.count ? off : 0));
        editor.cursor = { line: bottom >= buffer.count ? buffer.count - 1 : Math.max(line, Math.min(editor.cursor.line, line)), col: 0 }; // prettier-ignore
      } else {
        if (this.top === 0) {
          editor.cursor = { line: 0, col: 0 };
          break;
        }
        const low = Math.min(buffer.count - 1, this.top + 1);
        let used = 0;
        let top = low + 1;
        while (top > 0 && used + this.rowsOf(top - 1) <= this.height) used += this.rowsOf(--top);
        this.top = top;
        const bottom = this.bottom();
        const line = Math.min(editor.cursor.line, Math.max(top, bottom - 1 - off));
        editor.cursor = { line: Math.max(line, top === 0 ? 0 : top + off), col: 0 };
      }
    }
    return true;
  }

  /** The column of a place in its line, where the cursor is shown. */
  columnOf(pos: Pos): number {
    const { buffer, options, mode } = this.#editor;
    const text = buffer.line(pos.line);
    if (options.on("list")) return this.#columnsOf(text.slice(0, pos.col));
    return mode === "normal" || mode === "visual"
      ? cursorColumnAt(text, pos.col, options.tabstop)
      : columnAt(text, pos.col, options.tabstop);
  }

  /** The row and column of the screen where a place is shown. */
  screenOf(pos: Pos, end: boolean): { row: number; column: number } {
    const { buffer, options } = this.#editor;
    const text = buffer.line(pos.line);
    const list = options.on("list");
    const column = list
      ? this.#columnsOf(text.slice(0, pos.col))
      : end
        ? cursorColumnAt(text, pos.col, options.tabstop)
        : columnAt(text, pos.col, options.tabstop);
    if (!options.on("wrap")) {
      let row = 0;
      for (let at = this.top; at < pos.line; at++) row += 1;
      return { row, column: this.margin + column - this.left };
    }
    let row = 0;
    for (let at = this.top; at < pos.line; at++) row += this.rowsOf(at);
    return { row: row + Math.floor(column / this.width), column: this.margin + (column % this.width) };
  }
}

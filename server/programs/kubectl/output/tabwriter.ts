/** How Go's text/tabwriter lines up cells. Widths are in characters (code points). */
export interface TabWriterOptions {
  readonly minWidth: number;
  readonly tabWidth: number;
  readonly padding: number;
  /** What cells are filled with; with a tab, they end at multiples of `tabWidth`. */
  readonly padChar: " " | "\t";
  readonly alignRight?: boolean;
  readonly discardEmptyColumns?: boolean;
  /** Leading empty cells are made of tabs. */
  readonly tabIndent?: boolean;
  /** A bar between columns. */
  readonly debug?: boolean;
  readonly stripEscape?: boolean;
  /** Columns never get narrower again after a flush (liggitt/tabwriter). */
  readonly rememberWidths?: boolean;
}

/** `printers.GetNewTabWriter`: kubectl's tables (cli-runtime pkg/printers/tabwriter.go). */
export const TABLE: TabWriterOptions = { minWidth: 6, tabWidth: 4, padding: 3, padChar: " ", rememberWidths: true };

/** `kubectl describe` (kubectl pkg/describe/describe.go tabbedString). */
export const DESCRIBE: TabWriterOptions = { minWidth: 0, tabWidth: 8, padding: 2, padChar: " " };

interface Cell {
  readonly text: string;
  readonly width: number;
  /** It ended in a tab, not in a vertical tab. */
  readonly hard: boolean;
}

/** Text between two of these stands as it is, tabs and newlines included: the byte 0xff, as `decode` shows it. */
export const ESCAPE = "\udcff";

// oxlint-disable-next-line no-control-regex
const NOT_ASCII = /[^\0-\x7f]/;

/**
 * Go's text/tabwriter: lines up tab-terminated cells of lines that follow each other. The text behind a line's last tab is no
 * cell of a column. A line of one cell, or a form feed, ends all columns.
 */
export class TabWriter {
  readonly #options: TabWriterOptions;
  #out = "";
  #lines: Cell[][] = [[]];
  #cell = "";
  #cellWidth = 0;
  #inEscape = false;
  #widths: number[] = [];
  #remembered: number[] = [];

  constructor(options: TabWriterOptions) {
    this.#options = options;
  }

  write(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at]!;
      if (char === ESCAPE) {
        this.#append(text.slice(from, at));
        if (!this.#options.stripEscape) this.#cell += char;
        this.#inEscape = !this.#inEscape;
        from = at + 1;
      } else if (!this.#inEscape && (char === "\t" || char === "\n" || char === "\v" || char === "\f")) {
        this.#append(text.slice(from, at));
        from = at + 1;
        const cells = this.#endCell(char === "\t");
        if (char !== "\n" && char !== "\f") continue;
        this.#lines.push([]);
        if (char === "\f" || cells === 1) {
          this.flush();
          if (char === "\f" && this.#options.debug) this.#out += "---\n";
        }
      }
    }
    this.#append(text.slice(from));
  }

  /** Lines up what was written so far. */
  flush(): void {
    if (this.#cell !== "") this.#endCell(false);
    this.#format(0, this.#lines.length);
    this.#lines = [[]];
    this.#inEscape = false;
  }

  /** Flushes, and hands out what there is since the last time. */
  take(): string {
    this.flush();
    const out = this.#out;
    this.#out = "";
    return out;
  }

  /** Columns may get narrower again: another kind of rows follows. */
  forgetWidths(): void {
    this.#remembered = [];
  }

  #append(text: string): void {
    if (text === "") return;
    this.#cell += text;
    this.#cellWidth += NOT_ASCII.test(text) ? Array.from(text).length : text.length;
  }

  #endCell(hard: boolean): number {
    const line = this.#lines.at(-1)!;
    line.push({ text: this.#cell, width: this.#cellWidth, hard });
    this.#cell = "";
    this.#cellWidth = 0;
    return line.length;
  }

  /** Writes lines whose first `#widths.length` columns have their widths; finds blocks of lines with one more column. */
  #format(first: number, end: number): void {
    const column = this.#widths.length;
    let start = first;
    for (let at = first; at < end; at++) {
      if (column >= this.#lines[at]!.length - 1) continue;
      this.#writeLines(start, at);
      start = at;
      let width = this.#options.minWidth;
      let discardable = true;
      for (; at < end && column < this.#lines[at]!.length - 1; at++) {
        const cell = this.#lines[at]![column]!;
        width = Math.max(width, cell.width + this.#options.padding);
        if (cell.width > 0 || cell.hard) discardable = false;
      }
      if (discardable && this.#options.discardEmptyColumns) width = 0;
      if (this.#options.rememberWidths)
        width = this.#remembered[column] = Math.max(width, this.#remembered[column] ?? 0);
      this.#widths.push(width);
      this.#format(start, at);
      this.#widths.pop();
      start = at;
    }
    this.#writeLines(start, end);
  }

  #writeLines(start: number, end: number): void {
    const { alignRight, debug, tabIndent } = this.#options;
    for (let at = start; at < end; at++) {
      let leading = tabIndent === true;
      this.#lines[at]!.forEach((cell, column) => {
        if (column > 0 && debug) this.#out += "|";
        const width = this.#widths[column];
        const padding = width === undefined ? "" : this.#padding(cell.width, width, leading && cell.text === "");
        if (cell.text !== "") leading = false;
        this.#out += alignRight ? padding + cell.text : cell.text + padding;
      });
      if (at + 1 < this.#lines.length) this.#out += "\n";
    }
  }

  #padding(textWidth: number, cellWidth: number, tabs: boolean): string {
    const { padChar, tabWidth } = this.#options;
    if (padChar !== "\t" && !tabs) return " ".repeat(cellWidth - textWidth);
    if (tabWidth === 0) return "";
    const rounded = Math.ceil(cellWidth / tabWidth) * tabWidth;
    return "\t".repeat(Math.ceil((rounded - textWidth) / tabWidth));
  }
}

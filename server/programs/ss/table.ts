/** The columns of ss (iproute2 misc/ss.c: columns). The delimiter stands before a column that is not the first of its line. */
const COLUMNS = [
  { align: "left", header: "Netid", delimiter: "" },
  { align: "left", header: "State", delimiter: " " },
  { align: "left", header: "Recv-Q", delimiter: " " },
  { align: "left", header: "Send-Q", delimiter: " " },
  { align: "right", header: "Local Address:", delimiter: " " },
  { align: "left", header: "Port", delimiter: "" },
  { align: "right", header: "Peer Address:", delimiter: " " },
  { align: "left", header: "Port", delimiter: "" },
  { align: "left", header: "Process", delimiter: "" },
  { align: "left", header: "", delimiter: "" },
] as const;

/** The cells of a socket, in the order of the columns. */
export type Row = readonly string[];

export interface TableOptions {
  readonly header: boolean;
  readonly netid: boolean;
  readonly state: boolean;
  /** Of the terminal; undefined: the output is none, and nothing is spread. */
  readonly width: number | undefined;
}

/** Draws the table: as narrow as its contents, or spread over the terminal (render, render_calc_width). */
export function drawTable(rows: readonly Row[], options: TableOptions): string {
  const shown = COLUMNS.map((_, at) => (at === 0 ? options.netid : at === 1 ? options.state : true));
  const heads: Row[] = options.header ? [COLUMNS.map((column) => column.header)] : [];
  const all = [...heads, ...rows];
  if (all.length === 0) return "";
  const longest = COLUMNS.map((_, at) => (shown[at] ? Math.max(...all.map((row) => (row[at] ?? "").length)) : 0));
  const widths = spread(longest, shown, options.width);
  return all.map((row) => `${drawRow(row, shown, widths)}\n`).join("");
}

function drawRow(row: Row, shown: readonly boolean[], widths: readonly number[]): string {
  let line = "";
  let started = false;
  for (const [at, column] of COLUMNS.entries()) {
    if (!shown[at]) continue;
    const cell = row[at] ?? "";
    const delimiter = started ? column.delimiter : "";
    started = true;
    const width = widths[at]!;
    if (column.align === "right")
      line += delimiter + " ".repeat(Math.max(0, width - cell.length - delimiter.length)) + cell;
    else line += (delimiter + cell).padEnd(width);
  }
  return line;
}

/** Widths with their delimiters; what is left of a line is shared out, the last columns first. */
function spread(longest: readonly number[], shown: readonly boolean[], screen: number | undefined): number[] {
  const limit = screen ?? Infinity;
  let first = true;
  const widths = longest.map((length, at) => {
    const width = Math.min(!first && length > 0 && shown[at] ? length + COLUMNS[at]!.delimiter.length : length, limit);
    if (width > 0) first = false;
    return width;
  });
  if (screen === undefined) return widths;
  let [length, columns, end] = [0, 0, -1];
  for (let at = 0; at < widths.length; at++) {
    if (widths[at] === 0) continue;
    columns++;
    length += widths[at]!;
    const last = widths.slice(at + 1).every((width) => width === 0);
    if (!last && length < screen) continue;
    if (length !== screen) {
      if (length > screen) {
        length -= widths[at]!;
        at--;
        columns--;
      }
      const room = screen - length;
      const each = Math.floor(room / columns);
      let rest = room % columns;
      for (let back = at; back > end; back--) {
        if (widths[back] === 0) continue;
        widths[back]! += each;
        if (rest > 0) {
          widths[back]!++;
          rest--;
        }
      }
    }
    end = at;
    length = columns = 0;
  }
  return widths;
}

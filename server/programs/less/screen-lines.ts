import { columnsOf } from "../gnu/width.ts";

const ESCAPE = /\x1b\[[0-9;]*[A-Za-z]/y;

/** A line without colours. */
export function plain(line: string): string {
  return line.replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
}

/** Splits a line into what fits on the screen; escape sequences take no room. Chopped lines end with `>`. */
export function wrap(line: string, columns: number, chop: boolean, left: number): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  let skip = chop ? left : 0;
  let cut = false;
  for (let at = 0; at < line.length;) {
    ESCAPE.lastIndex = at;
    const escape = ESCAPE.exec(line);
    if (escape) {
      row += escape[0];
      at += escape[0].length;
      continue;
    }
    const char = String.fromCodePoint(line.codePointAt(at)!);
    at += char.length;
    const shown = char === "\t" ? " ".repeat(8 - ((used + skip) % 8)) : char;
    const width = char === "\t" ? shown.length : columnsOf(char);
    if (skip > 0) {
      skip -= width;
      continue;
    }
    if (used + width > columns) {
      if (chop) {
        cut = true;
        break;
      }
      rows.push(row);
      row = "";
      used = 0;
    }
    row += shown;
    used += width;
  }
  if (cut) row = `${chopLast(row)}\x1b[7m>\x1b[27m`;
  rows.push(row);
  return rows;
}

/** Makes room for the mark. */
function chopLast(row: string): string {
  const last = Array.from(row).at(-1) ?? "";
  return row.slice(0, row.length - last.length);
}

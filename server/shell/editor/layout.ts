import { charWidth } from "./width.ts";

/** A character as it stands on the screen. Rows and columns count from where the prompt's last line starts. */
export interface Cell {
  /** What is written for it: the character, `^X` for a control character, blanks for a tab; "" for a newline. */
  readonly text: string;
  readonly row: number;
  readonly col: number;
  readonly inverse: boolean;
}

export interface Place {
  readonly row: number;
  readonly col: number;
}

export interface Layout {
  readonly cells: Cell[];
  /** For every place in the text (in code units) where the cursor would stand. */
  readonly cursor: Place;
  readonly end: Place;
}

/** Lays a line out behind its prompt, over as many rows of the terminal as it takes. */
export function layOut(
  text: string,
  cursor: number,
  start: Place,
  columns: number,
  region?: { readonly from: number; readonly to: number },
): Layout {
  const cells: Cell[] = [];
  let { row, col } = start;
  let cursorPlace: Place | undefined;
  let at = 0;
  for (const char of text) {
    const inverse = region !== undefined && at >= region.from && at < region.to;
    if (char === "\n") {
      if (at === cursor) cursorPlace = { row, col };
      cells.push({ text: "", row, col, inverse });
      row++;
      col = 0;
    } else {
      const shown = display(char, col);
      const width = char < " " || char === "\x7f" ? shown.length : charWidth(char);
      if (width === 2 && shown === char && col === columns - 1) {
        row++;
        col = 0;
      }
      if (at === cursor) cursorPlace = { row, col };
      cells.push({ text: shown, row, col, inverse });
      col += width;
      while (col >= columns) {
        row++;
        col -= columns;
      }
    }
    at += char.length;
  }
  const end = { row, col };
  return { cells, cursor: cursorPlace ?? end, end };
}

function display(char: string, col: number): string {
  if (char === "\t") return " ".repeat(8 - (col % 8));
  if (char < " ") return `^${String.fromCharCode(char.charCodeAt(0) + 64)}`;
  return char === "\x7f" ? "^?" : char;
}

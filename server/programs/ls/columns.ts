import { columnsOf } from "../gnu/width.ts";
import type { Entry } from "./entry.ts";
import { blocksOf, indicatorOf, shownName, type Context } from "./long.ts";

interface Cell {
  readonly text: string;
  readonly width: number;
}

/** Everything but the long format: one per line, by columns, by lines, or separated by commas. */
export function columns(entries: readonly Entry[], context: Context): string {
  const { settings } = context;
  const { format, end } = settings;
  const inodes = entries.map(({ stat }) => String(stat.ino));
  const blocks = entries.map(({ stat }) => settings.size(blocksOf(stat) * 1024, "blocks"));
  const inodeWidth = settings.format === "commas" ? 0 : Math.max(...inodes.map((text) => text.length));
  const blockWidth = settings.format === "commas" ? 0 : Math.max(...blocks.map((text) => text.length));
  const cells = entries.map((entry, at): Cell => {
    const before =
      (settings.inode ? `${inodes[at]!.padStart(inodeWidth)} ` : "") +
      (settings.blocks ? `${blocks[at]!.padStart(blockWidth)} ` : "");
    const name = shownName(entry, context);
    const plain = context.name(entry.name, context.aligned) + indicatorOf(entry.stat, settings);
    return { text: before + name, width: before.length + columnsOf(plain) };
  });
  if (format === "single" || settings.width === Infinity)
    return format === "single"
      ? cells.map(({ text }) => text + end).join("")
      : cells.map(({ text }) => text).join("  ") + end;
  if (format === "commas") return commas(cells, settings.width) + end;
  return table(cells, settings.width, settings.tab, format === "across");
}

function commas(cells: readonly Cell[], width: number): string {
  let out = "";
  let column = 0;
  for (const [at, cell] of cells.entries()) {
    if (at > 0) {
      if (column + cell.width + 2 < width) {
        out += ", ";
        column += 2;
      } else {
        out += ",\n";
        column = 0;
      }
    }
    out += cell.text;
    column += cell.width;
  }
  return out;
}

const LEAST_WIDTH = 3;

/** As many columns as fit (coreutils src/ls.c calculate_columns), filled downwards or across. */
function table(cells: readonly Cell[], lineWidth: number, tab: number, across: boolean): string {
  const most = Math.max(
    1,
    Math.min(cells.length, Math.floor(lineWidth / LEAST_WIDTH) + (lineWidth % LEAST_WIDTH !== 0 ? 1 : 0)),
  );
  let widths: number[] = [];
  for (let count = most; count >= 1; count--) {
    const rows = Math.ceil(cells.length / count);
    widths = Array.from({ length: count }, () => LEAST_WIDTH);
    cells.forEach(({ width }, at) => {
      const column = across ? at % count : Math.floor(at / rows);
      widths[column] = Math.max(widths[column]!, width + (column === count - 1 ? 0 : 2));
    });
    if (count === 1 || widths.reduce((sum, width) => sum + width, 0) < lineWidth) break;
  }
  const count = widths.length;
  const rows = Math.ceil(cells.length / count);
  let out = "";
  for (let row = 0; row < rows; row++) {
    let position = 0;
    for (let column = 0, used = 0; column < count; column++) {
      const at = across ? row * count + column : column * rows + row;
      const cell = cells[at];
      if (!cell) break;
      if (column > 0) out += indent(used, position, tab);
      out += cell.text;
      used = position + cell.width;
      position += widths[column]!;
    }
    out += "\n";
  }
  return out;
}

/** Tabs where they reach, then spaces. */
function indent(from: number, to: number, tab: number): string {
  let out = "";
  for (let at = from; at < to;) {
    if (tab !== 0 && Math.floor(to / tab) > Math.floor((at + 1) / tab)) {
      out += "\t";
      at += tab - (at % tab);
    } else {
      out += " ";
      at++;
    }
  }
  return out;
}

import { Errno } from "../sim/host/index.ts";
import { decode } from "../sim/kernel/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { columnsOf, padColumns } from "./gnu/width.ts";

export const column = tool({
  name: "column",
  package: "util-linux",
  title: "column from util-linux",
  summary: "columnate lists",
  usage: ["[options] [<file>...]"],
  about: "Columnate lists.",
  flags: {
    table: { short: "t", long: "table", help: "create a table" },
    names: { short: "N", long: "table-columns", arg: "names", help: "comma separated columns names" },
    right: { short: "R", long: "table-right", arg: "columns", help: "right align text in these columns" },
    noHeadings: { short: "d", long: "table-noheadings", help: "don't print header" },
    limit: { short: "l", long: "table-columns-limit", arg: "num", help: "maximal number of input columns" },
    hide: { short: "H", long: "table-hide", arg: "columns", simulated: false },
    json: { short: "J", long: "json", simulated: false },
    width: { short: "c", long: "output-width", arg: "width", help: "width of output in number of characters" },
    outputSeparator: { short: "o", long: "output-separator", arg: "string", help: "columns separator for table output (default is two spaces)" }, // prettier-ignore
    separator: { short: "s", long: "separator", arg: "string", help: "possible table delimiters" },
    rows: { short: "x", long: "fillrows", help: "fill rows before columns" },
    keepEmpty: { short: "L", long: "keep-empty-lines", help: "don't ignore empty lines" },
    others: { short: "EeOnripTW", simulated: false },
  },
  async run(call) {
    const texts: string[] = [];
    for (const name of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = openOperand(call.process, name);
      if (file instanceof Errno) {
        await call.warn(`${name}: ${file.message}`);
        continue;
      }
      texts.push(decode(await readWhole(call.process, file, call.out)));
      if (name !== "-") closeOperand(call.process, file);
    }
    const lines = texts.flatMap((text) => text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined));
    const kept = call.has("keepEmpty") ? lines : lines.filter((line) => line.trim() !== "");
    const width = call.value("width");
    if (width !== undefined && !/^\d+$/.test(width) && width !== "unlimited")
      return call.fail(`invalid columns argument: '${width}'`);
    const screen =
      width === undefined
        ? (call.process.fds.find(1)?.tty?.cols ?? (Number(call.process.env["COLUMNS"] ?? "") || 80))
        : Number(width) || Infinity;
    if (call.has("table")) await call.out.print(table(call, kept));
    else await call.out.print(list(kept, screen, call.has("rows")));
    return call.status;
  },
});

function table(call: Call<string>, lines: readonly string[]): string {
  const separator = call.value("separator");
  const limit = Number(call.value("limit") ?? "0");
  const split = (line: string): string[] => {
    const cells =
      separator === undefined
        ? line.trim().split(/[ \t]+/)
        : line.split(new RegExp(`[${separator.replace(/[\\\]^-]/g, "\\$&")}]`));
    if (limit === 0 || cells.length <= limit) return cells;
    return [...cells.slice(0, limit - 1), cells.slice(limit - 1).join(separator ?? " ")];
  };
  const names = call.value("names")?.split(",");
  const rows = [...(names && !call.has("noHeadings") ? [names] : []), ...lines.map(split)];
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(0, ...rows.map((row) => columnsOf(row[at] ?? ""))));
  const right = new Set(
    (call.value("right") ?? "")
      .split(",")
      .map((word) => (/^\d+$/.test(word) ? Number(word) - 1 : (names?.indexOf(word) ?? -1))),
  );
  const between = call.value("outputSeparator") ?? "  ";
  return rows
    .map((row) => {
      const cells = Array.from({ length: count }, (_, at) => row[at] ?? "");
      const text = cells.map((cell, at) => {
        if (right.has(at)) return " ".repeat(widths[at]! - columnsOf(cell)) + cell;
        return at === count - 1 ? cell : padColumns(cell, widths[at]!);
      });
      return `${text.join(between)}\n`;
    })
    .join("");
}

/** Entries in columns of tabs, as wide as the widest. */
function list(entries: readonly string[], screen: number, across: boolean): string {
  if (entries.length === 0) return "";
  const widest = Math.max(...entries.map(columnsOf));
  const width = (Math.floor(widest / 8) + 1) * 8;
  if (widest >= screen) return entries.map((entry) => `${entry}\n`).join("");
  const columns = Math.max(1, Math.floor(screen / width));
  const rows = Math.ceil(entries.length / columns);
  const lines: string[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = Array.from(
      { length: columns },
      (_, at) => entries[across ? row * columns + at : at * rows + row],
    ).filter((cell) => cell !== undefined);
    lines.push(
      cells
        .map((cell, at) =>
          at === cells.length - 1 ? cell : cell + "\t".repeat(Math.ceil((width - columnsOf(cell)) / 8)),
        )
        .join(""),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

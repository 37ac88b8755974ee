import type { Bytes } from "../sim/kernel/index.ts";
import { eachLine, filterOperands } from "./gnu/filter.ts";
import { tool } from "./gnu/tool.ts";

export const fold = tool({
  name: "fold",
  package: "coreutils",
  summary: "wrap each input line to fit in specified width",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Wrap input lines in each FILE, writing to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    bytes: { short: "b", long: "bytes", help: "count bytes rather than columns" },
    spaces: { short: "s", long: "spaces", help: "break at spaces" },
    width: { short: "w", long: "width", arg: "WIDTH", help: "use WIDTH columns instead of 80" },
  },
  rewrite: (args) => args.map((arg) => (/^-\d+$/.test(arg) ? `-w${arg.slice(1)}` : arg)),
  async run(call) {
    const text = call.value("width") ?? "80";
    if (!/^\+?[0-9]*[1-9][0-9]*$/.test(text))
      return call.fail(
        `invalid number of columns: ${call.quote(text)}${/^0+$/.test(text) ? ": Numerical result out of range" : ""}`,
      );
    const rules = { width: Number(text), bytes: call.has("bytes"), spaces: call.has("spaces") };
    await filterOperands(call, (block) => eachLine(block, (line) => folded(line, rules)));
    return call.status;
  },
});

function folded(line: Bytes, { width, bytes, spaces }: { width: number; bytes: boolean; spaces: boolean }): Bytes {
  if (line.length <= width && !/[\t\b\r]/.test(line)) return line;
  const pieces: Bytes[] = [];
  let start = 0;
  let column = 0;
  for (let at = 0; at < line.length; at++) {
    let next = advance(column, line[at]!, bytes);
    while (next > width && at > start) {
      const blank = spaces ? lastBlank(line, start, at) : -1;
      const end = blank >= start ? blank + 1 : at;
      pieces.push(line.slice(start, end));
      start = end;
      column = 0;
      for (let back = start; back < at; back++) column = advance(column, line[back]!, bytes);
      next = advance(column, line[at]!, bytes);
      if (blank < start && end === at) break;
    }
    column = next;
  }
  pieces.push(line.slice(start));
  return pieces.join("\n");
}

function lastBlank(line: Bytes, start: number, before: number): number {
  for (let at = before - 1; at >= start; at--) if (line[at] === " " || line[at] === "\t") return at;
  return -1;
}

function advance(column: number, char: string, bytes: boolean): number {
  if (bytes) return column + 1;
  if (char === "\b") return Math.max(0, column - 1);
  if (char === "\r") return 0;
  return char === "\t" ? column + 8 - (column % 8) : column + 1;
}

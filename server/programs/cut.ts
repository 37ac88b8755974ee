import { Errno } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { blocks, closeOperand } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const cut = tool({
  name: "cut",
  package: "coreutils",
  summary: "remove sections from each line of files",
  usage: ["OPTION... [FILE]..."],
  about:
    "Print selected parts of lines from each FILE to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    bytes: { short: "b", long: "bytes", arg: "LIST", help: "select only these bytes" },
    characters: { short: "c", long: "characters", arg: "LIST", help: "select only these characters" },
    fields: { short: "f", long: "fields", arg: "LIST", help: "select only these fields; also print any line that contains no delimiter character, unless the -s option is specified" }, // prettier-ignore
    delimiter: { short: "d", long: "delimiter", arg: "DELIM", help: "use DELIM instead of TAB for field delimiter" },
    whole: { short: "n", help: "(ignored)" },
    onlyDelimited: { short: "s", long: "only-delimited", help: "do not print lines not containing delimiters" },
    outputDelimiter: { long: "output-delimiter", arg: "STRING", help: "use STRING as the output delimiter" },
    complement: { long: "complement", help: "complement the set of selected bytes, characters or fields" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const lists = call.options.given.filter(
      ({ flag }) => flag === "bytes" || flag === "characters" || flag === "fields",
    );
    const delimiter = call.value("delimiter");
    if (lists.length > 1) return call.usage("only one list may be specified");
    if (delimiter !== undefined && encode(delimiter).length > 1)
      return call.usage("the delimiter must be a single character");
    const [list] = lists;
    if (!list) return call.usage("you must specify a list of bytes, characters, or fields");
    const byFields = list.flag === "fields";
    if (!byFields && delimiter !== undefined)
      return call.usage("an input delimiter may be specified only when operating on fields");
    if (!byFields && call.has("onlyDelimited"))
      return call.usage("suppressing non-delimited lines makes sense\n\tonly when operating on fields");
    const parsed = parseList(list.value!, byFields, call);
    if (typeof parsed === "string") return call.usage(parsed);
    const ranges = call.has("complement") ? complement(parsed) : parsed;
    const separator = delimiter === undefined ? "\t" : encode(delimiter) || "\0";
    const joiner = call.value("outputDelimiter");
    const end = call.has("zero") ? "\0" : "\n";
    const select = byFields
      ? (line: Bytes) =>
          fields(line, ranges, separator, joiner === undefined ? separator : encode(joiner), call.has("onlyDelimited"))
      : (line: Bytes) => bytes(line, ranges, joiner === undefined ? undefined : encode(joiner));
    for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
      const file = await call.open(operand);
      if (!file) continue;
      try {
        for await (const block of blocks(call.process, file, call.out, end)) {
          let out = "";
          for (let at = 0; at < block.length;) {
            const found = block.indexOf(end, at);
            const selected = select(block.slice(at, found < 0 ? undefined : found));
            if (selected !== undefined) out += selected + end;
            at = found < 0 ? block.length : found + 1;
          }
          await call.out.put(out);
        }
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
        await call.warn(`${quoteIfNeeded(operand)}: ${error.message}`);
      }
      if (operand !== "-") closeOperand(call.process, file);
    }
    return call.status;
  },
});

/** Positions from `low` to `high`, counted from 1. */
interface Range {
  readonly low: number;
  readonly high: number;
}

/** Reads `1,3-5,7-`; a text says what is wrong with it (src/set-fields.c). */
function parseList(text: string, byFields: boolean, call: Call): Range[] | string {
  const what = byFields ? "field" : "byte/character position";
  const ranges: Range[] = [];
  for (const part of text.split(/[, \t]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part.split("-").length > 2) {
      if (/^\d*-\d*-/.test(part)) return byFields ? "invalid field range" : "invalid byte or character range";
      return byFields
        ? `invalid field value ${call.quote(part.replace(/^[\d-]*/, ""))}`
        : `invalid byte/character position ${call.quote(part.replace(/^[\d-]*/, ""))}`;
    }
    const [, low, dash, high] = match as unknown as [string, string, string, string];
    if (dash !== "" && low === "" && high === "") return "invalid range with no endpoint: -";
    if (low === "" && dash === "")
      return byFields ? "fields are numbered from 1" : "byte/character positions are numbered from 1";
    const from = low === "" ? 1 : Number(low);
    const to = dash === "" ? from : high === "" ? Infinity : Number(high);
    if (from === 0 || (dash === "" && to === 0))
      return `${what === "field" ? "fields" : "byte/character positions"} are numbered from 1`;
    if (to < from) return "invalid decreasing range";
    ranges.push({ low: from, high: to });
  }
  return merge(ranges);
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.low - b.low)) {
    const last = merged.at(-1);
    if (last && range.low <= last.high)
      merged[merged.length - 1] = { low: last.low, high: Math.max(last.high, range.high) };
    else merged.push(range);
  }
  return merged;
}

function complement(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  let next = 1;
  for (const { low, high } of ranges) {
    if (low > next) out.push({ low: next, high: low - 1 });
    next = high + 1;
  }
  if (next !== Infinity) out.push({ low: next, high: Infinity });
  return out;
}

function bytes(line: Bytes, ranges: readonly Range[], joiner: Bytes | undefined): Bytes {
  const pieces: Bytes[] = [];
  for (const { low, high } of ranges) {
    if (low > line.length) break;
    pieces.push(line.slice(low - 1, high));
  }
  return pieces.join(joiner ?? "");
}

function fields(
  line: Bytes,
  ranges: readonly Range[],
  separator: Bytes,
  joiner: Bytes,
  onlyDelimited: boolean,
): Bytes | undefined {
  if (!line.includes(separator)) return onlyDelimited ? undefined : line;
  const all = line.split(separator);
  const picked: Bytes[] = [];
  for (const { low, high } of ranges) {
    for (let at = low; at <= high && at <= all.length; at++) picked.push(all[at - 1]!);
  }
  return picked.join(joiner);
}

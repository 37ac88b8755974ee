import { Errno } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { openOperand, readWhole } from "../gnu/input.ts";
import { quoteIfNeeded } from "../gnu/quoting.ts";
import { parseSize } from "../gnu/size.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { parseType, type Cell } from "./type.ts";

const SHORTHANDS: Readonly<Record<string, string>> = {
  a: "a", b: "o1", c: "c", d: "u2", f: "f4", i: "dI", l: "dL", o: "o2", s: "d2", x: "x2",
}; // prettier-ignore

export const od = tool({
  name: "od",
  package: "coreutils",
  summary: "dump files in octal and other formats",
  usage: ["[OPTION]... [FILE]..."],
  about: "Write an unambiguous representation, octal bytes by default,\nof FILE to standard output.",
  flags: {
    radix: { short: "A", long: "address-radix", arg: "RADIX", help: "output format for file offsets; RADIX is one of [doxn], for Decimal, Octal, Hex or None" }, // prettier-ignore
    skip: { short: "j", long: "skip-bytes", arg: "BYTES", help: "skip BYTES input bytes first" },
    count: { short: "N", long: "read-bytes", arg: "BYTES", help: "limit dump to BYTES input bytes" },
    strings: { short: "S", long: "strings", arg: "BYTES", optional: true, simulated: false },
    type: { short: "t", long: "format", arg: "TYPE", help: "select output format or formats" },
    all: { short: "v", long: "output-duplicates", help: "do not use * to mark line suppression" },
    width: { short: "w", long: "width", arg: "BYTES", optional: true, help: "output BYTES bytes per output line; 32 is implied when BYTES is not specified" }, // prettier-ignore
    endian: { long: "endian", arg: "{big|little}", simulated: false },
    shorthand: { short: "abcdfilosx" },
  },
  async run(call) {
    const radix = (call.value("radix") ?? "o")[0] ?? "";
    if (!"doxn".includes(radix) || radix === "")
      return call.fail(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
    const cells: Cell[] = [];
    for (const { flag, value, as } of call.options.given) {
      if (flag !== "type" && flag !== "shorthand") continue;
      const type = parseType(flag === "type" ? value! : SHORTHANDS[as[1]!]!, (text) => call.quote(text));
      if (typeof type === "string") return call.fail(type);
      cells.push(...type);
    }
    if (cells.length === 0) cells.push(...(parseType("o2", String) as Cell[]));
    const sizes: Record<string, number | undefined> = {};
    for (const flag of ["skip", "count", "width"] as const) {
      const text = call.value(flag);
      if (text === undefined) continue;
      sizes[flag] = text.startsWith("0x") ? Number(text) : parseSize(text);
      if (sizes[flag] === undefined)
        return call.fail(
          `invalid -${flag === "skip" ? "j" : flag === "count" ? "N" : "w"} argument ${call.quote(text)}`,
        );
    }
    const block = Math.max(...cells.map(({ size }) => size));
    const width = call.has("width") ? (sizes["width"] ?? 32) : Math.max(block, 16 - (16 % block));
    const bytes = await input(call, sizes["skip"] ?? 0, sizes["count"] ?? Infinity);
    if (typeof bytes === "number") return bytes;
    await dump(call, bytes, sizes["skip"] ?? 0, { radix, cells, width });
    return call.status;
  },
});

async function input(call: Call<string>, skip: number, count: number): Promise<Bytes | number> {
  let all = "";
  let opened = false;
  for (const operand of call.operands.length > 0 ? call.operands : ["-"]) {
    const file = openOperand(call.process, operand);
    if (file instanceof Errno) {
      await call.warn(`${quoteIfNeeded(operand)}: ${file.message}`);
      continue;
    }
    opened = true;
    try {
      all += await readWhole(call.process, file, call.out);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await call.warn(`${quoteIfNeeded(operand)}: read error: ${error.message}`);
    }
  }
  if (!opened) return call.status;
  if (skip > all.length) return call.fail("cannot skip past end of combined input");
  return all.slice(skip, skip + count);
}

interface Layout {
  readonly radix: string;
  readonly cells: readonly Cell[];
  readonly width: number;
}

async function dump(call: Call<string>, bytes: Bytes, offset: number, { radix, cells, width }: Layout): Promise<void> {
  // All types of a line stand below each other: the widest sets the columns (src/od.c main).
  const perLine = Math.max(...cells.map(({ size, width: cell }) => Math.floor(width / size) * (cell + 1)));
  const address = (at: number): string => {
    if (radix === "n") return "";
    const base = { d: 10, o: 8, x: 16 }[radix]!;
    return at.toString(base).padStart(radix === "x" ? 6 : 7, "0");
  };
  let previous: Bytes | undefined;
  let starred = false;
  for (let at = 0; at < bytes.length; at += width) {
    const line = bytes.slice(at, at + width);
    if (line === previous && line.length === width && !call.has("all")) {
      if (!starred) await call.out.put("*\n");
      starred = true;
      continue;
    }
    previous = line;
    starred = false;
    for (const [index, cell] of cells.entries()) {
      const lead = index === 0 ? address(offset + at) : " ".repeat(address(0).length);
      await call.out.put(`${lead}${row(line, cell, width, perLine)}\n`);
    }
  }
  if (radix !== "n") await call.out.put(`${address(offset + bytes.length)}\n`);
}

function row(line: Bytes, cell: Cell, width: number, perLine: number): string {
  const fields = Math.floor(width / cell.size);
  let out = "";
  const pad = perLine - fields * (cell.width + 1);
  let left = pad;
  let used = 0;
  const present = Math.ceil(line.length / cell.size);
  for (let at = 0; at < present; at++) {
    // Spare columns are spread over the fields, more of them at the front.
    const next = Math.floor((pad * (fields - at - 1)) / fields);
    const extra = left - next;
    left = next;
    const data = line.slice(at * cell.size, (at + 1) * cell.size).padEnd(cell.size, "\0");
    out += cell.show(data).padStart(cell.width + 1 + extra);
    used += cell.width + 1 + extra;
  }
  if (!cell.trailer) return out;
  const text = line.replace(/[^ -~]/g, ".");
  return `${out}${" ".repeat(perLine - used)}  >${text}<`;
}

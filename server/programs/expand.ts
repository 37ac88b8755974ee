import type { Bytes } from "../sim/kernel/index.ts";
import { eachLine, filterOperands } from "./gnu/filter.ts";
import { tool, type Call } from "./gnu/tool.ts";

const TABS = { short: "t", long: "tabs", arg: "N", help: "have tabs N characters apart, not 8; or a comma separated list of positions" } as const; // prettier-ignore
const obsolete = (args: readonly string[]): readonly string[] =>
  args.map((arg) => (/^-[\d,]+$/.test(arg) ? `-t${arg.slice(1)}` : arg));

export const expand = tool({
  name: "expand",
  package: "coreutils",
  summary: "convert tabs to spaces",
  usage: ["[OPTION]... [FILE]..."],
  about: "Convert tabs in each FILE to spaces, writing to standard output.",
  flags: { initial: { short: "i", long: "initial", help: "do not convert tabs after non blanks" }, tabs: TABS },
  rewrite: obsolete,
  async run(call) {
    const stops = tabStops(call);
    if (typeof stops === "string") return call.fail(stops);
    const initial = call.has("initial");
    await filterOperands(call, (block) =>
      block.includes("\t") ? eachLine(block, (line) => expanded(line, stops, initial)) : block,
    );
    return call.status;
  },
});

export const unexpand = tool({
  name: "unexpand",
  package: "coreutils",
  summary: "convert spaces to tabs",
  usage: ["[OPTION]... [FILE]..."],
  about: "Convert blanks in each FILE to tabs, writing to standard output.",
  flags: {
    all: { short: "a", long: "all", help: "convert all blanks, instead of just initial blanks" },
    first: { long: "first-only", help: "convert only leading sequences of blanks (overrides -a)" },
    tabs: TABS,
  },
  rewrite: obsolete,
  async run(call) {
    const stops = tabStops(call);
    if (typeof stops === "string") return call.fail(stops);
    const all = (call.has("all") || call.has("tabs")) && !call.has("first");
    await filterOperands(call, (block) => eachLine(block, (line) => unexpanded(line, stops, all)));
    return call.status;
  },
});

/** The column of the next tab stop after `column`; undefined behind the last of a list. */
type Stops = (column: number) => number | undefined;

function tabStops(call: Call<string>): Stops | string {
  const text = call.value("tabs") ?? "8";
  const list: number[] = [];
  for (const part of text.split(/[, ]+/).filter((part) => part !== "")) {
    const bad = /[^\d/+]/.exec(part);
    if (bad) return `tab size contains invalid character(s): ${call.quote(part.slice(bad.index))}`;
    if (!/^\d+$/.test(part)) return `drydock: tab stops such as ${call.quote(part)} are not simulated`;
    if (Number(part) === 0) return "tab size cannot be 0";
    if (list.length > 0 && Number(part) <= list.at(-1)!) return "tab sizes must be ascending";
    list.push(Number(part));
  }
  if (list.length <= 1) {
    const size = list[0] ?? 8;
    return (column) => column + size - (column % size);
  }
  return (column) => list.find((stop) => stop > column);
}

function expanded(line: Bytes, stops: Stops, initial: boolean): Bytes {
  let out = "";
  let column = 0;
  let leading = true;
  for (const char of line) {
    if (char === "\t" && (leading || !initial)) {
      const next = stops(column) ?? column + 1;
      out += " ".repeat(next - column);
      column = next;
      continue;
    }
    if (char !== " " && char !== "\t") leading = false;
    column = char === "\b" ? Math.max(0, column - 1) : column + 1;
    out += char;
  }
  return out;
}

function unexpanded(line: Bytes, stops: Stops, all: boolean): Bytes {
  let out = "";
  let column = 0;
  let blanks = "";
  let at = 0;
  for (; at < line.length; at++) {
    const char = line[at]!;
    if (char !== " " && char !== "\t") {
      if (!all) break;
      out += blanks + char;
      blanks = "";
      column++;
      continue;
    }
    const stop = stops(column);
    if (stop === undefined) {
      out += blanks + char;
      blanks = "";
      column++;
      continue;
    }
    column = char === "\t" ? stop : column + 1;
    blanks += char;
    if (column !== stop) continue;
    // One blank before a tab stop stays as it is, unless more follow.
    out += blanks === " " && !/[ \t]/.test(line[at + 1] ?? "") ? " " : "\t";
    blanks = "";
  }
  return out + blanks + line.slice(at);
}

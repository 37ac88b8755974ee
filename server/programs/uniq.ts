import { attempt, Errno, open } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { blocks, splitLines } from "./gnu/input.ts";
import { quoteIfNeeded, shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const uniq = tool({
  name: "uniq",
  package: "coreutils",
  summary: "report or omit repeated lines",
  usage: ["[OPTION]... [INPUT [OUTPUT]]"],
  about:
    "Filter adjacent matching lines from INPUT (or standard input),\nwriting to OUTPUT (or standard output).\n\nWith no options, matching lines are merged to the first occurrence.",
  flags: {
    count: { short: "c", long: "count", help: "prefix lines by the number of occurrences" },
    repeated: { short: "d", long: "repeated", help: "only print duplicate lines, one for each group" },
    allRepeated: { short: "D", help: "print all duplicate lines" },
    allRepeatedHow: { long: "all-repeated", arg: "METHOD", optional: true, help: "like -D, but allow separating groups with an empty line; METHOD={none(default),prepend,separate}" }, // prettier-ignore
    fields: { short: "f", long: "skip-fields", arg: "N", help: "avoid comparing the first N fields" },
    group: { long: "group", arg: "METHOD", optional: true, help: "show all items, separating groups with an empty line; METHOD={separate(default),prepend,append,both}" }, // prettier-ignore
    ignoreCase: { short: "i", long: "ignore-case", help: "ignore differences in case when comparing" },
    skip: { short: "s", long: "skip-chars", arg: "N", help: "avoid comparing the first N characters" },
    unique: { short: "u", long: "unique", help: "only print unique lines" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
    width: { short: "w", long: "check-chars", arg: "N", help: "compare no more than N characters in lines" },
  },
  async run(call) {
    const { process, operands } = call;
    const numbers: Record<string, number> = {};
    for (const [flag, what] of [
      ["fields", "fields to skip"],
      ["skip", "bytes to skip"],
      ["width", "bytes to compare"],
    ] as const) {
      const text = call.value(flag);
      if (text !== undefined && !/^\+?\d+$/.test(text)) return call.fail(`${text}: invalid number of ${what}`);
      numbers[flag] = text === undefined ? (flag === "width" ? Infinity : 0) : Number(text);
    }
    if (operands.length > 2) return call.usage(`extra operand ${call.quote(operands[2]!)}`);
    const repeated = await call.choose("--all-repeated", call.value("allRepeatedHow") ?? "none", METHODS.slice(0, 3));
    if (typeof repeated === "number") return repeated;
    const group = await call.choose("--group", call.value("group") ?? "separate", [
      METHODS[1]!,
      METHODS[3]!,
      METHODS[2]!,
      METHODS[4]!,
    ]);
    if (typeof group === "number") return group;
    const groupHow = call.has("group") ? group.meaning : undefined;
    const all = call.has("allRepeated") || call.has("allRepeatedHow");
    if (groupHow !== undefined && (["count", "repeated", "unique"] as const).some((flag) => call.has(flag) || all))
      return call.usage("--group is mutually exclusive with -c/-d/-D/-u");
    if (all && call.has("count")) return call.usage("printing all duplicated lines and repeat counts is meaningless");
    const input = operands[0] === undefined || operands[0] === "-" ? process.fds.get(0) : await call.open(operands[0]);
    if (!input) return 1;
    if (operands[1] !== undefined && operands[1] !== "-") {
      const name = operands[1];
      const output = attempt(() => open(process.host, name, { write: true, truncate: true }, process));
      if (output instanceof Errno) return call.fail(`${quoteIfNeeded(name)}: ${output.message}`);
      process.fds.set(1, output);
    }
    const end = call.has("zero") ? "\0" : "\n";
    const key = keyOf(numbers as { fields: number; skip: number; width: number }, call.has("ignoreCase"));
    const groups = new Groups({
      count: call.has("count"),
      repeated: !call.has("unique"),
      unique: !call.has("repeated") && !all,
      all,
      separate: groupHow ?? (all ? repeated.meaning : "none"),
      whole: groupHow !== undefined,
      end,
    });
    try {
      for await (const block of blocks(process, input, call.out, end)) {
        let out = "";
        for (const line of splitLines(block, end)) out += groups.add(line, key(line));
        await call.out.put(out);
      }
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
      return call.fail(`error reading ${shellQuote(operands[0] ?? "-")}`);
    }
    await call.out.put(groups.finish());
    return 0;
  },
});

/** Where empty lines stand between groups. */
const METHODS = ["none", "prepend", "separate", "append", "both"].map((word) => [[word], word] as const);

/** What is compared of a line: without its first fields and characters, and not more than `width`. */
function keyOf(of: { fields: number; skip: number; width: number }, ignoreCase: boolean): (line: Bytes) => Bytes {
  const plain = of.fields === 0 && of.skip === 0 && of.width === Infinity;
  if (plain && !ignoreCase) return (line) => line;
  const skipFields = new RegExp(`^(?:[ \\t\\n]*[^ \\t\\n]*){0,${of.fields}}`);
  return (line) => {
    const start = (of.fields === 0 ? 0 : skipFields.exec(line)![0].length) + of.skip;
    const key = line.slice(start, of.width === Infinity ? undefined : start + of.width);
    return ignoreCase ? key.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : key;
  };
}

interface Shown {
  readonly count: boolean;
  readonly repeated: boolean;
  readonly unique: boolean;
  /** Every line of a repeated group, not only its first. */
  readonly all: boolean;
  /** Where empty lines stand between groups. */
  readonly separate: string;
  /** Every line of every group. */
  readonly whole: boolean;
  readonly end: string;
}

/** Lines in groups of equal keys, and what is shown of each. */
class Groups {
  readonly #shown: Shown;
  #first: Bytes | undefined;
  #key: Bytes = "";
  #count = 0;
  #groupsShown = 0;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  add(line: Bytes, key: Bytes): Bytes {
    const { all, whole, end } = this.#shown;
    if (this.#first !== undefined && key === this.#key) {
      this.#count++;
      if (whole) return line + end;
      if (!all) return "";
      return this.#count === 2 ? `${this.#before()}${this.#first}${end}${line}${end}` : line + end;
    }
    const out = this.#close();
    this.#first = line;
    this.#key = key;
    this.#count = 1;
    return whole ? `${out}${this.#before()}${line}${end}` : out;
  }

  finish(): Bytes {
    const { whole, separate, end } = this.#shown;
    const out = this.#close();
    return whole && (separate === "append" || separate === "both") && this.#groupsShown > 0 ? out + end : out;
  }

  /** The empty line before a group. */
  #before(): Bytes {
    const first = this.#groupsShown++ === 0;
    const { separate, end, whole } = this.#shown;
    if (separate === "none") return "";
    if (separate === "prepend" || separate === "both") return first || separate === "prepend" || whole ? end : "";
    return first ? "" : end;
  }

  #close(): Bytes {
    const { all, whole, count, repeated, unique, end } = this.#shown;
    if (this.#first === undefined || all || whole) return "";
    if (this.#count > 1 ? !repeated : !unique) return "";
    return `${count ? `${String(this.#count).padStart(7)} ` : ""}${this.#first}${end}`;
  }
}

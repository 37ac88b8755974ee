import { Errno } from "../sim/host/index.ts";
import { encode, type Bytes } from "../sim/kernel/index.ts";
import { openOperand } from "./gnu/input.ts";
import { Lines } from "./gnu/lines.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const join = tool({
  name: "join",
  package: "coreutils",
  summary: "join lines of two files on a common field",
  usage: ["[OPTION]... FILE1 FILE2"],
  about:
    "For each pair of input lines with identical join fields, write a line to\nstandard output.  The default join field is the first, delimited by blanks.",
  flags: {
    all: { short: "a", arg: "FILENUM", help: "also print unpairable lines from file FILENUM, where FILENUM is 1 or 2" },
    empty: { short: "e", arg: "STRING", help: "replace missing (empty) input fields with STRING" },
    ignoreCase: { short: "i", long: "ignore-case", help: "ignore differences in case when comparing fields" },
    both: { short: "j", arg: "FIELD", help: "equivalent to '-1 FIELD -2 FIELD'" },
    format: { short: "o", arg: "FORMAT", help: "obey FORMAT while constructing output line" },
    separator: { short: "t", arg: "CHAR", help: "use CHAR as input and output field separator" },
    only: { short: "v", arg: "FILENUM", help: "like -a FILENUM, but suppress joined output lines" },
    first: { short: "1", arg: "FIELD", help: "join on this FIELD of file 1" },
    second: { short: "2", arg: "FIELD", help: "join on this FIELD of file 2" },
    check: { long: "check-order", help: "check that the input is correctly sorted" },
    noCheck: { long: "nocheck-order", help: "do not check that the input is correctly sorted" },
    header: { long: "header", help: "treat the first line in each file as field headers" },
    zero: { short: "z", long: "zero-terminated", help: "line delimiter is NUL, not newline" },
  },
  async run(call) {
    const { operands } = call;
    if (operands.length === 0) return call.usage("missing operand");
    if (operands.length === 1) return call.usage(`missing operand after ${call.quote(operands[0]!)}`);
    if (operands.length > 2) return call.usage(`extra operand ${call.quote(operands[2]!)}`);
    const fields = [1, 1];
    for (const { flag, value } of call.options.given) {
      if (flag !== "first" && flag !== "second" && flag !== "both") continue;
      if (!/^\d+$/.test(value!) || Number(value) === 0) return call.fail(`invalid field number: ${call.quote(value!)}`);
      if (flag !== "second") fields[0] = Number(value);
      if (flag !== "first") fields[1] = Number(value);
    }
    const unpaired = [false, false];
    for (const flag of ["all", "only"] as const) {
      for (const value of call.options.values(flag)) {
        if (value !== "1" && value !== "2") return call.fail(`invalid field number: ${call.quote(value)}`);
        unpaired[Number(value) - 1] = true;
      }
    }
    const format = parseFormat(call);
    if (isProblem(format)) return call.fail(format.problem);
    const separator = call.value("separator");
    if (separator !== undefined && encode(separator).length > 1 && separator !== "\\0")
      return call.fail(`multi-character tab ${call.quote(separator)}`);
    const end = call.has("zero") ? "\0" : "\n";
    const sides: Side[] = [];
    for (const [at, name] of operands.entries()) {
      const file = openOperand(call.process, name);
      if (file instanceof Errno) return call.fail(`${quoteIfNeeded(name)}: ${file.message}`);
      const lines = new Lines(call.process, file, call.out, end);
      sides.push(
        new Side(
          lines,
          name,
          fields[at]!,
          separator === undefined ? undefined : encode(separator),
          call.has("ignoreCase"),
        ),
      );
    }
    return new Join(
      call,
      sides as [Side, Side],
      unpaired,
      format,
      separator === undefined ? " " : encode(separator),
      end,
    ).run();
  },
});

interface Row {
  readonly fields: readonly Bytes[];
  readonly key: Bytes;
  readonly line: Bytes;
}

/** Which field of which file; file 0 is the join field. */
type Format = readonly { readonly file: number; readonly field: number }[] | "auto" | undefined;

function isProblem(format: Format | { readonly problem: string }): format is { readonly problem: string } {
  return typeof format === "object" && "problem" in format;
}

function parseFormat(call: Call<string>): Format | { readonly problem: string } {
  const texts = call.options.values("format");
  if (texts.length === 0) return undefined;
  if (texts[0] === "auto") return "auto";
  const out: { file: number; field: number }[] = [];
  for (const part of texts.flatMap((text) => text.split(/[, \t]+/))) {
    const match = /^(?:(0)|([12])\.(\d+))$/.exec(part);
    if (match && match[3] !== "0")
      out.push(match[1] ? { file: 0, field: 0 } : { file: Number(match[2]), field: Number(match[3]) });
    else if (/^[12]\./.test(part)) return { problem: `invalid field number: ${call.quote(part.slice(2))}` };
    else if (part.startsWith("0")) return { problem: `invalid field specifier: ${call.quote(part)}` };
    else return { problem: `invalid file number in field spec: ${call.quote(part)}` };
  }
  return out;
}

/** One file: rows with equal keys come together. */
class Side {
  readonly name: string;
  readonly #lines: Lines;
  readonly #field: number;
  readonly #separator: Bytes | undefined;
  readonly #fold: boolean;
  #next: Row | undefined;
  #read = 0;
  /** The number and text of the first line that is out of order. */
  disorder: { readonly number: number; readonly line: Bytes } | undefined;

  constructor(lines: Lines, name: string, field: number, separator: Bytes | undefined, fold: boolean) {
    this.#lines = lines;
    this.name = name;
    this.#field = field;
    this.#separator = separator;
    this.#fold = fold;
  }

  async header(): Promise<Row | undefined> {
    return this.#row();
  }

  /** All rows with the next key. */
  async group(): Promise<Row[]> {
    const first = this.#next ?? (await this.#row());
    this.#next = undefined;
    if (!first) return [];
    const rows = [first];
    for (;;) {
      const row = await this.#row();
      if (row && row.key === first.key) rows.push(row);
      else {
        if (row && row.key < first.key) this.disorder ??= { number: this.#read, line: row.line };
        this.#next = row;
        return rows;
      }
    }
  }

  async #row(): Promise<Row | undefined> {
    const line = await this.#lines.next();
    if (line === undefined) return undefined;
    this.#read++;
    const fields =
      this.#separator === undefined ? line.replace(/^[ \t\n]+/, "").split(/[ \t\n]+/) : line.split(this.#separator);
    if (this.#separator === undefined && fields.at(-1) === "" && fields.length > 1) fields.pop();
    const key = fields[this.#field - 1] ?? "";
    return { fields, key: this.#fold ? key.toUpperCase() : key, line };
  }

  others(row: Row): Bytes[] {
    return row.fields.filter((_, at) => at !== this.#field - 1);
  }

  keyOf(row: Row): Bytes {
    return row.fields[this.#field - 1] ?? "";
  }
}

class Join {
  readonly #call: Call<string>;
  readonly #sides: readonly [Side, Side];
  readonly #unpaired: readonly boolean[];
  readonly #format: Format;
  readonly #separator: Bytes;
  readonly #end: string;
  #widths: [number, number] = [0, 0];

  constructor(
    call: Call<string>,
    sides: readonly [Side, Side],
    unpaired: readonly boolean[],
    format: Format,
    separator: Bytes,
    end: string,
  ) {
    this.#call = call;
    this.#sides = sides;
    this.#unpaired = unpaired;
    this.#format = format;
    this.#separator = separator;
    this.#end = end;
  }

  async run(): Promise<number> {
    const { out } = this.#call;
    const [one, two] = this.#sides;
    if (this.#call.has("header")) {
      const [left, right] = [await one.header(), await two.header()];
      if (left || right) await out.put(this.#show(left, right));
    }
    const paired = !this.#call.has("only");
    let [left, right] = [await one.group(), await two.group()];
    if (this.#format === "auto") this.#widths = [left[0]?.fields.length ?? 0, right[0]?.fields.length ?? 0];
    let differed = false;
    while (left.length > 0 || right.length > 0) {
      const order =
        left.length === 0
          ? 1
          : right.length === 0
            ? -1
            : left[0]!.key < right[0]!.key
              ? -1
              : left[0]!.key > right[0]!.key
                ? 1
                : 0;
      if (order === 0) {
        if (paired) for (const a of left) for (const b of right) await out.put(this.#show(a, b));
        [left, right] = [await one.group(), await two.group()];
        continue;
      }
      differed = true;
      if (order < 0) {
        if (this.#unpaired[0]) for (const row of left) await out.put(this.#show(row, undefined));
        left = await one.group();
      } else {
        if (this.#unpaired[1]) for (const row of right) await out.put(this.#show(undefined, row));
        right = await two.group();
      }
    }
    return this.#order(differed);
  }

  async #order(differed: boolean): Promise<number> {
    if (this.#call.has("noCheck") || (!differed && !this.#call.has("check"))) return 0;
    const bad = this.#sides.filter(({ disorder }) => disorder);
    for (const { name, disorder } of bad)
      await this.#call.warn(`${name}:${disorder!.number}: is not sorted: ${disorder!.line}`);
    if (bad.length > 0 && !this.#call.has("check")) await this.#call.say("input is not in sorted order");
    return bad.length > 0 ? 1 : 0;
  }

  #show(left: Row | undefined, right: Row | undefined): Bytes {
    const [one, two] = this.#sides;
    const key = left ? one.keyOf(left) : two.keyOf(right!);
    const empty = encode(this.#call.value("empty") ?? "");
    let fields: Bytes[];
    if (Array.isArray(this.#format)) {
      fields = this.#format.map(({ file, field }) =>
        file === 0 ? key : ((file === 1 ? left : right)?.fields[field - 1] ?? ""),
      );
    } else if (this.#format === "auto") {
      const fill = (row: Row | undefined, side: Side, width: number): Bytes[] => {
        const others = row ? side.others(row) : [];
        return Array.from({ length: Math.max(0, width - 1) }, (_, at) => others[at] ?? "");
      };
      fields = [key, ...fill(left, one, this.#widths[0]), ...fill(right, two, this.#widths[1])];
    } else fields = [key, ...(left ? one.others(left) : []), ...(right ? two.others(right) : [])];
    return fields.map((field) => (field === "" ? empty : field)).join(this.#separator) + this.#end;
  }
}

import type { Bytes } from "../sim/kernel/index.ts";
import { decode, encode } from "../sim/kernel/index.ts";
import { compile, type Regex } from "../shell/regex/index.ts";
import { filterOperands } from "./gnu/filter.ts";
import { splitLines } from "./gnu/input.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const nl = tool({
  name: "nl",
  package: "coreutils",
  summary: "number lines of files",
  usage: ["[OPTION]... [FILE]..."],
  about:
    "Write each FILE to standard output, with line numbers added.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    header: { short: "h", long: "header-numbering", arg: "STYLE", help: "use STYLE for numbering header lines" },
    body: { short: "b", long: "body-numbering", arg: "STYLE", help: "use STYLE for numbering body lines: a (all), t (nonempty), n (none), pBRE" }, // prettier-ignore
    footer: { short: "f", long: "footer-numbering", arg: "STYLE", help: "use STYLE for numbering footer lines" },
    first: { short: "v", long: "starting-line-number", arg: "NUMBER", help: "first line number for each section" },
    increment: { short: "i", long: "line-increment", arg: "NUMBER", help: "line number increment at each line" },
    keep: { short: "p", long: "no-renumber", help: "do not reset line numbers for each section" },
    blanks: { short: "l", long: "join-blank-lines", arg: "NUMBER", help: "group of NUMBER empty lines counted as one" },
    separator: { short: "s", long: "number-separator", arg: "STRING", help: "add STRING after (possible) line number" },
    width: { short: "w", long: "number-width", arg: "NUMBER", help: "use NUMBER columns for line numbers" },
    format: { short: "n", long: "number-format", arg: "FORMAT", help: "insert line numbers according to FORMAT: ln, rn or rz" }, // prettier-ignore
    delimiter: { short: "d", long: "section-delimiter", arg: "CC", help: "use CC for logical page delimiters" },
  },
  async run(call) {
    const styles: Record<string, Style> = {};
    for (const [part, fallback] of [
      ["header", "n"],
      ["body", "t"],
      ["footer", "n"],
    ] as const) {
      const text = call.value(part) ?? fallback;
      const style = parseStyle(text);
      if (isBadPattern(style)) return call.fail(style.error);
      if (!style) return call.usage(`invalid ${part} numbering style: ${call.quote(text)}`);
      styles[part] = style;
    }
    const numbers: Record<string, number> = {};
    for (const [flag, what, fallback, least] of [
      ["first", "starting line number", 1, -Infinity],
      ["increment", "line number increment", 1, -Infinity],
      ["blanks", "line number of blank lines", 1, 1],
      ["width", "line number field width", 6, 1],
    ] as const) {
      const text = call.value(flag) ?? String(fallback);
      if (!/^[-+]?\d+$/.test(text) || Number(text) < least)
        return call.fail(
          `invalid ${what}: ${call.quote(text)}${Number(text) < least ? ": Numerical result out of range" : ""}`,
        );
      numbers[flag] = Number(text);
    }
    const format = call.value("format") ?? "rn";
    if (!["ln", "rn", "rz"].includes(format)) return call.usage(`invalid line numbering format: ${call.quote(format)}`);
    const numbering = new Numbering(call, styles, numbers, format);
    await filterOperands(call, (block) =>
      splitLines(block)
        .map((line) => numbering.show(line))
        .join(""),
    );
    return call.status;
  },
});

type Style = "all" | "nonempty" | "none" | Regex;

/** Undefined if there is no such style, an error if its pattern is none. */
function parseStyle(text: string): Style | { readonly error: string } | undefined {
  if (text === "a") return "all";
  if (text === "t") return "nonempty";
  if (text === "n") return "none";
  if (!text.startsWith("p")) return undefined;
  const regex = compile(text.slice(1), { syntax: "basic" });
  return regex;
}

function isBadPattern(style: Style | { readonly error: string } | undefined): style is { readonly error: string } {
  return typeof style === "object" && "error" in style;
}

class Numbering {
  readonly #styles: Readonly<Record<string, Style>>;
  readonly #numbers: Readonly<Record<string, number>>;
  readonly #format: string;
  readonly #separator: Bytes;
  readonly #delimiter: Bytes;
  readonly #keep: boolean;
  #section = "body";
  #next: number;
  #blank = 0;

  constructor(call: Call<string>, styles: Record<string, Style>, numbers: Record<string, number>, format: string) {
    this.#styles = styles;
    this.#numbers = numbers;
    this.#format = format;
    this.#separator = encode(call.value("separator") ?? "\t");
    const given = encode(call.value("delimiter") ?? "\\:");
    this.#delimiter = given.length === 1 ? `${given}:` : given;
    this.#keep = call.has("keep");
    this.#next = numbers["first"]!;
  }

  show(line: Bytes): Bytes {
    for (const [times, section] of [
      [3, "header"],
      [2, "body"],
      [1, "footer"],
    ] as const) {
      if (this.#delimiter === "" || line !== this.#delimiter.repeat(times)) continue;
      this.#section = section;
      if (!this.#keep) this.#next = this.#numbers["first"]!;
      return "\n";
    }
    return this.#isNumbered(line)
      ? `${this.#number()}${this.#separator}${line}\n`
      : `${" ".repeat(this.#numbers["width"]! + this.#separator.length)}${line}\n`;
  }

  #isNumbered(line: Bytes): boolean {
    const style = this.#styles[this.#section]!;
    if (style === "all") {
      const blanks = this.#numbers["blanks"]!;
      if (line !== "" || blanks === 1) {
        this.#blank = 0;
        return true;
      }
      this.#blank = (this.#blank + 1) % blanks;
      return this.#blank === 0;
    }
    if (style === "nonempty") return line !== "";
    return style !== "none" && style.test(decode(line));
  }

  #number(): string {
    const width = this.#numbers["width"]!;
    const number = this.#next;
    this.#next += this.#numbers["increment"]!;
    if (this.#format === "ln") return String(number).padEnd(width);
    if (this.#format === "rn") return String(number).padStart(width);
    return number < 0 ? `-${String(-number).padStart(width - 1, "0")}` : String(number).padStart(width, "0");
  }
}

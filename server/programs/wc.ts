import { attempt, Errno, type OpenFile } from "../sim/host/index.ts";
import { decode, incompleteTail, type Bytes } from "../sim/kernel/index.ts";
import { chunks, closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { isUtf8 } from "./gnu/locale.ts";
import { quoteIfNeeded, shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { columnsOf } from "./gnu/width.ts";

const COLUMNS = ["lines", "words", "chars", "bytes", "longest"] as const;
type Counts = Record<(typeof COLUMNS)[number], number>;

export const wc = tool({
  name: "wc",
  package: "coreutils",
  summary: "print newline, word, and byte counts for each file",
  usage: ["[OPTION]... [FILE]...", "[OPTION]... --files0-from=F"],
  about:
    "Print newline, word, and byte counts for each FILE, and a total line if\nmore than one FILE is specified.  A word is a non-zero-length sequence of\nprintable characters delimited by white space.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    bytes: { short: "c", long: "bytes", help: "print the byte counts" },
    chars: { short: "m", long: "chars", help: "print the character counts" },
    lines: { short: "l", long: "lines", help: "print the newline counts" },
    words: { short: "w", long: "words", help: "print the word counts" },
    filesFrom: { long: "files0-from", arg: "F", help: "read input from the files specified by NUL-terminated names in file F" }, // prettier-ignore
    longest: { short: "L", long: "max-line-length", help: "print the maximum display width" },
    total: { long: "total", arg: "WHEN", help: "when to print a line with total counts; WHEN can be: auto, always, only, never" }, // prettier-ignore
  },
  async run(call) {
    const chosen = await call.choose("--total", call.value("total") ?? "auto", [
      [["auto"], "auto"],
      [["always"], "always"],
      [["only"], "only"],
      [["never"], "never"],
    ]);
    if (typeof chosen === "number") return chosen;
    const when = chosen.meaning;
    const operands = await operandsOf(call);
    if (typeof operands === "number") return operands;
    const asked = COLUMNS.filter((column) => call.has(column));
    const columns = asked.length > 0 ? asked : (["lines", "words", "bytes"] as const);
    const width = when === "only" ? 1 : columnWidth(call, operands, columns.length);
    const total: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
    const row = (counts: Counts, name: string): string =>
      `${columns.map((column) => String(counts[column]).padStart(width)).join(" ")}${name === "" ? "" : ` ${name}`}\n`;
    for (const operand of operands) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.warn(`${quoteIfNeeded(operand)}: ${file.message}`);
        continue;
      }
      const counts = await count(call, file, operand, new Set(columns));
      if (operand !== "-") closeOperand(call.process, file);
      for (const column of COLUMNS)
        total[column] = column === "longest" ? Math.max(total.longest, counts.longest) : total[column] + counts[column];
      if (when !== "only")
        await call.out.print(row(counts, call.operands.length > 0 || call.has("filesFrom") ? nameOf(operand) : ""));
    }
    if (when === "always" || when === "only" || (when === "auto" && operands.length > 1))
      await call.out.print(row(total, when === "only" ? "" : "total"));
    return call.status;
  },
});

function nameOf(operand: string): string {
  return operand.includes("\n") ? quoteIfNeeded(operand) : operand;
}

async function operandsOf(call: Call): Promise<readonly string[] | number> {
  const from = call.value("filesFrom");
  if (from === undefined) return call.operands.length > 0 ? call.operands : ["-"];
  if (call.operands.length > 0) {
    await call.say(`extra operand ${shellQuote(call.operands[0]!)}`);
    await call.process.error("file operands cannot be combined with --files0-from\n");
    return call.usage();
  }
  const file = openOperand(call.process, from);
  if (file instanceof Errno) return call.fail(`cannot open ${quoteIfNeeded(from)} for reading: ${file.message}`);
  const names = decode(await readWhole(call.process, file, call.out)).split("\0");
  if (names.at(-1) === "") names.pop();
  return names;
}

/** How wide the numbers are: room for the size of all files together, 7 for what is no regular file (src/wc.c compute_number_width). */
function columnWidth({ process }: Call, operands: readonly string[], columns: number): number {
  if (operands.length === 1 && columns === 1) return 1;
  let total = 0;
  let least = 1;
  for (const operand of operands) {
    const file = operand === "-" ? process.fds.find(0)?.position : undefined;
    const stat = operand === "-" ? undefined : attempt(() => process.host.files.stat(operand, process));
    if (file) total += file.size;
    else if (stat === undefined || (!(stat instanceof Errno) && stat.type !== "file")) least = 7;
    else if (!(stat instanceof Errno)) total += stat.size;
  }
  return Math.max(String(total).length, least);
}

async function count(call: Call, file: OpenFile, operand: string, wanted: ReadonlySet<string>): Promise<Counts> {
  const counter = new Counter(isUtf8(call.process.env), wanted);
  try {
    for await (const chunk of chunks(call.process, file, call.out)) counter.add(chunk);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "EISDIR") throw error;
    await call.warn(`${quoteIfNeeded(operand)}: ${error.message}`);
  }
  return counter.end();
}

class Counter {
  readonly #counts: Counts = { lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 };
  readonly #utf8: boolean;
  readonly #wanted: ReadonlySet<string>;
  #inWord = false;
  #column = 0;
  #tail: Bytes = "";

  constructor(utf8: boolean, wanted: ReadonlySet<string>) {
    this.#utf8 = utf8;
    this.#wanted = wanted;
  }

  add(chunk: Bytes): void {
    const counts = this.#counts;
    counts.bytes += chunk.length;
    for (let at = chunk.indexOf("\n"); at >= 0; at = chunk.indexOf("\n", at + 1)) counts.lines++;
    if (!this.#wanted.has("words") && !this.#wanted.has("chars") && !this.#wanted.has("longest")) return;
    let text = chunk;
    if (this.#utf8) {
      const bytes = this.#tail + chunk;
      const cut = incompleteTail(bytes);
      this.#tail = cut === 0 ? "" : bytes.slice(-cut);
      text = decode(cut === 0 ? bytes : bytes.slice(0, -cut));
    }
    if (this.#wanted.has("words")) this.#words(text);
    if (this.#wanted.has("chars")) for (const char of text) if (!isStrayByte(char)) counts.chars++;
    if (this.#wanted.has("longest")) this.#lengths(text);
  }

  #words(text: string): void {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 32 || (code >= 9 && code <= 13) || (code > 127 && this.#utf8 && /\s/.test(text[at]!)))
        this.#inWord = false;
      else if (!this.#inWord && (code > 127 ? this.#utf8 && !isStrayByte(text[at]!) : code > 32 && code < 127)) {
        this.#inWord = true;
        this.#counts.words++;
      }
    }
  }

  #lengths(text: string): void {
    for (const char of text) {
      if (char === "\n" || char === "\r" || char === "\f") {
        this.#counts.longest = Math.max(this.#counts.longest, this.#column);
        this.#column = 0;
      } else if (char === "\t") this.#column += 8 - (this.#column % 8);
      else if (!isStrayByte(char)) this.#column += columnsOf(char);
    }
  }

  end(): Counts {
    this.#counts.longest = Math.max(this.#counts.longest, this.#column);
    return this.#counts;
  }
}

function isStrayByte(char: string): boolean {
  const code = char.charCodeAt(0);
  return char.length === 1 && code >= 0xdc80 && code <= 0xdcff;
}

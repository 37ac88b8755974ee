import { attempt, Errno, open, type OpenFile } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { blocks, chunks } from "./gnu/input.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { parseSize } from "./gnu/size.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const split = tool({
  name: "split",
  package: "coreutils",
  summary: "split a file into pieces",
  usage: ["[OPTION]... [FILE [PREFIX]]"],
  about: "Output pieces of FILE to PREFIXaa, PREFIXab, ...;\ndefault size is 1000 lines, and default PREFIX is 'x'.",
  flags: {
    length: { short: "a", long: "suffix-length", arg: "N", help: "generate suffixes of length N (default 2)" },
    additional: { long: "additional-suffix", arg: "SUFFIX", help: "append an additional SUFFIX to file names" },
    bytes: { short: "b", long: "bytes", arg: "SIZE", help: "put SIZE bytes per output file" },
    lineBytes: { short: "C", long: "line-bytes", arg: "SIZE", simulated: false },
    digits: { short: "d", help: "use numeric suffixes starting at 0, not alphabetic" },
    hex: { short: "x", help: "use hex suffixes starting at 0, not alphabetic" },
    elide: { short: "e", long: "elide-empty-files", simulated: false },
    filter: { long: "filter", arg: "COMMAND", simulated: false },
    lines: { short: "l", long: "lines", arg: "NUMBER", help: "put NUMBER lines/records per output file" },
    number: { short: "n", long: "number", arg: "CHUNKS", simulated: false },
    separator: { short: "t", long: "separator", arg: "SEP", simulated: false },
    unbuffered: { short: "u", long: "unbuffered", simulated: false },
    verbose: { long: "verbose", help: "print a diagnostic just before each output file is opened" },
  },
  rewrite: (args) => args.map((arg) => (/^-\d+$/.test(arg) ? `-l${arg.slice(1)}` : arg)),
  async run(call) {
    const { operands } = call;
    if (operands.length > 2) return call.usage(`extra operand ${call.quote(operands[2]!)}`);
    const unit = call.options.lastOf("bytes", "lines") ?? "lines";
    if (call.has("bytes") && call.has("lines")) return call.usage("cannot split in more than one way");
    const text = call.value(unit) ?? "1000";
    const size = parseSize(text);
    if (size === undefined || size === 0) return call.fail(`invalid number of ${unit}: ${call.quote(text)}`);
    const name = operands[0] ?? "-";
    const input =
      name === "-"
        ? call.process.fds.get(0)
        : attempt(() => open(call.process.host, name, { read: true }, call.process));
    if (input instanceof Errno) return call.fail(`cannot open ${shellQuote(name)} for reading: ${input.message}`);
    const pieces = new Pieces(call, operands[1] ?? "x");
    let left = 0;
    const source = unit === "bytes" ? chunks(call.process, input, call.out) : blocks(call.process, input, call.out);
    for await (const chunk of source) {
      for (let rest: Bytes = chunk; rest !== "";) {
        if (left === 0) {
          const problem = await pieces.next();
          if (problem !== undefined) return call.fail(problem);
          left = size;
        }
        const end = unit === "bytes" ? Math.min(left, rest.length) : endOfLines(rest, left);
        const part = rest.slice(0, end);
        left -= unit === "bytes" ? part.length : part.split("\n").length - (part.endsWith("\n") ? 1 : 0);
        pieces.write(part);
        rest = rest.slice(part.length);
      }
    }
    return 0;
  },
});

function endOfLines(text: Bytes, count: number): number {
  let at = 0;
  for (let left = count; left > 0; left--) {
    const newline = text.indexOf("\n", at);
    if (newline < 0) return text.length;
    at = newline + 1;
  }
  return at;
}

/** The output files, named one after another. */
class Pieces {
  readonly #call: Call<string>;
  readonly #prefix: string;
  readonly #length: number;
  #count = 0;
  #file: OpenFile | undefined;

  constructor(call: Call<string>, prefix: string) {
    this.#call = call;
    this.#prefix = prefix;
    this.#length = Number(call.value("length") ?? "2");
  }

  async next(): Promise<string | undefined> {
    const { process } = this.#call;
    const suffix = this.#suffix(this.#count++);
    if (suffix === undefined) return "output file suffixes exhausted";
    const name = this.#prefix + suffix + (this.#call.value("additional") ?? "");
    if (this.#call.has("verbose")) await this.#call.out.print(`creating file ${shellQuote(name)}\n`);
    const file = attempt(() => open(process.host, name, { write: true, truncate: true }, process));
    if (file instanceof Errno) return `${name}: ${file.message}`;
    this.#file = file;
    return undefined;
  }

  /** Alphabetic suffixes grow when they run out: xyz, xzaaa (src/split.c next_file_name). */
  #suffix(number: number): string | undefined {
    const alphabet = this.#call.has("digits")
      ? "0123456789"
      : this.#call.has("hex")
        ? "0123456789abcdef"
        : "abcdefghijklmnopqrstuvwxyz";
    const base = alphabet.length;
    let [rest, lead, width] = [number, "", this.#length];
    if (!this.#call.has("length")) {
      while (rest >= (base - 1) * base ** (width - 1)) {
        rest -= (base - 1) * base ** (width - 1);
        lead += alphabet.at(-1)!;
        width++;
      }
    } else if (rest >= base ** width) return undefined;
    let text = "";
    for (let at = 0; at < width; at++) {
      text = alphabet[rest % base]! + text;
      rest = Math.floor(rest / base);
    }
    return lead + text;
  }

  write(bytes: Bytes): void {
    this.#file!.writeNow(bytes);
  }
}

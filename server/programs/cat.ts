import { Errno, type OpenFile } from "../sim/host/index.ts";
import type { Bytes } from "../sim/kernel/index.ts";
import { chunks, closeOperand } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const cat = tool({
  name: "cat",
  package: "coreutils",
  summary: "concatenate files and print on the standard output",
  usage: ["[OPTION]... [FILE]..."],
  about: "Concatenate FILE(s) to standard output.\n\nWith no FILE, or when FILE is -, read standard input.",
  flags: {
    numberNonblank: { short: "b", long: "number-nonblank", help: "number nonempty output lines, overrides -n" },
    number: { short: "n", long: "number", help: "number all output lines" },
    squeeze: { short: "s", long: "squeeze-blank", help: "suppress repeated empty output lines" },
    control: { short: "v", long: "show-nonprinting", help: "use ^ and M- notation, except for LFD and TAB" },
    ends: { short: "E", long: "show-ends", help: "display $ at end of each line" },
    tabs: { short: "T", long: "show-tabs", help: "display TAB characters as ^I" },
    all: { short: "A", long: "show-all", help: "equivalent to -vET" },
    endsControl: { short: "e", help: "equivalent to -vE" },
    tabsControl: { short: "t", help: "equivalent to -vT" },
    unbuffered: { short: "u", help: "(ignored)" },
  },
  async run(call) {
    const { process, out } = call;
    const has = call.has.bind(call);
    const show: Shown = {
      ends: has("all") || has("endsControl") || has("ends"),
      tabs: has("all") || has("tabsControl") || has("tabs"),
      control: has("all") || has("endsControl") || has("tabsControl") || has("control"),
      squeeze: has("squeeze"),
      number: has("numberNonblank") ? "nonblank" : has("number") ? "all" : undefined,
    };
    const plain = !Object.values(show).some(Boolean);
    const lines = new Lines(show);
    const operands = call.operands.length > 0 ? call.operands : ["-"];
    for (const operand of operands) {
      const file = await call.open(operand);
      if (!file) continue;
      try {
        if (isOwnOutput(process.fds.find(1), file, operand)) {
          await call.warn(`${quoteIfNeeded(operand)}: input file is output file`);
          continue;
        }
        for await (const chunk of chunks(process, file, out)) {
          await out.put(plain ? chunk : lines.show(chunk));
          if (plain) await out.flush();
        }
        await out.flush();
      } catch (error) {
        if (!(error instanceof Errno) || error.code === "ENOSPC" || error.code === "EPIPE") throw error;
        await call.warn(`${quoteIfNeeded(operand)}: ${error.message}`);
      } finally {
        if (operand !== "-") closeOperand(process, file);
      }
    }
    await out.put(lines.rest());
    return call.status;
  },
});

/** `cat x >> x` would not end. */
function isOwnOutput(output: OpenFile | undefined, input: OpenFile, operand: string): boolean {
  return operand !== "-" && output !== undefined && output.name === input.name && !input.name.startsWith("/dev/");
}

interface Shown {
  readonly ends: boolean;
  readonly tabs: boolean;
  readonly control: boolean;
  readonly squeeze: boolean;
  readonly number: "all" | "nonblank" | undefined;
}

/** What cat does to lines, across the borders of files and chunks. */
class Lines {
  readonly #shown: Shown;
  #count = 0;
  /** Newlines since the last other character; the text before the first line counts as one. */
  #newlines = 1;
  /** A carriage return at the end of a chunk: with -E it is shown if a newline follows. */
  #held = "";

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  show(next: Bytes): Bytes {
    const { squeeze, number, ends } = this.#shown;
    let out = "";
    let chunk = this.rest() + next;
    if (ends && chunk.endsWith("\r")) {
      this.#held = "\r";
      chunk = chunk.slice(0, -1);
    }
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf("\n", at);
      const text = chunk.slice(at, newline < 0 ? undefined : newline);
      at = newline < 0 ? chunk.length : newline + 1;
      const blank = this.#newlines > 0 && text === "";
      if (blank && squeeze && this.#newlines >= 2) continue;
      if (this.#newlines > 0 && (number === "all" || (number === "nonblank" && !blank)))
        out += `${String(++this.#count).padStart(6)}\t`;
      this.#newlines = newline < 0 ? 0 : blank ? this.#newlines + 1 : 1;
      if (newline < 0) return out + this.#text(text);
      const shown = this.#text(text);
      if (!ends) out += `${shown}\n`;
      else out += shown.endsWith("\r") ? `${shown.slice(0, -1)}^M$\n` : `${shown}$\n`;
    }
    return out;
  }

  rest(): Bytes {
    const held = this.#held;
    this.#held = "";
    return held;
  }

  #text(text: Bytes): Bytes {
    const { control, tabs } = this.#shown;
    const shown = control ? text.replace(/[^\t -~]/g, showControl) : text;
    return tabs ? shown.replaceAll("\t", "^I") : shown;
  }
}

function showControl(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 32) return `^${String.fromCharCode(code + 64)}`;
  if (code === 127) return "^?";
  const low = String.fromCharCode(code - 128);
  if (code < 160) return `M-^${String.fromCharCode(code - 64)}`;
  return code === 255 ? "M-^?" : `M-${low}`;
}

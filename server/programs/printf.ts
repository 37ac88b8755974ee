import { encode } from "../sim/kernel/index.ts";
import type { Program, Process } from "../sim/host/index.ts";
import { formatFloat, formatInteger, padText, readDirective, type Directive } from "./gnu/c-format.ts";
import { unescape } from "./gnu/escapes.ts";
import { quote, shellQuote, needsQuotes } from "./gnu/quoting.ts";
import { versionOf } from "./gnu/versions.ts";

export const printf: Program = {
  name: "printf",
  summary: "format and print data",
  async run(process, args) {
    if (args.length === 1 && args[0] === "--version") {
      await process.print(`printf (GNU coreutils) ${versionOf(process, "coreutils")}\n`);
      return 0;
    }
    if (args.length === 1 && args[0] === "--help") {
      await process.print(
        "Usage: printf FORMAT [ARGUMENT]...\n  or: printf OPTION\nPrint ARGUMENT(s) according to FORMAT.\n",
      );
      return 0;
    }
    const words = args[0] === "--" ? args.slice(1) : args;
    if (words.length === 0) {
      await process.error("printf: missing operand\nTry 'printf --help' for more information.\n");
      return 1;
    }
    return new Printing(process, words[0]!, words.slice(1)).run();
  },
};

class Printing {
  readonly #process: Process;
  readonly #format: string;
  readonly #args: readonly string[];
  #next = 0;
  #out = "";
  #status = 0;
  #stop = false;

  constructor(process: Process, format: string, args: readonly string[]) {
    this.#process = process;
    this.#format = format;
    this.#args = args;
  }

  async run(): Promise<number> {
    do {
      const before = this.#next;
      const directives = await this.#once();
      if (directives === undefined) {
        await this.#process.write(1, this.#out);
        return 1;
      }
      if (this.#stop) break;
      if (this.#next < this.#args.length && (!directives || this.#next === before)) {
        await this.#warn(
          `warning: ignoring excess arguments, starting with ${quote(this.#args[this.#next]!, this.#process.env)}`,
          0,
        );
        break;
      }
    } while (this.#next < this.#args.length);
    await this.#process.write(1, this.#out);
    return this.#status;
  }

  /** Goes through the format once: whether it took arguments; undefined if it cannot go on. */
  async #once(): Promise<boolean | undefined> {
    let took = false;
    const format = this.#format;
    for (let at = 0; at < format.length && !this.#stop;) {
      if (format.startsWith("%%", at)) {
        this.#out += "%";
        at += 2;
      } else if (format[at] === "%") {
        const directive = readDirective(format.slice(at));
        if (!directive || !/[diouxXfFeEgGaAcsbq]/.test(directive.conversion)) {
          const shown = /^%[-+ #0']*\d*(?:\.\d*)?(?:hh|h|ll|l|L|q|j|z|t)?.?/.exec(format.slice(at))![0];
          await this.#warn(`${shown}: invalid conversion specification`, 1);
          return undefined;
        }
        took = true;
        await this.#directive(directive);
        at += directive.text.length;
      } else {
        const next = format.indexOf("%", at);
        const text = format.slice(at, next < 0 ? undefined : next);
        const { bytes, stop, problem } = unescape(encode(text), "format");
        this.#out += bytes;
        this.#stop ||= stop;
        at += text.length;
        if (problem) {
          await this.#warn(problem, 1);
          return undefined;
        }
      }
    }
    return took;
  }

  async #directive(directive: Directive): Promise<void> {
    const { flags, conversion } = directive;
    const width = directive.width === "*" ? Number(await this.#integer()) : directive.width;
    const given = directive.precision === "*" ? Number(await this.#integer()) : directive.precision;
    const precision = given !== undefined && given < 0 ? undefined : given;
    const layout = { flags, width, precision };
    if (conversion === "s") this.#out += padText(encode(this.#take() ?? ""), layout);
    else if (conversion === "c") this.#out += padText(encode(this.#take() ?? "").slice(0, 1), { flags, width });
    else if (conversion === "q") {
      const text = this.#take() ?? "";
      this.#out += padText(encode(needsQuotes(text) ? shellQuote(text) : text), layout);
    } else if (conversion === "b") {
      const { bytes, stop } = unescape(encode(this.#take() ?? ""), "%b");
      this.#out += padText(bytes, layout);
      this.#stop = stop;
    } else if (/[diouxX]/.test(conversion)) this.#out += formatInteger(await this.#integer(), conversion, layout);
    else this.#out += formatFloat(await this.#float(), conversion, layout);
  }

  #take(): string | undefined {
    return this.#args[this.#next++];
  }

  async #integer(): Promise<bigint> {
    const text = this.#take();
    if (text === undefined) return 0n;
    const character = characterCode(text);
    if (character !== undefined) return BigInt(character);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    await this.#check(text, match?.[0]);
    if (!match) return 0n;
    const digits = match[2]!;
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return match[1] === "-" ? -value : value;
  }

  async #float(): Promise<number> {
    const text = this.#take();
    if (text === undefined) return 0;
    const character = characterCode(text);
    if (character !== undefined) return character;
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
    await this.#check(text, match?.[0]);
    if (!match) return 0;
    const word = match[2]!.toLowerCase();
    const value = word.startsWith("inf") ? Infinity : word === "nan" ? NaN : Number(word);
    return match[1] === "-" ? -value : value;
  }

  /** Complains of what is no number, or is one only in part. */
  async #check(text: string, read: string | undefined): Promise<void> {
    if (read === text || text === "") return;
    const shown = quote(text, this.#process.env);
    await this.#warn(
      read === undefined ? `${shown}: expected a numeric value` : `${shown}: value not completely converted`,
      1,
    );
  }

  async #warn(message: string, status: number): Promise<void> {
    this.#status = Math.max(this.#status, status);
    await this.#process.error(`${this.#process.argv[0] ?? "printf"}: ${message}\n`);
  }
}

/** The code of the character behind a leading quote: `printf %d "'A"`. */
function characterCode(text: string): number | undefined {
  return /^["']/.test(text) && text.length > 1 ? text.codePointAt(1) : undefined;
}

import { calendar, decode, encode, SECOND } from "../../sim/kernel/index.ts";
import { unescape } from "../expansion/escapes.ts";
import { backslashQuote } from "../expansion/quote.ts";
import { strftime } from "../history/strftime.ts";
import { assign } from "../interpreter/assignment.ts";
import { splitSubscript, isName } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { formatFloat, formatInteger, type NumberFormat } from "./printf-number.ts";
import { parseOptions, usage } from "./usage.ts";

export const printf: PlainBuiltin = {
  name: "printf",
  synopsis: "[-v var] format [arguments]",
  summary: "Writes its arguments as a format says.",
  run(shell, args) {
    const parsed = parseOptions(shell, printf, args, "v:");
    if (!parsed) return 2;
    const [format, ...values] = parsed.rest;
    if (format === undefined) return usage(shell, printf);
    const variable = parsed.options.get("v") as string | undefined;
    if (variable !== undefined && !isName(splitSubscript(variable).name)) {
      shell.complainInBuiltin(`\`${variable}': not a valid identifier`);
      return 2;
    }
    const formatter = new Formatter(shell, values);
    formatter.run(format);
    if (variable === undefined) shell.print(formatter.text);
    else assign(shell, splitSubscript(variable), formatter.text);
    return formatter.failed ? 1 : 0;
  },
};

const SPECIFICATION = /^%([-+ #0']*)(\*|-?\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|j|z|t)?(?:\(([^)]*)\))?(.)?/s;

class Formatter {
  readonly #shell: Shell;
  readonly #values: readonly string[];
  #next = 0;
  text = "";
  failed = false;
  #ended = false;

  constructor(shell: Shell, values: readonly string[]) {
    this.#shell = shell;
    this.#values = values;
  }

  /** Uses the format again and again until all values are used. */
  run(format: string): void {
    do {
      const before = this.#next;
      this.#once(format);
      if (this.#next === before) break;
    } while (this.#next < this.#values.length && !this.#ended);
  }

  #once(format: string): void {
    for (let at = 0; at < format.length && !this.#ended;) {
      const percent = format.indexOf("%", at);
      const end = percent < 0 ? format.length : percent;
      if (end > at) this.text += this.#literal(format.slice(at, end));
      if (percent < 0) return;
      if (format[percent + 1] === "%") {
        this.text += "%";
        at = percent + 2;
        continue;
      }
      const match = SPECIFICATION.exec(format.slice(percent))!;
      at = percent + match[0].length;
      this.#convert(match);
    }
  }

  #literal(text: string): string {
    const missing = /\\([xuU])(?![0-9A-Fa-f])/.exec(text);
    if (missing) this.#complain(`missing ${missing[1] === "x" ? "hex" : "unicode"} digit for \\${missing[1]}`);
    return unescape(text, "format").text;
  }

  #complain(text: string): void {
    this.#shell.complainInBuiltin(text);
    this.failed = true;
  }

  #take(): string | undefined {
    return this.#values[this.#next++];
  }

  #star(): number {
    return Number(this.#integer(this.#take()));
  }

  #convert([, flags = "", width, precision, date, conversion]: RegExpExecArray): void {
    if (conversion === undefined) {
      this.#complain("`%': missing format character");
      this.#ended = true;
      return;
    }
    let columns = width === "*" ? this.#star() : Number(width ?? 0);
    const left = columns < 0 ? "-" : "";
    columns = Math.abs(columns);
    const digits = precision === "*" ? this.#star() : precision === undefined ? undefined : Number(precision || 0);
    const format: NumberFormat = {
      flags: flags + left,
      width: columns,
      precision: digits !== undefined && digits < 0 ? undefined : digits,
      conversion,
    };
    if (date !== undefined && conversion === "T") return this.#put(this.#date(date), format);
    switch (conversion) {
      case "s":
        return this.#put(this.#take() ?? "", format);
      case "b": {
        const { text, ended } = unescape(this.#take() ?? "", "argument");
        this.#put(text, format);
        this.#ended = ended;
        return;
      }
      case "q":
        return this.#put(backslashQuote(this.#take() ?? ""), { ...format, precision: undefined });
      case "Q":
        return this.#put(backslashQuote((this.#take() ?? "").slice(0, format.precision)), { ...format, precision: undefined }); // prettier-ignore
      case "c":
        return this.#put([...(this.#take() || "\0")][0]!, { ...format, precision: undefined });
      case "d":
      case "i":
      case "o":
      case "u":
      case "x":
      case "X":
        this.text += formatInteger(this.#integer(this.#take()), format);
        return;
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
      case "a":
      case "A":
        this.text += formatFloat(this.#float(this.#take()), format);
        return;
      case "n":
        assign(this.#shell, splitSubscript(this.#take() ?? ""), String(encode(this.text).length));
        return;
      default:
        this.#complain(`\`${conversion}': invalid format character`);
        this.#ended = true;
    }
  }

  /** Width and precision count bytes, as in C. */
  #put(text: string, { flags, width, precision }: NumberFormat): void {
    const bytes = encode(text);
    const cut = precision === undefined ? bytes : bytes.slice(0, precision);
    const missing = " ".repeat(Math.max(0, width - cut.length));
    const shown = cut.length === bytes.length ? text : decode(cut);
    this.text += flags.includes("-") ? shown + missing : missing + shown;
  }

  #integer(text: string | undefined): bigint {
    if (text === undefined || text === "") return 0n;
    if (/^["']/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
    if (!match || match[0].length < text.trimEnd().length) this.#complain(`${text}: invalid number`);
    if (!match) return 0n;
    const digits = /^0[0-7]+$/.test(match[2]!) ? `0o${match[2]!.slice(1)}` : match[2]!;
    const value = BigInt(digits) * (match[1] === "-" ? -1n : 1n);
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
    if (value >= least && value <= most) return value;
    this.#shell.complainInBuiltin(`warning: ${text}: Numerical result out of range`);
    return value < least ? least : most;
  }

  #float(text: string | undefined): number {
    if (text === undefined || text === "") return 0;
    if (/^["']/.test(text)) return text.codePointAt(1) ?? 0;
    const match = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(text);
    if (!match || match[0].length < text.trimEnd().length) this.#complain(`${text}: invalid number`);
    if (!match) return 0;
    const found = match[0].trim().toLowerCase();
    if (/inf/.test(found)) return found.startsWith("-") ? -Infinity : Infinity;
    return Number(found.replace(/^\+/, ""));
  }

  /** `%(format)T`: the time in seconds since 1970; -1 is now, -2 when the shell was started. */
  #date(format: string): string {
    const text = this.#take();
    const seconds = text === undefined ? -1 : Number(this.#integer(text));
    const now = this.#shell.process.now;
    const time = seconds === -1 ? now : seconds === -2 ? this.#shell.startedAt : seconds * SECOND;
    return strftime(format || "%X", calendar(time), Math.floor(time / SECOND));
  }
}

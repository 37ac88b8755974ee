import type { Shell } from "../interpreter/shell.ts";
import { singleQuote } from "../expansion/quote.ts";
import { splitWords } from "./words.ts";

/** What became of `!!`, `!str`, `^a^b^` in a line. */
export type HistoryExpansion =
  | { readonly type: "unchanged" }
  | { readonly type: "expanded"; readonly text: string }
  /** With `:p` it is only shown. */
  | { readonly type: "shown"; readonly text: string }
  /** bash's complaint: `!x: event not found`. */
  | { readonly type: "failed"; readonly complaint: string };

class Failure extends Error {}

/** The last `:s/a/b/`, for `:&`; and what `!?str?` found last. By shell. */
const lastSubstitution = new WeakMap<Shell["history"], { readonly from: string; readonly to: string }>();

/** Expands a line as history_expand of lib/readline/histexpand.c. */
export function expandHistory(shell: Shell, line: string): HistoryExpansion {
  const text = line.startsWith("^") ? quickSubstitution(line) : line;
  if (!text.includes("!")) return { type: "unchanged" };
  try {
    const reader = new Reader(shell, text);
    const expanded = reader.run();
    if (!reader.changed) return { type: "unchanged" };
    return { type: reader.onlyShow ? "shown" : "expanded", text: expanded };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return { type: "failed", complaint: failure.message };
  }
}

/** `^a^b^rest` stands for `!!:s^a^b^rest`. */
function quickSubstitution(line: string): string {
  return `!!:s${line}`;
}

class Reader {
  readonly #shell: Shell;
  readonly #text: string;
  #at = 0;
  changed = false;
  onlyShow = false;

  constructor(shell: Shell, text: string) {
    this.#shell = shell;
    this.#text = text;
  }

  run(): string {
    let out = "";
    let double = false;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (char === "\\") {
        out += this.#text.slice(this.#at, this.#at + 2);
        this.#at += 2;
      } else if (char === "'" && !double) {
        const end = this.#text.indexOf("'", this.#at + 1);
        const next = end < 0 ? this.#text.length : end + 1;
        out += this.#text.slice(this.#at, next);
        this.#at = next;
      } else if (char === "!" && this.#starts(double)) {
        this.changed = true;
        out += this.#expansion();
      } else if (char === "#" && !double && this.#isComment()) {
        out += this.#text.slice(this.#at);
        break;
      } else {
        if (char === '"') double = !double;
        out += char;
        this.#at++;
      }
    }
    return out;
  }

  #isComment(): boolean {
    const before = this.#text[this.#at - 1];
    return (before === undefined || /[ \t\n;&()|<>]/.test(before)) && this.#shell.options.shopt("interactive_comments");
  }

  /** A `!` before a blank, `=` or `(`, or at the end, is none; nor is `$!`. */
  #starts(double: boolean): boolean {
    const next = this.#text[this.#at + 1];
    if (next === undefined || /[\s=]/.test(next) || (next === "(" && this.#shell.options.shopt("extglob")))
      return false;
    if (double && next === '"') return false;
    const before = this.#text[this.#at - 1];
    if (before === "$" || (before === "{" && this.#text[this.#at - 2] === "$")) return false;
    return !(before === "[" && next !== "!" && /\]/.test(this.#text.slice(this.#at)));
  }

  #expansion(): string {
    const start = this.#at++;
    const event = this.#event(start);
    const words = splitWords(event);
    const picked = this.#designator(event, words, start);
    return this.#modifiers(picked, start);
  }

  #fail(start: number, words: string): never {
    throw new Failure(`${this.#text.slice(start, this.#at)}: ${words}`);
  }

  /** Which line is meant: `!!`, `!n`, `!-n`, `!str`, `!?str?`, `!#`; before a designator the last. */
  #event(start: number): string {
    const { history } = this.#shell;
    const rest = this.#text.slice(this.#at);
    const last = (): string => history.at(history.next - 1) ?? this.#fail(start, "event not found");
    if (rest.startsWith("!")) {
      this.#at++;
      return last();
    }
    if (rest.startsWith("#")) {
      this.#at++;
      return this.#text.slice(0, start);
    }
    if (/^[:^$*%]/.test(rest) || /^-(?!\d)/.test(rest)) return last();
    const number = /^-?\d+/.exec(rest)?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      const place = number.startsWith("-") ? history.next + Number(number) : Number(number);
      return history.at(place) ?? this.#fail(start, "event not found");
    }
    if (rest.startsWith("?")) {
      const end = /[?\n]/.exec(rest.slice(1));
      const text = rest.slice(1, end ? end.index + 1 : undefined);
      this.#at += 1 + text.length + (end ? 1 : 0);
      return this.#search(start, (line) => line.includes(text));
    }
    const text = /^[^\s:^$*%"]+/.exec(rest)?.[0] ?? "";
    const prefix = text.replace(/[;&()|<>].*$/, "") || text;
    this.#at += prefix.length;
    return this.#search(start, (line) => line.startsWith(prefix));
  }

  #search(start: number, matches: (line: string) => boolean): string {
    const found = this.#shell.history.entries.findLast(({ line }) => matches(line));
    return found?.line ?? this.#fail(start, "event not found");
  }

  /** Which words of the line: `:n`, `:^`, `:$`, `:*`, `:x-y`, `:x*`, `:x-`; without, all of it. */
  #designator(event: string, words: readonly string[], start: number): string {
    const match = /^(?::?([\^$*%])|:(\d+|(?=-))|:?(-(?:\d+|\$)))(\*|-(?:\d+|\$|\^)?)?/.exec(this.#text.slice(this.#at));
    if (!match) return event;
    const [whole, sign, number, dash, range] = match as unknown as [string, string?, string?, string?, string?];
    const last = words.length - 1;
    const index = (text: string): number => (text === "$" ? last : text === "^" ? 1 : Number(text));
    if (sign === "*") {
      this.#at += whole.length - (range?.length ?? 0);
      return words.slice(1).join(" ");
    }
    this.#at += whole.length;
    let from = dash !== undefined ? 0 : index(sign ?? (number === "" ? "0" : number!));
    let to = dash !== undefined ? index(dash.slice(1)) : from;
    if (range === "*") to = last;
    else if (range === "-") to = last - 1;
    else if (range !== undefined) to = index(range.slice(1));
    if (range === "*" && from === last + 1) return "";
    if (from > last || to > last || from > to) this.#fail(start, "bad word specifier");
    return words.slice(from, to + 1).join(" ");
  }

  /** `:h`, `:t`, `:r`, `:e`, `:p`, `:q`, `:x`, `:s/a/b/`, `:&`, with `:g` everywhere. */
  #modifiers(text: string, start: number): string {
    let value = text;
    while (this.#text[this.#at] === ":") {
      let at = this.#at + 1;
      const everywhere = /[ga]/.test(this.#text[at] ?? "");
      if (everywhere) at++;
      const letter = this.#text[at];
      this.#at = at + 1;
      switch (letter) {
        case "h":
          value = value.replace(/\/[^/]*$/, "");
          break;
        case "t":
          value = value.slice(value.lastIndexOf("/") + 1);
          break;
        case "r":
          value = value.replace(/\.[^./]*$/, "");
          break;
        case "e":
          value = /\.[^./]*$/.exec(value)?.[0] ?? "";
          break;
        case "p":
          this.onlyShow = true;
          break;
        case "q":
          value = singleQuote(value);
          break;
        case "x":
          value = value.split(/(\s+)/).map((part) => (/^\s*$/.test(part) ? part : singleQuote(part))).join(""); // prettier-ignore
          break;
        case "s":
        case "&":
          value = this.#substitute(value, letter, everywhere, start);
          break;
        default:
          this.#at = at;
          this.#fail(start, "unrecognized history modifier");
      }
    }
    return value;
  }

  #substitute(value: string, letter: "s" | "&", everywhere: boolean, start: number): string {
    const { history } = this.#shell;
    if (letter === "s") {
      const delimiter = this.#text[this.#at++] ?? "";
      const part = (): string => {
        let out = "";
        while (this.#at < this.#text.length && this.#text[this.#at] !== delimiter) {
          if (this.#text[this.#at] === "\\" && this.#text[this.#at + 1] === delimiter) this.#at++;
          out += this.#text[this.#at++];
        }
        this.#at++;
        return out;
      };
      const from = part() || lastSubstitution.get(history)?.from || "";
      const to = part().replace(/\\&|&/g, (match) => (match === "&" ? from : "&"));
      this.#at = Math.min(this.#at, this.#text.length);
      lastSubstitution.set(history, { from, to });
    }
    const last = lastSubstitution.get(history);
    if (!last || last.from === "" || !value.includes(last.from)) this.#fail(start, "substitution failed");
    return everywhere ? value.replaceAll(last.from, () => last.to) : value.replace(last.from, () => last.to);
  }
}

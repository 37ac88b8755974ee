import { AwkFault } from "./fault.ts";

export interface Token {
  readonly kind: "number" | "string" | "regex" | "name" | "call" | "keyword" | "builtin" | "symbol" | "newline" | "end";
  /** As it stands in the program; strings and patterns with their escapes resolved. */
  readonly text: string;
  readonly line: number;
}

const KEYWORDS = new Set(["BEGIN", "END", "function", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile", "exit", "return", "delete", "in", "getline", "print", "printf"]); // prettier-ignore
export const BUILTINS = new Set(["length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "sin", "cos", "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "tolower", "toupper", "system", "close", "fflush", "systime", "strftime", "mktime"]); // prettier-ignore
const SYMBOLS = ["**=", "&&", "||", "==", "<=", ">=", "!=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "!~", ">>", "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "="]; // prettier-ignore

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', a: "\x07", b: "\b", f: "\f", v: "\v" }; // prettier-ignore

/** Takes a program apart as it is parsed: whether a slash divides or begins a pattern, only the parser knows. */
export class Lexer {
  readonly #text: string;
  #at = 0;
  line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    this.#skip();
    const { line } = this;
    const rest = this.#text.slice(this.#at, this.#at + 200);
    const token = (kind: Token["kind"], text: string, length = text.length): Token => {
      this.#at += length;
      return { kind, text, line };
    };
    if (rest === "") return { kind: "end", text: "", line: line };
    if (rest[0] === "\n") {
      this.line++;
      return token("newline", "\n");
    }
    const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(rest);
    if (number) return token("number", number[0]);
    const name = /^[A-Za-z_]\w*/.exec(this.#text.slice(this.#at))?.[0];
    if (name !== undefined) {
      if (name === "func") return token("keyword", "function", 4);
      if (KEYWORDS.has(name)) return token("keyword", name);
      if (BUILTINS.has(name)) return token("builtin", name);
      return token(this.#text[this.#at + name.length] === "(" ? "call" : "name", name);
    }
    if (rest[0] === '"') return this.#string(line);
    const symbol = SYMBOLS.find((one) => rest.startsWith(one));
    if (symbol !== undefined) return token("symbol", symbol);
    throw new AwkFault(`line ${line}: unexpected character '${rest[0]!}'`);
  }

  #skip(): void {
    for (;;) {
      const [blank] = /^(?:[ \t\r]|\\\r?\n|#[^\n]*)*/.exec(this.#text.slice(this.#at)) ?? [""];
      if (blank === "") return;
      this.line += blank.split("\n").length - 1;
      this.#at += blank.length;
    }
  }

  #string(line: number): Token {
    const start = this.#at;
    let value = "";
    for (let at = start + 1; ; at++) {
      const char = this.#text[at];
      if (char === undefined || char === "\n")
        throw new AwkFault(`line ${line}: runaway string constant ${this.#text.slice(start, start + 10)} ...`);
      if (char === '"') {
        this.#at = at + 1;
        return { kind: "string", text: value, line };
      }
      if (char !== "\\") {
        value += char;
        continue;
      }
      const escape = readEscape(this.#text, at);
      if (this.#text[at + 1] === "\n") this.line++;
      value += escape.value;
      at += escape.length - 1;
    }
  }

  /** The rest of a pattern whose opening slash (and perhaps an equals sign) was read already. */
  regex(begun: string): string {
    const start = this.#at;
    let source = begun;
    let inBrackets = false;
    for (let at = start; ; at++) {
      const char = this.#text[at];
      if (char === undefined || char === "\n")
        throw new AwkFault(
          `line ${this.line}: runaway regular expression /${(begun + this.#text.slice(start)).split("\n")[0]!.slice(0, 10)} ...`,
        );
      if (char === "\\") {
        const next = this.#text[++at] ?? "";
        source += next === "/" ? "/" : `\\${next}`;
        continue;
      }
      if (char === "[") {
        inBrackets = true;
        // A bracket right behind the opening one, or its caret, stands for itself.
        const first = /^\[\^?\]?/.exec(this.#text.slice(at))![0];
        source += first;
        at += first.length - 1;
        continue;
      }
      if (char === "]") inBrackets = false;
      if (char === "/" && !inBrackets) {
        this.#at = at + 1;
        return source;
      }
      source += char;
    }
  }
}

/** What a backslash and what follows it stand for in a string. Unknown ones stay as they are. */
export function readEscape(text: string, at: number): { value: string; length: number } {
  const next = text[at + 1];
  if (next === undefined) return { value: "\\", length: 1 };
  if (next === "\n") return { value: "", length: 2 };
  if (ESCAPES[next] !== undefined) return { value: ESCAPES[next], length: 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1))?.[0];
  if (octal !== undefined)
    return { value: String.fromCharCode(Number.parseInt(octal, 8) & 255), length: 1 + octal.length };
  return { value: `\\${next}`, length: 2 };
}

/** A string with its escapes resolved, as in `-v name=value`. */
export function unescapeText(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      out += text[at];
      continue;
    }
    const { value, length } = readEscape(text, at);
    out += value;
    at += length - 1;
  }
  return out;
}

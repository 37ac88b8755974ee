import { isPrintable, quote, unicodeName } from "../golang/quote.ts";
import { isKeyword, type Token, type TokenType } from "./token.ts";

const LEFT = "{{";
const SPACES = /[ \t\r\n]+/y;
/** The end of an action, with the mark that trims the text behind it. */
const RIGHT = /(?:[ \t\r\n]-)?\}\}/y;
/** What may stand right behind a name. */
const TERMINATOR = /[ \t\r\n.,|:)(]|\}\}|$/y;
const NAME = /[_\p{L}\p{Nd}]+/uy;
const STRING = /"(?:\\[^\n]|[^"\\\n])*"/y;
const RAW_STRING = /`[^`]*`/y;
const CHARACTER = /'(?:\\[^\n]|[^'\\\n])*'/y;
/** Not all of these are numbers: the parser knows. */
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;

const SINGLE: Record<string, TokenType> = { "=": "assign", "|": "pipe" };

/** Cuts a template into tokens, as text/template/parse/lex.go. */
export class Lexer {
  #input: string;
  #at = 0;
  #line = 1;
  /** Up to where newlines are counted in `#line`. */
  #counted = 0;
  #insideAction = false;
  #parens = 0;

  constructor(input: string) {
    this.#input = input;
  }

  next(): Token {
    return this.#insideAction ? this.#action() : this.#text();
  }

  #text(): Token {
    for (;;) {
      const start = this.#at;
      const left = this.#input.indexOf(LEFT, start);
      const end = left < 0 ? this.#input.length : left;
      if (end > start) {
        const text = this.#input.slice(start, end);
        const kept = left >= 0 && this.#trimsBefore(left) ? text.replace(/[ \t\r\n]+$/, "") : text;
        this.#at = end;
        if (kept !== "") return this.#token("text", start, kept);
      }
      if (left < 0) return this.#token("eof", this.#at, "EOF");
      const marked = this.#trimsBefore(left);
      this.#at = left + LEFT.length + (marked ? 2 : 0);
      if (this.#input.startsWith("/*", this.#at)) {
        const bad = this.#comment();
        if (bad) return bad;
        continue;
      }
      this.#insideAction = true;
      this.#parens = 0;
      return this.#token("left delimiter", left, LEFT);
    }
  }

  #trimsBefore(left: number): boolean {
    const marker = this.#input.slice(left + LEFT.length, left + LEFT.length + 2);
    return /^-[ \t\r\n]$/.test(marker);
  }

  #comment(): Token | undefined {
    const start = this.#at;
    const end = this.#input.indexOf("*/", start + 2);
    if (end < 0) return this.#error(start, "unclosed comment");
    this.#at = end + 2;
    const right = this.#match(RIGHT);
    if (right === undefined) return this.#error(start, "comment ends before closing delimiter");
    this.#at += right.length;
    if (right !== "}}") this.#at += this.#match(SPACES)?.length ?? 0;
    return undefined;
  }

  #action(): Token {
    const start = this.#at;
    const right = this.#match(RIGHT);
    if (right !== undefined) {
      if (this.#parens > 0) return this.#error(start, "unclosed left paren");
      this.#at += right.length;
      const token = this.#token("right delimiter", this.#at - 2, "}}");
      if (right !== "}}") this.#at += this.#match(SPACES)?.length ?? 0;
      this.#insideAction = false;
      return token;
    }
    const code = this.#input.codePointAt(start);
    if (code === undefined) return this.#error(start, "unclosed action");
    const char = String.fromCodePoint(code);
    const spaces = this.#match(SPACES);
    // The last space may belong to the mark of the end.
    if (spaces)
      return this.#take("space", this.#input.startsWith("-}}", start + spaces.length) ? spaces.slice(0, -1) : spaces);
    switch (char) {
      case ":":
        return this.#input[start + 1] === "=" ? this.#take("declare", ":=") : this.#error(start, "expected :=");
      case '"':
        return this.#quoted("string", STRING, "unterminated quoted string");
      case "`":
        return this.#quoted("raw string", RAW_STRING, "unterminated raw quoted string");
      case "'":
        return this.#quoted("character constant", CHARACTER, "unterminated character constant");
      case "$":
        return this.#path("variable");
      case ".": {
        const next = this.#input[start + 1];
        return next === undefined || (next >= "0" && next <= "9") ? this.#number() : this.#path("field");
      }
      case "(":
        this.#parens++;
        return this.#take("left paren", char);
      case ")":
        this.#parens--;
        return this.#parens < 0 ? this.#error(start, "unexpected right paren") : this.#take("right paren", char);
    }
    if (/[+\-0-9]/.test(char)) return this.#number();
    const name = this.#match(NAME);
    if (name !== undefined) return this.#name(name);
    const single = SINGLE[char];
    if (single) return this.#take(single, char);
    if (code < 0x80 && isPrintable(char)) return this.#take("char", char);
    return this.#error(start, `unrecognized character in action: ${unicodeName(char)}`);
  }

  #quoted(type: TokenType, form: RegExp, problem: string): Token {
    const text = this.#match(form);
    return text === undefined ? this.#error(this.#at, problem) : this.#take(type, text);
  }

  #name(name: string): Token {
    const bad = this.#badEnd(this.#at + name.length);
    if (bad) return bad;
    if (isKeyword(name)) return this.#take(name, name);
    return this.#take(name === "true" || name === "false" ? "bool" : "identifier", name);
  }

  /** A field or a variable, one name of it: `.a.b` is two fields. */
  #path(type: "field" | "variable"): Token {
    const start = this.#at;
    const mark = this.#input[start]!;
    if (this.#match(TERMINATOR, start + 1) !== undefined) return this.#take(type === "field" ? "." : type, mark);
    const name = this.#match(NAME, start + 1) ?? "";
    return this.#badEnd(start + 1 + name.length) ?? this.#take(type, mark + name);
  }

  #badEnd(at: number): Token | undefined {
    if (this.#match(TERMINATOR, at) !== undefined) return undefined;
    return this.#error(this.#at, `bad character ${unicodeName(String.fromCodePoint(this.#input.codePointAt(at)!))}`);
  }

  #number(): Token {
    const start = this.#at;
    const first = this.#scanNumber(start);
    if (!first.ok) return this.#error(start, `bad number syntax: ${quote(this.#input.slice(start, first.end))}`);
    if (!/[+-]/.test(this.#input[first.end] ?? "")) return this.#take("number", this.#input.slice(start, first.end));
    const second = this.#scanNumber(first.end);
    const text = this.#input.slice(start, second.end);
    return second.ok && text.endsWith("i")
      ? this.#take("complex", text)
      : this.#error(start, `bad number syntax: ${quote(text)}`);
  }

  #scanNumber(start: number): { ok: boolean; end: number } {
    const end = start + (this.#match(NUMBER, start)?.length ?? 0);
    const after = this.#match(NAME, end);
    return after === undefined ? { ok: true, end } : { ok: false, end: end + Array.from(after)[0]!.length };
  }

  #match(form: RegExp, at = this.#at): string | undefined {
    form.lastIndex = at;
    return form.exec(this.#input)?.[0];
  }

  #take(type: TokenType, text: string): Token {
    const token = this.#token(type, this.#at, text);
    this.#at += text.length;
    return token;
  }

  #token(type: TokenType, at: number, text: string): Token {
    for (
      let next = this.#input.indexOf("\n", this.#counted);
      next >= 0 && next < at;
      next = this.#input.indexOf("\n", next + 1)
    ) {
      this.#line++;
      this.#counted = next + 1;
    }
    return { type, at, text, line: this.#line };
  }

  /** What is wrong; nothing but the end comes behind it. */
  #error(at: number, problem: string): Token {
    const token = this.#token("error", at, problem);
    this.#input = "";
    this.#at = 0;
    this.#counted = 0;
    return token;
  }
}

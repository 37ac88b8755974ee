/**
 * bash's own view of a text, as far as it is needed to say where it stops being a command (diagnosis.ts): tokens as
 * read_token of parse.y cuts them. Words are only skipped, not taken apart; that is unbash's work.
 */

export interface Token {
  readonly type: "word" | "operator" | "newline" | "end";
  /** As an error message quotes it. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A word that is typed without any quotes: only such ones are reserved words. */
  readonly bare: boolean;
}

/** Reading stops: bash would complain, or the text ends too early. */
export class Stop extends Error {
  readonly position: number;
  /** What bash says, line for line. */
  readonly complaints: readonly string[];
  /** True if more text could still make it a command. */
  readonly incomplete: boolean;
  /** True if bash quotes the line with the error after its complaint. */
  readonly quotesLine: boolean;
  /** What `$?` becomes. */
  readonly status: number | undefined;
  /** Text without which what follows cannot make it a command. */
  readonly wants: string | undefined;
  /** The word or sign that would have ended the command that is open where the text ends. */
  readonly expected: string | undefined;

  constructor(
    position: number,
    complaints: readonly string[],
    {
      incomplete = false,
      quotesLine = false,
      status,
      wants,
      expected,
    }: {
      incomplete?: boolean;
      quotesLine?: boolean;
      status?: number;
      wants?: string;
      expected?: string | undefined;
    },
  ) {
    super(complaints.join("; "));
    this.position = position;
    this.complaints = complaints;
    this.incomplete = incomplete;
    this.quotesLine = quotesLine;
    this.status = status;
    this.wants = wants;
    this.expected = expected;
  }

  static unexpected(position: number, token: string, status = 2): Stop {
    return new Stop(position, [`syntax error near unexpected token \`${token}'`], { quotesLine: true, status });
  }

  static unclosed(position: number, close: string, status = 2): Stop {
    const complaint = `unexpected EOF while looking for matching \`${close}'`;
    return new Stop(position, [complaint], { incomplete: true, status, wants: close });
  }

  static unfinished(position: number, expected?: string): Stop {
    return new Stop(position, ["syntax error: unexpected end of file"], { incomplete: true, status: 2, expected });
  }
}

const OPERATORS = [
  "&>>", "<<-", "<<<", ";;&", "&&", "||", ";;", ";&", "|&", "&>", ">>", ">&", ">|", "<<", "<&", "<>",
  ";", "&", "|", "<", ">", "(", ")",
] as const; // prettier-ignore

const META = new Set(" \t\n;|&()<>");

export class Tokens {
  readonly text: string;
  readonly #extglob: boolean;
  /** Reads the commands of a `$(` up to its `)`; returns the position behind it. */
  readonly #substitution: (start: number) => number;
  at: number;
  /** Here-documents whose bodies begin at the next newline. */
  readonly pending: { delimiter: string; tabs: boolean }[] = [];
  #peeked: Token | undefined;

  constructor(text: string, at: number, extglob: boolean, substitution: (start: number) => number) {
    this.text = text;
    this.at = at;
    this.#extglob = extglob;
    this.#substitution = substitution;
  }

  peek(): Token {
    return (this.#peeked ??= this.#read());
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    this.at = token.end;
    if (token.type === "newline") this.#skipBodies();
    return token;
  }

  /** True if the next token is that operator or bare word. */
  is(text: string): boolean {
    const token = this.peek();
    return token.text === text && (token.type === "operator" || (token.type === "word" && token.bare));
  }

  skipNewlines(): void {
    while (this.peek().type === "newline") this.next();
  }

  unexpected(token: Token = this.peek()): never {
    if (token.type === "end") throw Stop.unfinished(this.text.length);
    throw Stop.unexpected(token.start, token.text);
  }

  #read(): Token {
    let start = this.#skipBlanks(this.at);
    if (start >= this.text.length) return { type: "end", text: "", start, end: start, bare: false };
    const char = this.text[start]!;
    if (char === "#") {
      const newline = this.text.indexOf("\n", start);
      start = newline < 0 ? this.text.length : newline;
      if (newline < 0) return { type: "end", text: "", start, end: start, bare: false };
    }
    if (this.text[start] === "\n") return { type: "newline", text: "newline", start, end: start + 1, bare: false };
    const process = (char === "<" || char === ">") && this.text[start + 1] === "(";
    const operator = process ? undefined : OPERATORS.find((text) => this.text.startsWith(text, start));
    if (operator) return { type: "operator", text: operator, start, end: start + operator.length, bare: false };
    const end = this.skipWord(start);
    const text = this.text.slice(start, end);
    return { type: "word", text, start, end, bare: !/["'\\`$]/.test(text) };
  }

  #skipBlanks(from: number): number {
    let at = from;
    for (;;) {
      if (this.text[at] === " " || this.text[at] === "\t") at++;
      else if (this.text[at] === "\\" && this.text[at + 1] === "\n") at += 2;
      else return at;
    }
  }

  skipWord(start: number): number {
    let at = start;
    while (at < this.text.length) {
      const char = this.text[at]!;
      const next = this.text[at + 1];
      if (char === "\\") at += 2;
      else if (char === "'") at = this.#skipSingle(at + 1, at);
      else if (char === '"') at = this.#skipDouble(at + 1, at);
      else if (char === "`") at = this.#skipBackquotes(at + 1, at);
      else if (char === "$" && next === "'") at = this.#skipAnsi(at + 2, at);
      else if (char === "$" && (next === "(" || next === "{" || next === "[")) at = this.#skipDollar(at);
      else if ((char === "<" || char === ">") && next === "(") at = this.#substitution(at + 2);
      else if (char === "(" && this.#extglob && at > start && "?*+@!".includes(this.text[at - 1]!))
        at = this.#skipParentheses(at);
      else if (META.has(char)) break;
      else at++;
    }
    return Math.min(at, this.text.length);
  }

  /** Skips to behind the parenthesis that closes the one at `open`. */
  #skipParentheses(open: number): number {
    let depth = 0;
    for (let at = open; at < this.text.length; at++) {
      const char = this.text[at]!;
      if (char === "\\") at++;
      else if (char === "'") at = this.#skipSingle(at + 1, at) - 1;
      else if (char === '"') at = this.#skipDouble(at + 1, at) - 1;
      else if (char === "(") depth++;
      else if (char === ")" && --depth === 0) return at + 1;
    }
    throw Stop.unclosed(open, ")");
  }

  #skipSingle(from: number, open: number): number {
    const close = this.text.indexOf("'", from);
    if (close < 0) throw Stop.unclosed(open, "'");
    return close + 1;
  }

  #skipAnsi(from: number, open: number): number {
    for (let at = from; at < this.text.length; at++) {
      if (this.text[at] === "\\") at++;
      else if (this.text[at] === "'") return at + 1;
    }
    throw Stop.unclosed(open, "'");
  }

  #skipBackquotes(from: number, open: number): number {
    for (let at = from; at < this.text.length; at++) {
      if (this.text[at] === "\\") at++;
      else if (this.text[at] === "`") return at + 1;
    }
    throw Stop.unclosed(open, "`");
  }

  #skipDouble(from: number, open: number): number {
    for (let at = from; at < this.text.length; at++) {
      const char = this.text[at]!;
      const next = this.text[at + 1];
      if (char === "\\") at++;
      else if (char === '"') return at + 1;
      else if (char === "`") at = this.#skipBackquotes(at + 1, at) - 1;
      else if (char === "$" && (next === "(" || next === "{" || next === "[")) at = this.#skipDollar(at) - 1;
    }
    throw Stop.unclosed(open, '"');
  }

  /** `$(…)`, `$((…))`, `${…}` or `$[…]`. */
  #skipDollar(open: number): number {
    if (this.text.startsWith("$((", open)) {
      const end = this.#skipArithmetic(open + 3, open);
      if (end !== undefined) return end;
      return this.#substitutionWithSubshell(open);
    }
    if (this.text[open + 1] === "(") return this.#substitution(open + 2);
    return this.#skipBraces(open + 2, this.text[open + 1] === "{" ? "}" : "]", open);
  }

  /** `$((a) | b)`: not arithmetic after all. */
  #substitutionWithSubshell(open: number): number {
    try {
      return this.#substitution(open + 2);
    } catch (stop) {
      throw stop instanceof Stop && stop.incomplete ? Stop.unclosed(open, ")") : stop;
    }
  }

  /** Behind the `))`, or undefined if it is a `$(` with a subshell. */
  #skipArithmetic(from: number, open: number): number | undefined {
    let depth = 0;
    for (let at = from; at < this.text.length; at++) {
      const char = this.text[at];
      if (char === "\\") at++;
      else if (char === "'") at = this.#skipSingle(at + 1, at) - 1;
      else if (char === '"') at = this.#skipDouble(at + 1, at) - 1;
      else if (char === "(") depth++;
      else if (char === ")" && depth-- === 0) return this.text[at + 1] === ")" ? at + 2 : undefined;
    }
    throw Stop.unclosed(open, ")");
  }

  #skipBraces(from: number, close: string, open: number): number {
    for (let at = from; at < this.text.length; at++) {
      const char = this.text[at]!;
      const next = this.text[at + 1];
      if (char === close) return at + 1;
      if (char === "\\") at++;
      else if (char === "'") at = this.#skipSingle(at + 1, at) - 1;
      else if (char === '"') at = this.#skipDouble(at + 1, at) - 1;
      else if (char === "`") at = this.#skipBackquotes(at + 1, at) - 1;
      else if (char === "$" && (next === "(" || next === "{")) at = this.#skipDollar(at) - 1;
    }
    throw Stop.unclosed(open, close);
  }

  #skipBodies(): void {
    for (const { delimiter, tabs } of this.pending.splice(0)) {
      for (;;) {
        if (this.at >= this.text.length) return;
        const newline = this.text.indexOf("\n", this.at);
        const end = newline < 0 ? this.text.length : newline;
        const line = this.text.slice(this.at, end);
        this.at = Math.min(end + 1, this.text.length);
        if ((tabs ? line.replace(/^\t+/, "") : line) === delimiter) break;
      }
    }
  }
}

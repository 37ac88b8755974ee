import { Stop, type Tokens } from "./tokens.ts";

/** Reads `[[ … ]]` by the grammar of bash (parse.y parse_cond_command) to find where it breaks. */
export class ConditionalGrammar {
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  read(): void {
    const { start } = this.#tokens.next();
    this.#or(start);
    if (this.#tokens.is("]]")) {
      this.#tokens.next();
      return;
    }
    const token = this.#tokens.peek();
    this.#complain(start, `syntax error in conditional expression: unexpected token \`${token.text}'`);
  }

  #complain(position: number, complaint: string): never {
    throw new Stop(position, complaint === "" ? [] : [complaint], {});
  }

  #unfinished(): never {
    const complaints = ["unexpected token `EOF' in conditional command"];
    throw new Stop(this.#tokens.text.length, complaints, { incomplete: true, status: 2 });
  }

  #or(start: number): void {
    this.#and(start);
    while (this.#tokens.is("||")) {
      this.#tokens.next();
      this.#and(start);
    }
  }

  #and(start: number): void {
    this.#term(start);
    this.#tokens.skipNewlines();
    while (this.#tokens.is("&&")) {
      this.#tokens.next();
      this.#term(start);
      this.#tokens.skipNewlines();
    }
  }

  #term(start: number): void {
    this.#tokens.skipNewlines();
    const token = this.#tokens.peek();
    if (token.type === "end") this.#unfinished();
    if (this.#tokens.is("!")) {
      this.#tokens.next();
      return this.#term(start);
    }
    if (this.#tokens.is("(")) {
      this.#tokens.next();
      this.#or(start);
      const close = this.#tokens.peek();
      if (close.type === "end") this.#unfinished();
      if (!this.#tokens.is(")")) this.#complain(start, `unexpected token \`${close.text}', expected \`)'`);
      this.#tokens.next();
      return;
    }
    if (token.type !== "word" || this.#tokens.is("]]")) {
      if (this.#tokens.is("]]")) this.#complain(start, "");
      this.#complain(start, `unexpected token \`${token.text}' in conditional command`);
    }
    this.#tokens.next();
    if (token.bare && /^-[a-zA-Z]$/.test(token.text)) {
      const operand = this.#tokens.peek();
      if (operand.type !== "word" || this.#tokens.is("]]"))
        this.#complain(start, `unexpected argument \`${operand.text || "newline"}' to conditional unary operator`);
      this.#tokens.next();
      return;
    }
    this.#operator(start);
  }

  #operator(start: number): void {
    const token = this.#tokens.peek();
    if (this.#tokens.is("]]") || this.#tokens.is("&&") || this.#tokens.is("||") || this.#tokens.is(")")) return;
    if (token.type === "end") throw Stop.unfinished(this.#tokens.text.length);
    const operator = this.#tokens.is("<") || this.#tokens.is(">");
    const binary = token.type === "word" && /^(=|==|!=|=~|-(eq|ne|lt|le|gt|ge|nt|ot|ef))$/.test(token.text);
    if (!operator && !binary) {
      if (token.type === "word") this.#complain(start, "conditional binary operator expected");
      this.#complain(start, `unexpected token \`${token.text}', conditional binary operator expected`);
    }
    this.#tokens.next();
    if (token.text === "=~") return this.#regex();
    const operand = this.#tokens.peek();
    if (operand.type !== "word" || this.#tokens.is("]]"))
      this.#complain(start, `unexpected argument \`${operand.text || "newline"}' to conditional binary operator`);
    this.#tokens.next();
  }

  /** A regular expression may hold parentheses and bars, and blanks within parentheses. */
  #regex(): void {
    const { text } = this.#tokens;
    let depth = 0;
    let at = this.#tokens.peek().start;
    for (; at < text.length; at++) {
      const char = text[at]!;
      if (char === "\\") at++;
      else if (char === "'" || char === '"' || char === "`" || char === "$") {
        at = Math.max(this.#tokens.skipWord(at), at + 1) - 1;
      } else if (char === "(") depth++;
      else if (char === ")" && depth-- === 0) break;
      else if (depth === 0 && /[\s;&]/.test(char)) break;
    }
    if (at >= text.length && depth > 0) throw Stop.unclosed(this.#tokens.at, ")");
    this.#tokens.next();
    this.#tokens.at = at;
  }
}

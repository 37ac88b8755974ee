import { AwkFault } from "./fault.ts";
import { Lexer, type Token } from "./lexer.ts";

/** The words of a program, one looked at ahead, and mawk's words for those that may not stand there. */
export class Tokens {
  readonly #lexer: Lexer;
  current: Token;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
    this.current = this.#lexer.next();
  }

  /** The line that is read, from 0. */
  get line(): number {
    return this.#lexer.line;
  }

  advance(): Token {
    const token = this.current;
    this.current = this.#lexer.next();
    return token;
  }

  is(symbol: string): boolean {
    return this.current.kind === "symbol" && this.current.text === symbol;
  }

  isKeyword(word: string): boolean {
    return this.current.kind === "keyword" && this.current.text === word;
  }

  accept(symbol: string): boolean {
    if (!this.is(symbol)) return false;
    this.advance();
    return true;
  }

  expect(symbol: string): void {
    if (this.accept(symbol)) return;
    if (symbol === ")" || symbol === "}") {
      const near = this.near();
      const line = this.current.kind === "end" && symbol === "}" ? this.current.line + 1 : this.current.line;
      throw new AwkFault(`line ${line}: missing ${symbol} near ${near}`);
    }
    this.unexpected();
  }

  near(): string {
    const { kind, text } = this.current;
    return kind === "end" ? "end of file" : kind === "newline" ? "end of line" : text;
  }

  unexpected(): never {
    throw new AwkFault(`line ${this.current.line}: syntax error at or near ${this.near()}`);
  }

  newlines(): void {
    while (this.current.kind === "newline") this.advance();
  }

  terminators(): void {
    while (this.current.kind === "newline" || this.is(";")) this.advance();
  }

  /** The source of a pattern that begins at the current slash; `begun` of it was taken for an operator. */
  regex(begun: string): string {
    const source = this.#lexer.regex(begun);
    this.current = this.#lexer.next();
    return source;
  }
}

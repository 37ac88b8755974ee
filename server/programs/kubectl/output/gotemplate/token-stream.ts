import type { Lexer } from "./lexer.ts";
import type { Token } from "./token.ts";

const NONE: Token = { type: "eof", at: 0, text: "", line: 0 };

/** Tokens of one parser, of which three can be put back. Parsers that follow each other share a lexer. */
export class TokenStream {
  readonly #lexer: Lexer;
  /** The token read last, and those put back before it. */
  readonly #tokens: [Token, Token, Token] = [NONE, NONE, NONE];
  #waiting = 0;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** The stream of another parser, which goes on where this one is. */
  another(): TokenStream {
    return new TokenStream(this.#lexer);
  }

  /** The line that errors are at: where the lexer is, whatever was put back. */
  get line(): number {
    return this.#tokens[0].line;
  }

  next(): Token {
    if (this.#waiting > 0) this.#waiting--;
    else this.#tokens[0] = this.#lexer.next();
    return this.#tokens[this.#waiting]!;
  }

  peek(): Token {
    if (this.#waiting === 0) {
      this.#tokens[0] = this.#lexer.next();
      this.#waiting = 1;
    }
    return this.#tokens[this.#waiting - 1]!;
  }

  /** The next token that is no space. */
  nextWord(): Token {
    for (;;) {
      const token = this.next();
      if (token.type !== "space") return token;
    }
  }

  peekWord(): Token {
    const token = this.nextWord();
    this.#waiting++;
    return token;
  }

  /** Puts the token back that was read last, and up to two that were read before. */
  putBack(first?: Token, second?: Token): void {
    if (first && second) this.#tokens[2] = first;
    const before = second ?? first;
    if (before) this.#tokens[1] = before;
    this.#waiting = second ? 3 : first ? 2 : this.#waiting + 1;
  }
}

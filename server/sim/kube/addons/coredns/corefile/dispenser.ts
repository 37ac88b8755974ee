import { CorefileError } from "./corefile-error.ts";
import type { Token } from "./lexer.ts";

/** Hands out words one by one, by lines and blocks: as coredns/caddy caddyfile/dispenser.go. */
export class Dispenser {
  readonly filename: string;
  tokens: Token[];
  cursor = -1;
  #nesting = 0;

  constructor(filename: string, tokens: readonly Token[]) {
    this.filename = filename;
    this.tokens = [...tokens];
  }

  /** The next word, wherever it stands. */
  next(): boolean {
    if (this.cursor >= this.tokens.length - 1) return false;
    this.cursor++;
    return true;
  }

  /** The next word on the same line. */
  nextArg(): boolean {
    if (this.cursor < 0) {
      this.cursor++;
      return true;
    }
    if (this.cursor >= this.tokens.length - 1 || this.#breaks(this.cursor, this.cursor + 1)) return false;
    this.cursor++;
    return true;
  }

  /** The next word of a block that opens on this line, or goes on. */
  nextBlock(): boolean {
    if (this.#nesting > 0) {
      this.next();
      if (!this.is("}")) return true;
      this.#nesting--;
      return false;
    }
    if (!this.nextArg()) return false;
    if (!this.is("{")) {
      this.cursor--;
      return false;
    }
    this.next();
    if (this.is("}")) return false;
    this.#nesting++;
    return true;
  }

  /** The other words of this line, up to a brace. */
  remainingArgs(): string[] {
    const args: string[] = [];
    while (this.nextArg()) {
      if (this.is("{")) {
        this.cursor--;
        break;
      }
      args.push(this.value);
    }
    return args;
  }

  get value(): string {
    return this.tokens[this.cursor]?.Text ?? "";
  }

  /** Whether the current word is that one. */
  is(word: string): boolean {
    return this.value === word;
  }

  get line(): number {
    return this.tokens[this.cursor]?.Line ?? 0;
  }

  get file(): string {
    return this.tokens[this.cursor]?.File || this.filename;
  }

  /** Whether the current word is the first of its line. */
  get isNewLine(): boolean {
    if (this.cursor < 1) return true;
    return this.cursor < this.tokens.length && this.#breaks(this.cursor - 1, this.cursor);
  }

  error(message: string): CorefileError {
    return new CorefileError(`${this.file}:${this.line} - Error during parsing: ${message}`);
  }

  argumentError(): CorefileError {
    if (this.is("{")) return this.error("Unexpected token '{', expecting argument");
    return this.error(`Wrong argument count or unexpected line ending after '${this.value}'`);
  }

  syntaxError(expected: string): CorefileError {
    return new CorefileError(
      `${this.file}:${this.line} - Syntax error: Unexpected token '${this.value}', expecting '${expected}'`,
    );
  }

  /** Whether a line ends between two words; a quoted word may have several lines itself. */
  #breaks(first: number, second: number): boolean {
    const [a, b] = [this.tokens[first]!, this.tokens[second]!];
    return a.File !== b.File || a.Line + a.Text.split("\n").length - 1 < b.Line;
  }
}

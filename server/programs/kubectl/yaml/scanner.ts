import { Cursor, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isWord, YamlError, type Mark } from "./cursor.ts";
import { scanBlockScalar, scanPlain, scanQuoted } from "./scalars.ts";
import { scanDirective, scanTag, type Tag } from "./tags.ts";

export type TokenType =
  | "end" | "version" | "tag-directive" | "---" | "..." | "block-sequence" | "block-mapping" | "block-end"
  | "[" | "]" | "{" | "}" | "-" | "," | "key" | "value" | "alias" | "anchor" | "tag" | "scalar"; // prettier-ignore

export interface Token {
  readonly type: TokenType;
  readonly mark: Mark;
  /** A scalar's text, the name of an anchor or alias. */
  readonly text: string;
  /** Of a scalar: without quotes and not in a block. */
  readonly plain: boolean;
  readonly tag?: Tag;
}

/** Where a key of one line may have begun. */
interface SimpleKey {
  possible: boolean;
  readonly required: boolean;
  readonly token: number;
  readonly index: number;
  readonly mark: Mark;
}

const LONGEST_SIMPLE_KEY = 1024;
const MOST_LEVELS = 10_000;
const NO_KEY: SimpleKey = { possible: false, required: false, token: 0, index: 0, mark: { line: 0, column: 0 } };

/** Takes a text apart into tokens, one after the other (goyaml.v2 scannerc.go). Throws YamlError. */
export class Scanner {
  readonly #at: Cursor;
  readonly #tokens: Token[] = [];
  #head = 0;
  #taken = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  #flowLevel = 0;
  #keyAllowed = true;
  readonly #keys: SimpleKey[] = [NO_KEY];

  constructor(text: string) {
    this.#at = new Cursor(text);
  }

  /** The next token, which stays the next. */
  peek(): Token {
    while (this.#needsMore()) this.#fetch();
    return this.#tokens[this.#head]!;
  }

  take(): Token {
    const token = this.peek();
    this.#head++;
    this.#taken++;
    if (this.#head > 64) {
      this.#tokens.splice(0, this.#head);
      this.#head = 0;
    }
    return token;
  }

  /** A key may turn out to have begun before the tokens that are there. */
  #needsMore(): boolean {
    if (this.#head === this.#tokens.length) return true;
    this.#dropStaleKeys();
    return this.#keys.some(({ possible, token }) => possible && token === this.#taken);
  }

  #fetch(): void {
    const at = this.#at;
    at.check();
    this.#toNextToken();
    this.#dropStaleKeys();
    this.#unroll(at.column);
    const char = at.peek();
    if (char === "") return this.#fetchEnd();
    if (char === "%" && at.column === 0) return this.#fetchDirective();
    if (at.atIndicator("---")) return this.#fetchIndicator("---");
    if (at.atIndicator("...")) return this.#fetchIndicator("...");
    if (char === "[" || char === "{") return this.#fetchFlowStart(char);
    if (char === "]" || char === "}") return this.#fetchFlowEnd(char);
    if (char === ",") return this.#fetchComma();
    const spaced = isBlankOrEnd(at.peek(1));
    if (char === "-" && spaced) return this.#fetchDash();
    if (char === "?" && (this.#flowLevel > 0 || spaced)) return this.#fetchKey();
    if (char === ":" && (this.#flowLevel > 0 || spaced)) return this.#fetchValue();
    if (char === "*" || char === "&") return this.#fetchAnchor(char);
    if (char === "!") return this.#fetchTag();
    if ((char === "|" || char === ">") && this.#flowLevel === 0) return this.#fetchBlockScalar(char);
    if (char === "'" || char === '"') return this.#fetchQuoted(char);
    const plain = !isBlankOrEnd(char) && !"-?:,[]{}#&*!|>'\"%@`".includes(char);
    const dash = char === "-" && !isBlank(at.peek(1));
    const free = this.#flowLevel === 0 && (char === "?" || char === ":") && !spaced;
    if (plain || dash || free) return this.#fetchPlain();
    throw YamlError.scanner("found character that cannot start any token", at.mark);
  }

  #push(type: TokenType, mark: Mark, text = "", plain = false, tag?: Tag): void {
    this.#tokens.push({ type, mark, text, plain, ...(tag ? { tag } : {}) });
  }

  /** Tabs count as blanks where no key may begin. */
  #toNextToken(): void {
    const at = this.#at;
    for (;;) {
      if (at.column === 0 && at.peek() === "\ufeff") at.skip();
      while (at.peek() === " " || (at.peek() === "\t" && (this.#flowLevel > 0 || !this.#keyAllowed))) at.skip();
      if (at.peek() === "#") while (!isBreakOrEnd(at.peek())) at.skip();
      if (!isBreak(at.peek())) return;
      at.readBreak();
      if (this.#flowLevel === 0) this.#keyAllowed = true;
    }
  }

  // Simple keys: those that only the `:` behind them shows.

  #dropStaleKeys(): void {
    for (const key of this.#keys) {
      if (!key.possible) continue;
      if (key.mark.line >= this.#at.line && key.index + LONGEST_SIMPLE_KEY >= this.#at.pos) continue;
      this.#giveUp(key);
    }
  }

  #giveUp(key: SimpleKey): void {
    if (!key.possible) return;
    if (key.required) throw YamlError.scanner("could not find expected ':'", this.#at.mark, key.mark);
    key.possible = false;
  }

  #saveKey(): void {
    if (!this.#keyAllowed) return;
    this.#dropKey();
    const at = this.#at;
    const required = this.#flowLevel === 0 && this.#indent === at.column;
    const token = this.#taken + this.#tokens.length - this.#head;
    this.#keys[this.#keys.length - 1] = { possible: true, required, token, index: at.pos, mark: at.mark };
  }

  #dropKey(): void {
    this.#giveUp(this.#keys.at(-1)!);
  }

  // Indentation

  /** A deeper column begins a block; `before` is the token that it begins with, the next one if it is not there yet. */
  #roll(column: number, type: TokenType, mark: Mark, before?: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MOST_LEVELS) throw YamlError.scanner(`exceeded max depth of ${MOST_LEVELS}`, mark);
    const token: Token = { type, mark, text: "", plain: false };
    if (before === undefined) this.#tokens.push(token);
    else this.#tokens.splice(this.#head + before - this.#taken, 0, token);
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#push("block-end", this.#at.mark);
      this.#indent = this.#indents.pop()!;
    }
  }

  #reset(): void {
    this.#unroll(-1);
    this.#dropKey();
    this.#keyAllowed = false;
  }

  // Tokens

  #fetchEnd(): void {
    this.#at.endLine();
    this.#reset();
    this.#push("end", this.#at.mark);
  }

  #fetchDirective(): void {
    this.#reset();
    const { mark } = this.#at;
    const directive = scanDirective(this.#at);
    this.#push(directive.type, mark, "", false, directive.tag);
  }

  #fetchIndicator(type: "---" | "..."): void {
    this.#reset();
    this.#push(type, this.#at.mark);
    this.#at.skip(3);
  }

  #fetchFlowStart(type: "[" | "{"): void {
    this.#saveKey();
    this.#keys.push(NO_KEY);
    if (++this.#flowLevel > MOST_LEVELS) throw YamlError.scanner(`exceeded max depth of ${MOST_LEVELS}`, this.#at.mark);
    this.#keyAllowed = true;
    this.#push(type, this.#at.mark);
    this.#at.skip();
  }

  #fetchFlowEnd(type: "]" | "}"): void {
    this.#dropKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel--;
      this.#keys.pop();
    }
    this.#keyAllowed = false;
    this.#push(type, this.#at.mark);
    this.#at.skip();
  }

  #fetchComma(): void {
    this.#dropKey();
    this.#keyAllowed = true;
    this.#push(",", this.#at.mark);
    this.#at.skip();
  }

  #fetchDash(): void {
    const { mark } = this.#at;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw YamlError.scanner("block sequence entries are not allowed in this context", mark);
      this.#roll(mark.column, "block-sequence", mark);
    }
    this.#dropKey();
    this.#keyAllowed = true;
    this.#push("-", mark);
    this.#at.skip();
  }

  #fetchKey(): void {
    const { mark } = this.#at;
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw YamlError.scanner("mapping keys are not allowed in this context", mark);
      this.#roll(mark.column, "block-mapping", mark);
    }
    this.#dropKey();
    this.#keyAllowed = this.#flowLevel === 0;
    this.#push("key", mark);
    this.#at.skip();
  }

  #fetchValue(): void {
    const { mark } = this.#at;
    const key = this.#keys.at(-1)!;
    if (key.possible) {
      const token: Token = { type: "key", mark: key.mark, text: "", plain: false };
      this.#tokens.splice(this.#head + key.token - this.#taken, 0, token);
      this.#roll(key.mark.column, "block-mapping", key.mark, key.token);
      key.possible = false;
      this.#keyAllowed = false;
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw YamlError.scanner("mapping values are not allowed in this context", mark);
        this.#roll(mark.column, "block-mapping", mark);
      }
      this.#keyAllowed = this.#flowLevel === 0;
    }
    this.#push("value", mark);
    this.#at.skip();
  }

  #fetchAnchor(char: "*" | "&"): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const at = this.#at;
    const start = at.mark;
    at.skip();
    const from = at.pos;
    while (isWord(at.peek())) at.skip();
    if (at.pos === from || (!isBlankOrEnd(at.peek()) && !"?:,]}%@`".includes(at.peek())))
      throw YamlError.scanner("did not find expected alphabetic or numeric character", at.mark, start);
    this.#push(char === "*" ? "alias" : "anchor", start, at.text.slice(from, at.pos));
  }

  #fetchTag(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    this.#push("tag", mark, "", false, scanTag(this.#at));
  }

  #fetchBlockScalar(char: "|" | ">"): void {
    this.#dropKey();
    this.#keyAllowed = true;
    const { mark } = this.#at;
    this.#push("scalar", mark, scanBlockScalar(this.#at, char === "|", this.#indent));
  }

  #fetchQuoted(char: "'" | '"'): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    this.#push("scalar", mark, scanQuoted(this.#at, char));
  }

  #fetchPlain(): void {
    this.#saveKey();
    this.#keyAllowed = false;
    const { mark } = this.#at;
    const { text, broken } = scanPlain(this.#at, this.#indent, this.#flowLevel > 0);
    this.#push("scalar", mark, text, true);
    if (broken) this.#keyAllowed = true;
  }
}

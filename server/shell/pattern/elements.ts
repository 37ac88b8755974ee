/** A pattern taken apart. It matches by code points; a backslash quotes the next character. */
export type Element =
  | { readonly type: "char"; readonly char: string }
  | { readonly type: "any" }
  | { readonly type: "star" }
  | { readonly type: "set"; readonly has: (char: string) => boolean }
  | { readonly type: "group"; readonly operator: "?" | "*" | "+" | "@" | "!"; readonly choices: readonly Element[][] };

export interface PatternOptions {
  /** `?(a|b)` and its like mean something. */
  readonly extglob: boolean;
  readonly ignoreCase: boolean;
}

/** As lib/glob/sm_loop.c reads them. */
export function parsePattern(text: string, options: PatternOptions): Element[] {
  return new PatternReader(text, options).sequence("");
}

const CLASSES: Record<string, RegExp> = {
  alnum: /[\p{L}\p{N}]/u,
  alpha: /\p{L}/u,
  ascii: /[\0-\x7f]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[^\s\0-\x1f\x7f]/u,
  lower: /\p{Ll}/u,
  print: /[^\0-\x1f\x7f]/u,
  punct: /[!-/:-@[-`{-~]|\p{P}/u,
  space: /\s/u,
  upper: /\p{Lu}/u,
  word: /[\p{L}\p{N}_]/u,
  xdigit: /[0-9A-Fa-f]/,
};

class PatternReader {
  readonly #text: string;
  readonly #options: PatternOptions;
  #at = 0;

  constructor(text: string, options: PatternOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Elements up to one of the characters in `stop`, or the end. */
  sequence(stop: string): Element[] {
    const elements: Element[] = [];
    while (this.#at < this.#text.length) {
      const char = this.#char();
      if (stop.includes(char) && stop !== "") break;
      elements.push(this.#element(char));
    }
    return elements;
  }

  #char(): string {
    return String.fromCodePoint(this.#text.codePointAt(this.#at)!);
  }

  #element(char: string): Element {
    const group = this.#options.extglob && "?*+@!".includes(char) && this.#text[this.#at + 1] === "(";
    if (group) {
      const parsed = this.#group(char as "?" | "*" | "+" | "@" | "!");
      if (parsed) return parsed;
    }
    this.#at += char.length;
    if (char === "*") return { type: "star" };
    if (char === "?") return { type: "any" };
    if (char === "[") return this.#bracket() ?? { type: "char", char };
    if (char !== "\\" || this.#at >= this.#text.length) return this.#literal(char);
    const quoted = this.#char();
    this.#at += quoted.length;
    return this.#literal(quoted);
  }

  #literal(char: string): Element {
    if (!this.#options.ignoreCase) return { type: "char", char };
    const folded = char.toLowerCase();
    return { type: "set", has: (other) => other.toLowerCase() === folded };
  }

  #group(operator: "?" | "*" | "+" | "@" | "!"): Element | undefined {
    const start = this.#at;
    this.#at += 2;
    const choices: Element[][] = [];
    for (;;) {
      choices.push(this.sequence("|)"));
      const end = this.#text[this.#at++];
      if (end === ")") return { type: "group", operator, choices };
      if (end === "|") continue;
      this.#at = start;
      return undefined;
    }
  }

  /** A bracket expression behind its `[`; undefined if nothing closes it. */
  #bracket(): Element | undefined {
    const start = this.#at;
    const negated = this.#text[this.#at] === "!" || this.#text[this.#at] === "^";
    if (negated) this.#at++;
    const tests: ((char: string) => boolean)[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.#text.length) {
        this.#at = start;
        return undefined;
      }
      if (this.#text[this.#at] === "]" && !first) break;
      tests.push(this.#bracketItem());
    }
    this.#at++;
    const { ignoreCase } = this.#options;
    const has = (char: string): boolean => tests.some((test) => test(char)) !== negated;
    if (!ignoreCase) return { type: "set", has };
    return {
      type: "set",
      has: (char) => negated === !tests.some((test) => test(char.toLowerCase()) || test(char.toUpperCase())),
    };
  }

  #bracketItem(): (char: string) => boolean {
    const named = /^\[:([a-z]+):\]/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (named) {
      this.#at += named[0].length;
      const pattern = CLASSES[named[1]!];
      return (char) => pattern?.test(char) === true;
    }
    const low = this.#bracketChar();
    if (this.#text[this.#at] !== "-" || this.#text[this.#at + 1] === "]" || this.#at + 1 >= this.#text.length)
      return (char) => char === low;
    this.#at++;
    const [from, to] = [low.codePointAt(0)!, this.#bracketChar().codePointAt(0)!];
    return (char) => char.codePointAt(0)! >= from && char.codePointAt(0)! <= to;
  }

  #bracketChar(): string {
    const collating = /^\[([.=])(.)\1\]/u.exec(this.#text.slice(this.#at, this.#at + 8));
    if (collating) {
      this.#at += collating[0].length;
      return collating[2]!;
    }
    if (this.#text[this.#at] === "\\" && this.#at + 1 < this.#text.length) this.#at++;
    const char = this.#char();
    this.#at += char.length;
    return char;
  }
}

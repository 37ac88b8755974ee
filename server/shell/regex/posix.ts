import { parseBracket } from "./bracket.ts";
import type { Dialect } from "./dialect.ts";
import type { Locale, Node, Parsed, Place, RegexError, SetItem } from "./node.ts";

/** The most that an interval may ask for (glibc RE_DUP_MAX). */
const MOST_REPEATS = 0x7fff;

export interface PosixOptions {
  readonly dialect: Dialect;
  readonly locale: Locale;
  readonly fold: boolean;
  /** `^` and `$` match at every newline, `.` and `[^x]` take none (REG_NEWLINE). */
  readonly everyLine: boolean;
}

type Token =
  | { readonly type: "char"; readonly code: number; readonly length: number }
  | { readonly type: "repeat"; readonly char: string; readonly length: number }
  | { readonly type: "place"; readonly at: Place; readonly length: number }
  | { readonly type: "class"; readonly name: "word" | "space"; readonly negated: boolean; readonly length: 2 }
  | { readonly type: "back"; readonly index: number; readonly length: 2 }
  | {
      readonly type: "open" | "close" | "or" | "interval" | "intervalEnd" | "bracket" | "any" | "backslash";
      readonly char: string;
      readonly length: number;
    }
  | { readonly type: "end"; readonly length: 0 };

const PLACES: Record<string, Place> = {
  "<": "wordStart",
  ">": "wordEnd",
  b: "wordEdge",
  B: "notWordEdge",
  "`": "textStart",
  "'": "textEnd",
};

const NEWLINE: SetItem = { from: 10, to: 10 };

/** Thrown inside the parser and caught at its entry. */
class Refusal {
  readonly why: RegexError;
  constructor(why: RegexError) {
    this.why = why;
  }
}

/** Parses a basic or extended pattern with the grammar of glibc posix/regcomp.c; the errors are its own. */
export function parsePosix(pattern: string, options: PosixOptions): Parsed | RegexError {
  try {
    return new PosixParser(pattern, options).parse();
  } catch (error) {
    if (error instanceof Refusal) return error.why;
    throw error;
  }
}

class PosixParser {
  readonly #pattern: string;
  readonly #options: PosixOptions;
  readonly #dialect: Dialect;
  #at = 0;
  #token: Token;
  #groups = 0;
  #loneClass = false;
  /** Groups that are closed where the parser stands, so that a back-reference may name them. */
  #closed = new Set<number>();

  constructor(pattern: string, options: PosixOptions) {
    this.#pattern = pattern;
    this.#options = options;
    this.#dialect = options.dialect;
    this.#token = this.#peek(true);
  }

  parse(): Parsed {
    this.#at += this.#token.length;
    const node = this.#alternatives(0);
    if (this.#loneClass && this.#dialect.refusesLoneClass)
      throw new Refusal({ error: "character class syntax is [[:space:]], not [:space:]", from: "dfa" });
    return { node, groups: this.#groups };
  }

  #alternatives(depth: number): Node {
    const before = this.#closed;
    const nodes = [this.#branch(depth)];
    let after = this.#closed;
    while (this.#token.type === "or") {
      this.#next(true);
      this.#closed = new Set(before);
      nodes.push(this.#endsBranch(depth) ? { kind: "empty" } : this.#branch(depth));
      after = after.union(this.#closed);
    }
    this.#closed = after;
    return nodes.length === 1 ? nodes[0]! : { kind: "alternate", nodes };
  }

  #branch(depth: number): Node {
    const nodes: Node[] = [];
    do {
      const node = this.#expression(depth);
      if (node.kind !== "empty") nodes.push(node);
    } while (!this.#endsBranch(depth));
    return nodes.length === 0 ? { kind: "empty" } : nodes.length === 1 ? nodes[0]! : { kind: "concat", nodes };
  }

  #endsBranch(depth: number): boolean {
    const type = this.#token.type;
    return type === "or" || type === "end" || (type === "close" && depth > 0);
  }

  #expression(depth: number): Node {
    const token = this.#token;
    let node: Node;
    switch (token.type) {
      case "or":
      case "end":
        return { kind: "empty" };
      case "backslash":
        throw new Refusal({ error: "Trailing backslash" });
      case "place":
        this.#next();
        return this.#repeatedPlace({ kind: "place", at: token.at, everyLine: this.#options.everyLine });
      case "interval":
      case "repeat": {
        if (token.type === "interval" && this.#dialect.looseBraces) {
          // grep's dfa.c reads a brace that begins no interval as text, and leaves out an interval of nothing.
          const interval = INTERVAL.exec(this.#pattern.slice(this.#at - token.length));
          node = this.#literal(123);
          if (!interval) break;
          this.#at += interval[0].length - token.length;
          this.#next();
          return this.#expression(depth);
        }
        if (token.type === "interval" && this.#dialect.strictIntervals) throw invalidPreceding();
        if (this.#dialect.strictOperators) throw invalidPreceding();
        if (this.#dialect.extended) {
          this.#next();
          return this.#expression(depth);
        }
        node = this.#literal(token.char.codePointAt(0)!);
        break;
      }
      case "close":
        if (!this.#dialect.looseParens) throw new Refusal({ error: "Unmatched ) or \\)" });
        node = this.#literal(41);
        break;
      case "intervalEnd":
        node = this.#literal(125);
        break;
      case "char":
        node = this.#literal(token.code);
        break;
      case "open":
        node = this.#group(depth);
        break;
      case "bracket":
        node = this.#bracket();
        break;
      case "any":
        node = { kind: "set", negated: true, items: this.#options.everyLine ? [NEWLINE] : [], fold: false };
        break;
      case "class":
        node = { kind: "set", negated: token.negated, items: [{ name: token.name }], fold: false };
        break;
      case "back":
        if (!this.#closed.has(token.index)) throw new Refusal({ error: "Invalid back reference" });
        node = { kind: "back", index: token.index, fold: this.#options.fold };
        break;
    }
    this.#next();
    while (this.#token.type === "repeat" || this.#token.type === "interval") {
      const repeated = this.#repetition(node);
      if (repeated === undefined) break;
      node = repeated;
      const next = this.#token;
      if (this.#dialect.strictIntervals && (next.type === "interval" || (next.type === "repeat" && next.char === "*")))
        throw invalidPreceding();
    }
    return node;
  }

  /**
   * The C library knows no repeated place: what follows is an operator with nothing to repeat. grep selects lines with dfa.c,
   * which does: `^*` is a `^` that may be left out.
   */
  #repeatedPlace(place: Node): Node {
    if (!this.#dialect.looseBraces) return place;
    let node = place;
    while (this.#token.type === "repeat" || this.#token.type === "interval") {
      const repeated = this.#repetition(node);
      if (repeated === undefined) break;
      node = repeated;
    }
    return node.kind === "repeat" && node.min === 0 ? { kind: "alternate", nodes: [place, { kind: "empty" }] } : place;
  }

  #peeked(): Token["type"] {
    return this.#token.type;
  }

  #literal(code: number): Node {
    return { kind: "char", code, fold: this.#options.fold };
  }

  #group(depth: number): Node {
    const index = ++this.#groups;
    this.#next(true);
    let node: Node = { kind: "empty" };
    if (this.#token.type !== "close") {
      node = this.#alternatives(depth + 1);
      if (this.#peeked() !== "close") throw new Refusal({ error: "Unmatched ( or \\(" });
    }
    this.#closed = new Set(this.#closed).add(index);
    return { kind: "group", index, node };
  }

  #bracket(): Node {
    const { dialect, locale, fold, everyLine } = this.#options;
    const bracket = parseBracket(this.#pattern, this.#at, dialect, locale, fold);
    if ("error" in bracket) throw new Refusal(bracket);
    this.#at = bracket.end;
    this.#loneClass ||= bracket.lone;
    if (bracket.negated && everyLine) bracket.items.push(NEWLINE);
    return { kind: "set", negated: bracket.negated, items: bracket.items, fold };
  }

  /** The node repeated, or undefined if the brace turns out to be text. */
  #repetition(node: Node): Node | undefined {
    const token = this.#token;
    let min = 0;
    let max = Infinity;
    if (token.type === "interval") {
      const bounds = this.#bounds(token);
      if (bounds === undefined) return undefined;
      ({ min, max } = bounds);
    } else if (token.type === "repeat") {
      min = token.char === "+" ? 1 : 0;
      max = token.char === "?" ? 1 : Infinity;
    }
    this.#next();
    if (node.kind === "empty") return node;
    if (max === 0) return { kind: "empty" };
    return { kind: "repeat", node, min, max };
  }

  #bounds(brace: Token): { min: number; max: number } | undefined {
    const start = this.#at;
    const first = this.#number();
    let min = first;
    if (first === "none") {
      const token = this.#token;
      if (token.type !== "char" || token.code !== COMMA) throw new Refusal({ error: "Invalid content of \\{\\}" });
      min = 0;
    }
    let max: number | "none" | "bad" = "bad";
    if (min !== "bad") {
      const token = this.#token;
      if (token.type === "intervalEnd") max = min;
      else if (token.type === "char" && token.code === COMMA) max = this.#number();
    }
    if (min === "bad" || max === "bad") {
      if (!this.#dialect.looseBraces)
        throw new Refusal({ error: this.#token.type === "end" ? "Unmatched \\{" : "Invalid content of \\{\\}" });
      this.#at = start;
      this.#token = { type: "char", code: 123, length: brace.length };
      return undefined;
    }
    const low = min as number;
    const high = max === "none" ? Infinity : max;
    if (low > high || this.#token.type !== "intervalEnd") throw new Refusal({ error: "Invalid content of \\{\\}" });
    if ((high === Infinity ? low : high) > MOST_REPEATS) throw new Refusal({ error: "Regular expression too big" });
    return { min: low, max: high };
  }

  #number(): number | "none" | "bad" {
    let value: number | "none" | "bad" = "none";
    for (;;) {
      this.#next();
      const token = this.#token;
      if (token.type === "end") return "bad";
      if (token.type === "intervalEnd" || (token.type === "char" && token.code === COMMA)) return value;
      const digit = token.type === "char" ? token.code - 48 : -1;
      if (digit < 0 || digit > 9 || value === "bad") value = "bad";
      else value = Math.min(MOST_REPEATS + 1, (value === "none" ? 0 : value) * 10 + digit);
    }
  }

  #next(caretIsPlace = false): void {
    this.#token = this.#peek(caretIsPlace);
    this.#at += this.#token.length;
  }

  /** The token at `#at`. `caretIsPlace`: an alternative or a group begins here. */
  #peek(caretIsPlace: boolean, at: number = this.#at): Token {
    const pattern = this.#pattern;
    if (at >= pattern.length) return { type: "end", length: 0 };
    const { extended, newlineAlternates } = this.#dialect;
    const char = pattern[at]!;
    if (char === "\\") return this.#escaped(at);
    if (extended) {
      if (char === "|") return { type: "or", char, length: 1 };
      if (char === "(") return { type: "open", char, length: 1 };
      if (char === ")") return { type: "close", char, length: 1 };
      if (char === "{") return { type: "interval", char, length: 1 };
      if (char === "}") return { type: "intervalEnd", char, length: 1 };
      if (char === "+" || char === "?") return { type: "repeat", char, length: 1 };
    }
    switch (char) {
      case "\n":
        if (newlineAlternates) return { type: "or", char, length: 1 };
        break;
      case "*":
        return { type: "repeat", char, length: 1 };
      case "[":
        return { type: "bracket", char, length: 1 };
      case ".":
        return { type: "any", char, length: 1 };
      case "^":
        if (extended || caretIsPlace || at === 0 || (newlineAlternates && pattern[at - 1] === "\n"))
          return { type: "place", at: "lineStart", length: 1 };
        break;
      case "$":
        if (extended || at + 1 === pattern.length) return { type: "place", at: "lineEnd", length: 1 };
        if (["or", "close"].includes(this.#peek(false, at + 1).type))
          return { type: "place", at: "lineEnd", length: 1 };
        break;
    }
    const code = pattern.codePointAt(at)!;
    return { type: "char", code, length: code > 0xffff ? 2 : 1 };
  }

  #escaped(at: number): Token {
    const next = this.#pattern[at + 1];
    if (next === undefined) return { type: "backslash", char: "\\", length: 1 };
    const place = PLACES[next];
    if (place !== undefined) return { type: "place", at: place, length: 2 };
    if (next >= "1" && next <= "9") return { type: "back", index: Number(next), length: 2 };
    if (next === "w" || next === "W") return { type: "class", name: "word", negated: next === "W", length: 2 };
    if (next === "s" || next === "S") return { type: "class", name: "space", negated: next === "S", length: 2 };
    if (!this.#dialect.extended) {
      if (next === "|") return { type: "or", char: next, length: 2 };
      if (next === "(") return { type: "open", char: next, length: 2 };
      if (next === ")") return { type: "close", char: next, length: 2 };
      if (next === "{") return { type: "interval", char: next, length: 2 };
      if (next === "}") return { type: "intervalEnd", char: next, length: 2 };
      if (next === "+" || next === "?") return { type: "repeat", char: next, length: 2 };
    }
    const code = this.#pattern.codePointAt(at + 1)!;
    return { type: "char", code, length: code > 0xffff ? 3 : 2 };
  }
}

const COMMA = 44;
const INTERVAL = /^\{(?:\d+(?:,\d*)?|,\d*)\}/;

function invalidPreceding(): Refusal {
  return new Refusal({ error: "Invalid preceding regular expression" });
}

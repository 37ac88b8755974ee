import { encode } from "../../sim/kernel/index.ts";
import type { Dialect } from "./dialect.ts";
import type { ClassName, Locale, RegexError, SetItem } from "./node.ts";

/** A bracket expression: its set, and where the pattern goes on after its `]`. */
export interface Bracket {
  readonly negated: boolean;
  readonly items: SetItem[];
  readonly end: number;
  /** It reads `[:space:]`, most likely for `[[:space:]]`. */
  readonly lone: boolean;
}

export const UNMATCHED_BRACKET = "Unmatched [, [^, [:, [., or [=";

const CLASSES = new Set<string>([
  "alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit",
]); // prettier-ignore

/** Names longer than this are refused (glibc posix/regcomp.c BRACKET_NAME_BUF_SIZE). */
const LONGEST_NAME = 32;

type Token =
  | { readonly type: "char"; readonly code: number; readonly length: number }
  | { readonly type: "open"; readonly what: "." | "=" | ":"; readonly length: 2 }
  | { readonly type: "close" | "not" | "dash"; readonly code: number; readonly length: 1 }
  | { readonly type: "end" };

type Element =
  | { readonly type: "char"; readonly code: number }
  | { readonly type: "symbol"; readonly name: string }
  | { readonly type: "equivalence"; readonly name: string }
  | { readonly type: "class"; readonly name: string };

/** Reads the bracket expression whose `[` stands before `start`, as glibc posix/regcomp.c parse_bracket_exp. */
export function parseBracket(
  pattern: string,
  start: number,
  dialect: Dialect,
  locale: Locale,
  fold: boolean,
): Bracket | RegexError {
  return new BracketReader(pattern, start, dialect, locale, fold).read();
}

class BracketReader {
  readonly #pattern: string;
  readonly #dialect: Dialect;
  readonly #locale: Locale;
  readonly #fold: boolean;
  #at: number;

  constructor(pattern: string, start: number, dialect: Dialect, locale: Locale, fold: boolean) {
    this.#pattern = pattern;
    this.#at = start;
    this.#dialect = dialect;
    this.#locale = locale;
    this.#fold = fold;
  }

  read(): Bracket | RegexError {
    const items: SetItem[] = [];
    const opened = this.#at;
    let token = this.#peek();
    if (token.type === "end") return { error: "Invalid regular expression" };
    const negated = token.type === "not";
    if (negated) {
      this.#at++;
      token = this.#peek();
      if (token.type === "end") return { error: "Invalid regular expression" };
    }
    // A `]` that comes first is a member.
    if (token.type === "close") token = asChar(token);
    for (let first = true; ; first = false) {
      const start = this.#element(token, first);
      if ("error" in start) return start;
      token = this.#peek();
      if (token.type === "dash" && (start.type === "char" || start.type === "symbol")) {
        this.#at++;
        const last = this.#peek();
        if (last.type === "end") return { error: UNMATCHED_BRACKET };
        if (last.type === "close") {
          this.#at--;
          token = asChar(token);
        } else {
          const end = this.#element(last, true);
          if ("error" in end) return end;
          token = this.#peek();
          const range = this.#range(start, end);
          if ("error" in range) return range;
          items.push(range);
          if (token.type === "close") break;
          if (token.type === "end") return { error: UNMATCHED_BRACKET };
          continue;
        }
      }
      const item = this.#item(start);
      if ("error" in item) return item;
      items.push(item);
      if (token.type === "close") break;
      if (token.type === "end") return { error: UNMATCHED_BRACKET };
    }
    this.#at++;
    return {
      negated,
      items: items.filter((item) => !("from" in item) || item.from <= item.to),
      end: this.#at,
      lone: isLoneClass(this.#pattern.slice(opened, this.#at - 1)),
    };
  }

  #peek(): Token {
    const pattern = this.#pattern;
    const at = this.#at;
    if (at >= pattern.length) return { type: "end" };
    const code = pattern.codePointAt(at)!;
    const char = pattern[at]!;
    const next = pattern[at + 1];
    if (char === "[" && (next === "." || next === "=" || next === ":")) return { type: "open", what: next, length: 2 };
    if (char === "]") return { type: "close", code, length: 1 };
    if (char === "^") return { type: "not", code, length: 1 };
    if (char === "-") return { type: "dash", code, length: 1 };
    return { type: "char", code, length: code > 0xffff ? 2 : 1 };
  }

  #element(token: Token, dashAllowed: boolean): Element | RegexError {
    if (token.type === "end") return { error: UNMATCHED_BRACKET };
    this.#at += token.length;
    if (token.type === "open") return this.#named(token.what);
    // A `-` that is no range stands first, last, or ends a range.
    if (token.type === "dash" && !dashAllowed && this.#peek().type !== "close") return { error: "Invalid range end" };
    return { type: "char", code: token.code };
  }

  #named(what: "." | "=" | ":"): Element | RegexError {
    const end = this.#pattern.indexOf(`${what}]`, this.#at);
    if (end < 0) return { error: UNMATCHED_BRACKET };
    const name = this.#pattern.slice(this.#at, end);
    if (this.#byteLength(name) >= LONGEST_NAME) return { error: UNMATCHED_BRACKET };
    this.#at = end + 2;
    return { type: what === "." ? "symbol" : what === "=" ? "equivalence" : "class", name };
  }

  #item(element: Element): SetItem | RegexError {
    if (element.type === "char") return { from: element.code, to: element.code };
    if (element.type === "class") {
      if (!CLASSES.has(element.name)) return { error: "Invalid character class name" };
      const either = this.#fold && (element.name === "upper" || element.name === "lower");
      return { name: either ? "alpha" : (element.name as ClassName) };
    }
    // The C locales have no collation rules: an element is one byte, and equivalent to itself only.
    if (this.#byteLength(element.name) !== 1) return { error: "Invalid collation character" };
    return { from: element.name.charCodeAt(0), to: element.name.charCodeAt(0) };
  }

  #range(start: Element, end: Element): SetItem | RegexError {
    const isSet = (element: Element): boolean => element.type === "class" || element.type === "equivalence";
    if (isSet(start) || isSet(end)) return { error: "Invalid range end" };
    const from = this.#ordered(start);
    const to = this.#ordered(end);
    if (from === undefined || to === undefined) return { error: "Invalid collation character" };
    if (from > to && !this.#dialect.looseRanges) return { error: "Invalid range end" };
    return { from, to };
  }

  /** Where a range may begin or end: glibc orders single bytes only, where a locale has no collation rules. */
  #ordered(element: Element): number | undefined {
    const text = element.type === "char" ? String.fromCodePoint(element.code) : element.name;
    const single = this.#byteLength(text) === 1 || (this.#dialect.looseRanges && element.type === "char");
    return single ? text.codePointAt(0) : undefined;
  }

  #byteLength(text: string): number {
    return this.#locale === "C" ? text.length : encode(text).length;
  }
}

function asChar(token: { readonly code: number }): Token {
  return { type: "char", code: token.code, length: 1 };
}

/** `:space:` and the like, with no range, class or element in it (gnulib lib/dfa.c parse_bracket_exp). */
function isLoneClass(content: string): boolean {
  const inner = content.startsWith("^") ? content.slice(1) : content;
  return /^:[^[]*:$/.test(inner) && /[^:]/.test(inner) && !/.-./.test(inner.slice(0, -1));
}

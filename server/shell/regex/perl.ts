import type { Node, Parsed, Place, RegexError, SetItem } from "./node.ts";
import { asciiOnly, folded, namedClass, property, shorthand } from "./perl-class.ts";
import { fixedWidth } from "./perl-width.ts";

export interface PerlOptions {
  readonly fold: boolean;
  /** `^` and `$` match at every newline. */
  readonly everyLine: boolean;
}

interface Flags {
  readonly fold: boolean;
  readonly everyLine: boolean;
  readonly dotAll: boolean;
  readonly spaced: boolean;
}

class Refusal {
  readonly why: RegexError;
  constructor(why: RegexError) {
    this.why = why;
  }
}

/**
 * Parses a Perl-compatible pattern; errors in the words of PCRE2 10.42. Recursion, conditions, verbs, callouts and branch
 * reset are not simulated.
 */
export function parsePerl(pattern: string, options: PerlOptions): Parsed | RegexError {
  try {
    return new PerlParser(pattern, options).parse();
  } catch (error) {
    if (error instanceof Refusal) return error.why;
    throw error;
  }
}

const ESCAPES: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };
const PLACES: Record<string, Place> = {
  b: "wordEdge",
  B: "notWordEdge",
  A: "textStart",
  Z: "textEnd",
  z: "textEnd",
};
const NEWLINE: SetItem = { from: 10, to: 10 };

class PerlParser {
  readonly #pattern: string;
  #at = 0;
  #groups = 0;
  readonly #names = new Map<string, number>();
  readonly #total: number;
  #flags: Flags;
  #quoted = false;

  constructor(pattern: string, options: PerlOptions) {
    this.#pattern = pattern;
    this.#flags = { fold: options.fold, everyLine: options.everyLine, dotAll: false, spaced: false };
    this.#total = countGroups(pattern);
  }

  parse(): Parsed {
    const node = this.#alternatives();
    if (this.#at < this.#pattern.length) refuse("unmatched closing parenthesis");
    return { node, groups: this.#groups };
  }

  #alternatives(): Node {
    const nodes = [this.#branch()];
    while (this.#take("|")) nodes.push(this.#branch());
    return nodes.length === 1 ? nodes[0]! : { kind: "alternate", nodes };
  }

  #branch(): Node {
    const nodes: Node[] = [];
    for (;;) {
      if (!this.#quoted) this.#skipSpace();
      const char = this.#pattern[this.#at];
      if (char === undefined || (!this.#quoted && (char === "|" || char === ")"))) break;
      const atom = this.#atom();
      if (atom) nodes.push(this.#repeated(atom));
    }
    return nodes.length === 0 ? { kind: "empty" } : nodes.length === 1 ? nodes[0]! : { kind: "concat", nodes };
  }

  #skipSpace(): void {
    if (!this.#flags.spaced) return;
    const rest = /^(?:\s+|#[^\n]*\n?)*/.exec(this.#pattern.slice(this.#at))![0];
    this.#at += rest.length;
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** One thing that a quantifier may follow; undefined for what leaves nothing behind (comments, flags, `\E`). */
  #atom(): Node | undefined {
    const char = String.fromCodePoint(this.#pattern.codePointAt(this.#at)!);
    if (this.#quoted) {
      if (this.#take("\\E")) {
        this.#quoted = false;
        return undefined;
      }
      this.#at += char.length;
      return this.#literal(char.codePointAt(0)!);
    }
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return this.#set();
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        return refuse("quantifier does not follow a repeatable item");
      case "{":
        if (QUANTIFIER.test(this.#pattern.slice(this.#at))) refuse("quantifier does not follow a repeatable item");
        break;
      case "^":
      case "$": {
        this.#at++;
        return this.#place(char === "^" ? "lineStart" : "lineEnd");
      }
      case ".":
        this.#at++;
        return { kind: "set", negated: true, items: this.#flags.dotAll ? [] : [NEWLINE], fold: false };
    }
    this.#at += char.length;
    return this.#literal(char.codePointAt(0)!);
  }

  #literal(code: number): Node {
    return { kind: "char", code, fold: this.#flags.fold };
  }

  #place(at: Place): Node {
    return { kind: "place", at, everyLine: this.#flags.everyLine };
  }

  #repeated(node: Node): Node {
    this.#skipSpace();
    const found = QUANTIFIER.exec(this.#pattern.slice(this.#at));
    if (!found || this.#quoted) return node;
    if (node.kind === "place" || node.kind === "keep") refuse("quantifier does not follow a repeatable item");
    this.#at += found[0].length;
    const [, sign, low, comma, high] = found;
    let min = sign === "+" ? 1 : 0;
    let max = sign === "?" ? 1 : Infinity;
    if (low !== undefined) {
      min = Number(low);
      max = comma === undefined ? min : high ? Number(high) : Infinity;
      if (min > 65_535 || (max !== Infinity && max > 65_535)) refuse("number too big in {} quantifier");
      if (min > max) refuse("numbers out of order in {} quantifier");
    }
    if (this.#take("+")) return { kind: "atomic", node: { kind: "repeat", node, min, max } };
    if (this.#take("?")) return { kind: "repeat", node, min, max, lazy: true };
    if (QUANTIFIER.test(this.#pattern.slice(this.#at))) refuse("quantifier does not follow a repeatable item");
    return max === 0 ? { kind: "empty" } : { kind: "repeat", node, min, max };
  }

  #group(): Node | undefined {
    const start = this.#at++;
    if (this.#pattern[this.#at] === "*") notSimulated(this.#pattern.slice(start, this.#at + 8).replace(/\).*/, ")"));
    if (!this.#take("?")) return this.#capture(++this.#groups);
    if (this.#take("#")) {
      const end = this.#pattern.indexOf(")", this.#at);
      if (end < 0) refuse("missing ) after (?# comment");
      this.#at = end + 1;
      return undefined;
    }
    if (this.#take(":")) return this.#inside();
    if (this.#take(">")) return { kind: "atomic", node: this.#inside() };
    if (this.#take("=")) return { kind: "look", negated: false, node: this.#inside() };
    if (this.#take("!")) return { kind: "look", negated: true, node: this.#inside() };
    if (this.#take("<=")) return this.#behind(false);
    if (this.#take("<!")) return this.#behind(true);
    if (this.#take("P=")) return this.#named(")");
    if (this.#take("P<") || this.#take("<")) return this.#namedGroup(">");
    if (this.#take("'")) return this.#namedGroup("'");
    const next = this.#pattern[this.#at];
    if (next === undefined || this.#pattern.slice(this.#at) === "P") refuse("missing closing parenthesis");
    if (/^(?:[R(|C&0-9+]|P>|-\d)/.test(this.#pattern.slice(this.#at)))
      notSimulated(`(?${this.#pattern.startsWith("P>", this.#at) ? "P>" : next}`);
    return this.#setFlags();
  }

  #capture(index: number): Node {
    return { kind: "group", index, node: this.#inside() };
  }

  /** What stands before the closing parenthesis; flags set inside end there. */
  #inside(): Node {
    const flags = this.#flags;
    const node = this.#alternatives();
    if (!this.#take(")")) refuse("missing closing parenthesis");
    this.#flags = flags;
    return node;
  }

  #behind(negated: boolean): Node {
    const node = this.#inside();
    const widths = (node.kind === "alternate" ? node.nodes : [node]).map(fixedWidth);
    if (widths.includes(undefined)) refuse("lookbehind assertion is not fixed length");
    const known = widths as number[];
    return { kind: "look", behind: { min: Math.min(...known), max: Math.max(...known) }, negated, node };
  }

  #namedGroup(close: string): Node {
    const name = this.#name(close);
    if (this.#names.has(name)) refuse("two named subpatterns have the same name (PCRE2_DUPNAMES not set)");
    this.#names.set(name, ++this.#groups);
    return this.#capture(this.#groups);
  }

  #name(close: string): string {
    const name = /^\w*/.exec(this.#pattern.slice(this.#at))![0];
    if (/^\d/.test(name)) refuse("subpattern name must start with a non-digit");
    if (name === "") refuse("subpattern name expected");
    this.#at += name.length;
    if (!this.#take(close)) refuse("syntax error in subpattern name (missing terminator?)");
    return name;
  }

  #named(close: string): Node {
    const index = this.#names.get(this.#name(close));
    if (index === undefined) refuse("reference to non-existent subpattern");
    return { kind: "back", index: index!, fold: this.#flags.fold };
  }

  #setFlags(): Node | undefined {
    const before = this.#flags;
    const { fold, everyLine, dotAll, spaced } = before;
    const flags = { fold, everyLine, dotAll, spaced };
    let on = true;
    for (;;) {
      const char = this.#pattern[this.#at++];
      if (char === undefined) refuse("missing closing parenthesis");
      if (char === "-" && on) on = false;
      else if (char === "i") flags.fold = on;
      else if (char === "m") flags.everyLine = on;
      else if (char === "s") flags.dotAll = on;
      else if (char === "x") flags.spaced = on;
      else if (char === "J" || char === "U" || char === "n") notSimulated(`(?${char})`);
      else if (char === ")") {
        this.#flags = flags;
        return undefined;
      } else if (char === ":") {
        this.#flags = flags;
        const node = this.#inside();
        this.#flags = before;
        return node;
      } else refuse("unrecognized character after (? or (?-");
    }
  }

  #escape(): Node | undefined {
    this.#at++;
    const char = this.#pattern[this.#at];
    if (char === undefined) refuse("\\ at end of pattern");
    const letter = char!;
    const place = PLACES[letter];
    if (place) {
      this.#at++;
      return { kind: "place", at: place, everyLine: false };
    }
    const members = shorthand(letter);
    if (members) {
      this.#at++;
      const items = "DSW".includes(letter) ? asciiOnly(members) : members;
      return { kind: "set", negated: false, items, fold: false };
    }
    switch (letter) {
      case "Q":
        this.#at++;
        this.#quoted = true;
        return undefined;
      case "E":
        this.#at++;
        return undefined;
      case "K":
        this.#at++;
        return { kind: "keep" };
      case "N":
        if (this.#pattern[this.#at + 1] === "{") break;
        this.#at++;
        return { kind: "set", negated: true, items: [NEWLINE], fold: false };
      case "R":
        this.#at++;
        return { kind: "atomic", node: { kind: "alternate", nodes: [CRLF, { kind: "set", negated: false, items: shorthand("v")!, fold: false }] } }; // prettier-ignore
      case "p":
      case "P":
        return { kind: "set", negated: false, items: [this.#property()], fold: false };
      case "X":
      case "G":
      case "C":
        return notSimulated(`\\${letter}`);
      case "k":
        this.#at++;
        for (const [open, close] of ["<>", "''", "{}"].map((pair) => [pair[0]!, pair[1]!] as const))
          if (this.#take(open)) return this.#named(close);
        return refuse("\\k is not followed by a braced, angle-bracketed, or quoted name");
      case "g":
        return this.#reference();
    }
    const reference = /^[1-9]\d*/.exec(this.#pattern.slice(this.#at))?.[0];
    // A number over 9 is a back-reference only if there are that many groups, else octal digits.
    if (reference && (reference.length === 1 || Number(reference) <= this.#total)) {
      this.#at += reference.length;
      return this.#back(Number(reference));
    }
    return this.#literal(this.#escapedCode());
  }

  #reference(): Node {
    const found = /^g(?:\{([+-]?\d+)\}|([+-]?\d+)|\{(\w+)\})/.exec(this.#pattern.slice(this.#at));
    if (!found)
      return refuse(
        "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number",
      );
    if (found[3] !== undefined) {
      this.#at += 2;
      return this.#named("}");
    }
    this.#at += found[0].length;
    const number = found[1] ?? found[2]!;
    return this.#back(number.startsWith("-") ? this.#groups + 1 + Number(number) : Number(number));
  }

  #back(index: number): Node {
    if (index < 1 || index > this.#total) refuse("reference to non-existent subpattern");
    return { kind: "back", index, fold: this.#flags.fold };
  }

  #property(): SetItem {
    const found = /^[pP](?:\{([^}]*)\}|([A-Za-z]))/.exec(this.#pattern.slice(this.#at));
    if (!found) return refuse("malformed \\P or \\p sequence");
    this.#at += found[0].length;
    const item = property(found[1] ?? found[2]!, found[0].startsWith("P"));
    if ("error" in item) throw new Refusal(item);
    return item;
  }

  /** The code point that an escape of one character stands for; `#at` is behind the backslash. */
  #escapedCode(): number {
    const rest = this.#pattern.slice(this.#at);
    const hex = /^x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{0,2}))|^N\{U\+([0-9A-Fa-f]+)\}/.exec(rest);
    const octal = /^o\{([0-7]+)\}|^(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
    if (hex || octal) {
      this.#at += (hex ?? octal)![0].length;
      const code = hex ? parseInt((hex[1] ?? hex[2] ?? hex[3]) || "0", 16) : parseInt(octal![1] ?? octal![2]!, 8);
      if (code > 0x10ffff) refuse("character code point value in \\x{} or \\o{} is too large");
      return code;
    }
    const letter = String.fromCodePoint(rest.codePointAt(0)!);
    this.#at += letter.length;
    if (letter === "c") {
      const control = this.#pattern[this.#at++];
      if (control === undefined) refuse("\\c at end of pattern");
      return control!.toUpperCase().charCodeAt(0) ^ 64;
    }
    const known = ESCAPES[letter];
    if (known !== undefined) return known;
    if (/[LlUuNF]/.test(letter)) refuse("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u");
    if (/[A-Za-z0-9]/.test(letter)) refuse("unrecognized character follows \\");
    return letter.codePointAt(0)!;
  }

  #set(): Node {
    const start = ++this.#at;
    if (/^[:.=][^\]]*[:.=]\]/.test(this.#pattern.slice(start)) && this.#pattern[start] === ":")
      refuse("POSIX named classes are supported only within a class");
    const negated = this.#take("^");
    const items: SetItem[] = [];
    for (let first = true; ; first = false) {
      if (this.#at >= this.#pattern.length) refuse("missing terminating ] for character class");
      if (!first && this.#take("]")) break;
      const low = this.#member();
      if (typeof low === "object" || !/^-[^\]]/s.test(this.#pattern.slice(this.#at))) {
        if (typeof low === "object" && /^-[^\]]/s.test(this.#pattern.slice(this.#at)) && low.length > 0)
          refuse("invalid range in character class");
        items.push(...(typeof low === "number" ? this.#written({ from: low, to: low }) : low));
        continue;
      }
      this.#at++;
      const high = this.#member();
      if (typeof high === "object") return refuse("invalid range in character class");
      if (high < low) refuse("range out of order in character class");
      items.push(...this.#written({ from: low, to: high }));
    }
    return { kind: "set", negated, items, fold: false };
  }

  /** Case is ignored for what is written out, not for classes. */
  #written(range: { from: number; to: number }): SetItem[] {
    return this.#flags.fold ? folded(range) : [range];
  }

  /** One member of a set: a code point, or what a class stands for. */
  #member(): number | readonly SetItem[] {
    const rest = this.#pattern.slice(this.#at);
    const named = /^\[([:.=])(\^?\w*)\1\]/.exec(rest);
    if (named) {
      this.#at += named[0].length;
      if (named[1] !== ":") refuse("POSIX collating elements are not supported");
      return namedClass(named[2]!) ?? refuse("unknown POSIX class name");
    }
    const char = String.fromCodePoint(rest.codePointAt(0)!);
    this.#at += char.length;
    if (char !== "\\") return char.codePointAt(0)!;
    const letter = this.#pattern[this.#at];
    if (letter === undefined) return refuse("\\ at end of pattern");
    if (letter === "b") {
      this.#at++;
      return 8;
    }
    if (letter === "p" || letter === "P") return [this.#property()];
    if (letter === "E") {
      this.#at++;
      return [];
    }
    const members = shorthand(letter);
    if (!members) return this.#escapedCode();
    this.#at++;
    return members;
  }
}

const QUANTIFIER = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/;

const CRLF: Node = {
  kind: "concat",
  nodes: [
    { kind: "char", code: 13, fold: false },
    { kind: "char", code: 10, fold: false },
  ],
};

/** Capturing groups of the whole pattern, which back-references may name before they are opened. */
function countGroups(pattern: string): number {
  const plain = pattern.replace(/\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\^?\w*:\]|[^\]\\])*\]/gs, "");
  return [...plain.matchAll(/\((?!\?(?!P?<(?![=!])|'))(?!\*)/g)].length;
}

function refuse(error: string): never {
  throw new Refusal({ error });
}

function notSimulated(what: string): never {
  throw new Refusal({ error: `'${what}' is not simulated`, from: "drydock" });
}

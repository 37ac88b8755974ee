import type { Node, Parsed, Place, RegexError, SetItem } from "./node.ts";
import { asciiOnly, shorthand } from "./perl-class.ts";
import { notSimulated, PerlInput, Refusal, refuse } from "./perl-input.ts";
import { readEscapedCode, readProperty, readSet } from "./perl-set.ts";
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

const PLACES: Record<string, Place> = {
  b: "wordEdge",
  B: "notWordEdge",
  A: "textStart",
  Z: "textEnd",
  z: "textEnd",
};
const NEWLINE: SetItem = { from: 10, to: 10 };

class PerlParser {
  readonly #in: PerlInput;
  #groups = 0;
  readonly #names = new Map<string, number>();
  readonly #total: number;
  #flags: Flags;
  #quoted = false;

  constructor(pattern: string, options: PerlOptions) {
    this.#in = new PerlInput(pattern);
    this.#flags = { fold: options.fold, everyLine: options.everyLine, dotAll: false, spaced: false };
    this.#total = countGroups(pattern);
  }

  parse(): Parsed {
    const node = this.#alternatives();
    if (this.#in.at < this.#in.pattern.length) refuse("unmatched closing parenthesis");
    return { node, groups: this.#groups };
  }

  #alternatives(): Node {
    const nodes = [this.#branch()];
    while (this.#in.take("|")) nodes.push(this.#branch());
    return nodes.length === 1 ? nodes[0]! : { kind: "alternate", nodes };
  }

  #branch(): Node {
    const nodes: Node[] = [];
    for (;;) {
      if (!this.#quoted) this.#skipSpace();
      const char = this.#in.pattern[this.#in.at];
      if (char === undefined || (!this.#quoted && (char === "|" || char === ")"))) break;
      const atom = this.#atom();
      if (atom) nodes.push(this.#repeated(atom));
    }
    return nodes.length === 0 ? { kind: "empty" } : nodes.length === 1 ? nodes[0]! : { kind: "concat", nodes };
  }

  #skipSpace(): void {
    if (!this.#flags.spaced) return;
    const rest = /^(?:\s+|#[^\n]*\n?)*/.exec(this.#in.rest())![0];
    this.#in.at += rest.length;
  }

  /** One thing that a quantifier may follow; undefined for what leaves nothing behind (comments, flags, `\E`). */
  #atom(): Node | undefined {
    const char = String.fromCodePoint(this.#in.pattern.codePointAt(this.#in.at)!);
    if (this.#quoted) {
      if (this.#in.take("\\E")) {
        this.#quoted = false;
        return undefined;
      }
      this.#in.at += char.length;
      return this.#literal(char.codePointAt(0)!);
    }
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return readSet(this.#in, this.#flags.fold);
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        return refuse("quantifier does not follow a repeatable item");
      case "{":
        if (QUANTIFIER.test(this.#in.rest())) refuse("quantifier does not follow a repeatable item");
        break;
      case "^":
      case "$": {
        this.#in.at++;
        return this.#place(char === "^" ? "lineStart" : "lineEnd");
      }
      case ".":
        this.#in.at++;
        return { kind: "set", negated: true, items: this.#flags.dotAll ? [] : [NEWLINE], fold: false };
    }
    this.#in.at += char.length;
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
    const found = QUANTIFIER.exec(this.#in.rest());
    if (!found || this.#quoted) return node;
    if (node.kind === "place" || node.kind === "keep") refuse("quantifier does not follow a repeatable item");
    this.#in.at += found[0].length;
    const [, sign, low, comma, high] = found;
    let min = sign === "+" ? 1 : 0;
    let max = sign === "?" ? 1 : Infinity;
    if (low !== undefined) {
      min = Number(low);
      max = comma === undefined ? min : high ? Number(high) : Infinity;
      if (min > 65_535 || (max !== Infinity && max > 65_535)) refuse("number too big in {} quantifier");
      if (min > max) refuse("numbers out of order in {} quantifier");
    }
    if (this.#in.take("+")) return { kind: "atomic", node: { kind: "repeat", node, min, max } };
    if (this.#in.take("?")) return { kind: "repeat", node, min, max, lazy: true };
    if (QUANTIFIER.test(this.#in.rest())) refuse("quantifier does not follow a repeatable item");
    return max === 0 ? { kind: "empty" } : { kind: "repeat", node, min, max };
  }

  #group(): Node | undefined {
    const start = this.#in.at++;
    if (this.#in.pattern[this.#in.at] === "*")
      notSimulated(this.#in.pattern.slice(start, this.#in.at + 8).replace(/\).*/, ")"));
    if (!this.#in.take("?")) return this.#capture(++this.#groups);
    if (this.#in.take("#")) {
      const end = this.#in.pattern.indexOf(")", this.#in.at);
      if (end < 0) refuse("missing ) after (?# comment");
      this.#in.at = end + 1;
      return undefined;
    }
    if (this.#in.take(":")) return this.#inside();
    if (this.#in.take(">")) return { kind: "atomic", node: this.#inside() };
    if (this.#in.take("=")) return { kind: "look", negated: false, node: this.#inside() };
    if (this.#in.take("!")) return { kind: "look", negated: true, node: this.#inside() };
    if (this.#in.take("<=")) return this.#behind(false);
    if (this.#in.take("<!")) return this.#behind(true);
    if (this.#in.take("P=")) return this.#named(")");
    if (this.#in.take("P<") || this.#in.take("<")) return this.#namedGroup(">");
    if (this.#in.take("'")) return this.#namedGroup("'");
    const next = this.#in.pattern[this.#in.at];
    if (next === undefined || this.#in.rest() === "P") refuse("missing closing parenthesis");
    if (/^(?:[R(|C&0-9+]|P>|-\d)/.test(this.#in.rest()))
      notSimulated(`(?${this.#in.pattern.startsWith("P>", this.#in.at) ? "P>" : next}`);
    return this.#setFlags();
  }

  #capture(index: number): Node {
    return { kind: "group", index, node: this.#inside() };
  }

  /** What stands before the closing parenthesis; flags set inside end there. */
  #inside(): Node {
    const flags = this.#flags;
    const node = this.#alternatives();
    if (!this.#in.take(")")) refuse("missing closing parenthesis");
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
    const name = /^\w*/.exec(this.#in.rest())![0];
    if (/^\d/.test(name)) refuse("subpattern name must start with a non-digit");
    if (name === "") refuse("subpattern name expected");
    this.#in.at += name.length;
    if (!this.#in.take(close)) refuse("syntax error in subpattern name (missing terminator?)");
    return name;
  }

  #named(close: string): Node {
    const index = this.#names.get(this.#name(close));
    if (index === undefined) refuse("reference to non-existent subpattern");
    return { kind: "back", index, fold: this.#flags.fold };
  }

  #setFlags(): Node | undefined {
    const before = this.#flags;
    const { fold, everyLine, dotAll, spaced } = before;
    const flags = { fold, everyLine, dotAll, spaced };
    let on = true;
    for (;;) {
      const char = this.#in.pattern[this.#in.at++];
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
    this.#in.at++;
    const char = this.#in.pattern[this.#in.at];
    if (char === undefined) refuse("\\ at end of pattern");
    const letter = char;
    const place = PLACES[letter];
    if (place) {
      this.#in.at++;
      return { kind: "place", at: place, everyLine: false };
    }
    const members = shorthand(letter);
    if (members) {
      this.#in.at++;
      const items = "DSW".includes(letter) ? asciiOnly(members) : members;
      return { kind: "set", negated: false, items, fold: false };
    }
    switch (letter) {
      case "Q":
        this.#in.at++;
        this.#quoted = true;
        return undefined;
      case "E":
        this.#in.at++;
        return undefined;
      case "K":
        this.#in.at++;
        return { kind: "keep" };
      case "N":
        if (this.#in.pattern[this.#in.at + 1] === "{") break;
        this.#in.at++;
        return { kind: "set", negated: true, items: [NEWLINE], fold: false };
      case "R":
        this.#in.at++;
        return { kind: "atomic", node: { kind: "alternate", nodes: [CRLF, { kind: "set", negated: false, items: shorthand("v")!, fold: false }] } }; // prettier-ignore
      case "p":
      case "P":
        return { kind: "set", negated: false, items: [readProperty(this.#in)], fold: false };
      case "X":
      case "G":
      case "C":
        return notSimulated(`\\${letter}`);
      case "k":
        this.#in.at++;
        for (const [open, close] of ["<>", "''", "{}"].map((pair) => [pair[0]!, pair[1]!] as const))
          if (this.#in.take(open)) return this.#named(close);
        return refuse("\\k is not followed by a braced, angle-bracketed, or quoted name");
      case "g":
        return this.#reference();
    }
    const reference = /^[1-9]\d*/.exec(this.#in.rest())?.[0];
    // A number over 9 is a back-reference only if there are that many groups, else octal digits.
    if (reference && (reference.length === 1 || Number(reference) <= this.#total)) {
      this.#in.at += reference.length;
      return this.#back(Number(reference));
    }
    return this.#literal(readEscapedCode(this.#in));
  }

  #reference(): Node {
    const found = /^g(?:\{([+-]?\d+)\}|([+-]?\d+)|\{(\w+)\})/.exec(this.#in.rest());
    if (!found)
      return refuse("\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number");
    if (found[3] !== undefined) {
      this.#in.at += 2;
      return this.#named("}");
    }
    this.#in.at += found[0].length;
    const number = found[1] ?? found[2]!;
    return this.#back(number.startsWith("-") ? this.#groups + 1 + Number(number) : Number(number));
  }

  #back(index: number): Node {
    if (index < 1 || index > this.#total) refuse("reference to non-existent subpattern");
    return { kind: "back", index, fold: this.#flags.fold };
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

/** A character class of POSIX, by its name in `[[:name:]]`. */
export type ClassName =
  | "alnum"
  | "alpha"
  | "blank"
  | "cntrl"
  | "digit"
  | "graph"
  | "lower"
  | "print"
  | "punct"
  | "space"
  | "upper"
  | "word"
  | "xdigit";

/** Part of a set: the code points `from` to `to`, a named class, or (Perl) those with a Unicode property. */
export type SetItem =
  | { readonly from: number; readonly to: number }
  | { readonly name: ClassName }
  | { readonly property: string; readonly negated?: true };

/**
 * One character out of a set. A negated set never takes a byte that is not text (see `Locale`). `fold` ignores case.
 */
export interface SetNode {
  readonly kind: "set";
  readonly negated: boolean;
  readonly items: readonly SetItem[];
  readonly fold: boolean;
}

export type Place =
  | "lineStart"
  | "lineEnd"
  | "textStart"
  | "textEnd"
  | "wordStart"
  | "wordEnd"
  | "wordEdge"
  | "notWordEdge";

/** What all syntaxes are parsed to. `look`, `atomic`, `keep` and repeats that are not greedy come from Perl patterns only. */
export type Node =
  | { readonly kind: "empty" }
  | { readonly kind: "never" }
  | { readonly kind: "char"; readonly code: number; readonly fold: boolean }
  | SetNode
  | { readonly kind: "place"; readonly at: Place; readonly everyLine: boolean }
  | { readonly kind: "group"; readonly index: number; readonly node: Node }
  | { readonly kind: "concat"; readonly nodes: readonly Node[] }
  | { readonly kind: "alternate"; readonly nodes: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly node: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy?: true;
    }
  | { readonly kind: "back"; readonly index: number; readonly fold: boolean }
  | { readonly kind: "look"; readonly behind?: Width; readonly negated: boolean; readonly node: Node }
  | { readonly kind: "atomic"; readonly node: Node }
  | { readonly kind: "keep" };

/** How many characters a look-behind may go back. */
export interface Width {
  readonly min: number;
  readonly max: number;
}

/** A pattern taken apart. `groups` is the number of capturing groups. */
export interface Parsed {
  readonly node: Node;
  readonly groups: number;
}

/** Why a pattern is not one, in the words of the C library (or of PCRE for the Perl syntax), without the program's name. */
export interface RegexError {
  readonly error: string;
  /**
   * `dfa`: from the matcher that grep and sed build beside the C library's; sed prints these without the place in its script.
   * `drydock`: real PCRE knows this, we do not; the text reads `'(?R)' is not simulated`.
   */
  readonly from?: "dfa" | "drydock";
}

export function isRegexError(value: object): value is RegexError {
  return "error" in value;
}

/**
 * How text is read. `utf8`: strings as `decode` makes them, so a lone U+DC80 to U+DCFF is a byte that is not UTF-8; no `.`
 * and no negated set takes it, as in a UTF-8 locale of the C library. `C`: Bytes, each a character; only ASCII has classes
 * and cases.
 */
export type Locale = "utf8" | "C";

import type { Regex } from "../../shell/regex/index.ts";

/** A regular expression of a script; undefined is the empty one, which stands for the last that was used. */
export type Pattern = Regex | undefined;

export type Address =
  | { readonly kind: "line"; readonly line: number }
  /** `first~step` */
  | { readonly kind: "step"; readonly first: number; readonly step: number }
  | { readonly kind: "last" }
  | { readonly kind: "regex"; readonly regex: Pattern }
  /** As a second address: `+N` lines, or to the next multiple of N (`~N`). Step 0 ends the range at its first line. */
  | { readonly kind: "more"; readonly count: number }
  | { readonly kind: "multiple"; readonly of: number };

export type CaseChange = "upper" | "lower" | undefined;

/** A piece of the right side of `s`: text, then a group, with the case that both get. */
export interface Piece {
  readonly text: string;
  readonly group: number | undefined;
  /** `\U`, `\L`, `\E` from here on; undefined leaves it. */
  readonly change: CaseChange | "none";
  /** `\u`, `\l`: the next character only. */
  readonly first: CaseChange;
}

export interface Substitution {
  readonly regex: Pattern;
  readonly pieces: readonly Piece[];
  readonly global: boolean;
  readonly print: boolean;
  /** Only from this match on; 0: the first. */
  readonly number: number;
  readonly write: string | undefined;
}

export type Command = {
  readonly first: Address | undefined;
  readonly second: Address | undefined;
  readonly negated: boolean;
} & (
  | { readonly name: "{"; end: number }
  | { readonly name: "}" | ":" | "#" }
  | { readonly name: "=" | "d" | "D" | "F" | "g" | "G" | "h" | "H" | "n" | "N" | "p" | "P" | "x" | "z" }
  | { readonly name: "a" | "c" | "i"; text: string }
  | { readonly name: "b" | "t" | "T"; readonly label: string; target: number }
  | { readonly name: "l" | "L" | "q" | "Q"; readonly number: number | undefined }
  | { readonly name: "r" | "R" | "w" | "W"; readonly file: string }
  | { readonly name: "s"; readonly substitution: Substitution }
  | { readonly name: "y"; readonly map: ReadonlyMap<string, string> }
);

export interface Script {
  readonly commands: readonly Command[];
  /** `#n` on the first line. */
  readonly quiet: boolean;
  /** Files that `w` and `s///w` write: they are emptied at the start. */
  readonly writes: ReadonlySet<string>;
}

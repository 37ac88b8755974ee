/**
 * A parsed command as the interpreter walks it. Made once from unbash's tree (compile.ts): words are taken apart, brace
 * expansion is done, here-documents stand with their redirection. Immutable and shared by all shells.
 */

/** A piece of a word, in the order of the text. `quoted` pieces are neither split nor matched against file names. */
export type Part =
  | { readonly type: "text"; readonly value: string; readonly quoted: boolean }
  /** A home directory: `~` (name undefined) or `~name`, `~+`, `~-`. */
  | { readonly type: "tilde"; readonly name: string }
  | ParameterPart
  /** A text stands between backquotes: it is read when it is run, and its errors come then. */
  | { readonly type: "command"; readonly quoted: boolean; readonly script: Script | string }
  | { readonly type: "arithmetic"; readonly quoted: boolean; readonly expression: Word }
  | { readonly type: "process"; readonly direction: "<" | ">"; readonly script: Script };

export interface ParameterPart {
  readonly type: "parameter";
  readonly quoted: boolean;
  /** `${x:-1}` as typed, for error messages. */
  readonly text: string;
  /** A name, a digit string, or one of `@ * # ? - $ !`. */
  readonly name: string;
  /** The subscript of an array element; `@` and `*` stand for all. */
  readonly index: Word | "@" | "*" | undefined;
  /** `#` asks for the length, `!` for the parameter that this one names (or, for arrays, its keys). */
  readonly prefix: "#" | "!" | undefined;
  readonly operation: Operation | undefined;
}

export type Operation =
  | { readonly type: "default"; readonly operator: "-" | "=" | "?" | "+"; readonly colon: boolean; readonly word: Word }
  | { readonly type: "remove"; readonly side: "#" | "%"; readonly longest: boolean; readonly pattern: Word }
  | {
      readonly type: "replace";
      readonly where: "first" | "all" | "start" | "end";
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly type: "slice"; readonly offset: Word; readonly length: Word | undefined }
  | {
      readonly type: "case";
      readonly to: "upper" | "lower" | "other";
      readonly all: boolean;
      readonly pattern: Word | undefined;
    }
  | { readonly type: "transform"; readonly letter: string }
  | { readonly type: "names"; readonly separate: boolean }
  | { readonly type: "bad" };

export interface Word {
  /** As typed, with quotes. */
  readonly text: string;
  /** The value, if nothing in the word is to be expanded, split or matched. */
  readonly plain: string | undefined;
  readonly parts: readonly Part[];
  /** The words that brace expansion makes of this one, if it makes any. */
  readonly braces: readonly Word[] | undefined;
}

export interface ArrayElement {
  readonly index: Word | undefined;
  readonly append: boolean;
  readonly value: Word;
}

export interface Assignment {
  readonly type: "assignment";
  readonly text: string;
  readonly name: string;
  readonly index: Word | undefined;
  readonly append: boolean;
  readonly value: Word | readonly ArrayElement[];
}

export type RedirectOperator = ">" | ">>" | "<" | "<>" | "<&" | ">&" | ">|" | "&>" | "&>>" | "<<<" | "<<" | "<<-";

export interface Redirect {
  readonly operator: RedirectOperator;
  /** The descriptor before the operator: a number, or the variable of `{name}>`. */
  readonly fd: number | string | undefined;
  /** The file, or the body of a here-document. */
  readonly target: Word;
  /** For here-documents: the delimiter as typed, and the body as typed. */
  readonly delimiter?: string;
  readonly body?: string;
}

interface Compound {
  readonly line: number;
  readonly redirects: readonly Redirect[];
}

export interface SimpleCommand extends Compound {
  readonly type: "simple";
  readonly assignments: readonly Assignment[];
  /** Words, and for `declare` and its like also assignments, the command's name first. */
  readonly words: readonly (Word | Assignment)[];
}

export interface Pipeline {
  readonly type: "pipeline";
  readonly negated: boolean;
  readonly time: "bash" | "posix" | undefined;
  readonly commands: readonly Command[];
  /** For every `|` but the last command's: does it carry standard error as well (`|&`)? */
  readonly errors: readonly boolean[];
}

export interface AndOr {
  readonly type: "and-or";
  readonly first: Command;
  readonly rest: readonly { readonly operator: "&&" | "||"; readonly command: Command }[];
}

export interface If extends Compound {
  readonly type: "if";
  readonly branches: readonly { readonly test: List; readonly body: List }[];
  readonly otherwise: List | undefined;
}

export interface Loop extends Compound {
  readonly type: "while" | "until";
  readonly test: List;
  readonly body: List;
}

export interface For extends Compound {
  readonly type: "for" | "select";
  readonly name: string;
  /** Undefined: the positional parameters. */
  readonly words: readonly Word[] | undefined;
  readonly body: List;
}

export interface ArithmeticFor extends Compound {
  readonly type: "arithmetic-for";
  readonly initialize: Word;
  readonly test: Word;
  readonly update: Word;
  readonly body: List;
}

export interface Case extends Compound {
  readonly type: "case";
  readonly word: Word;
  readonly items: readonly {
    readonly patterns: readonly Word[];
    readonly body: List;
    readonly end: ";;" | ";&" | ";;&";
  }[];
}

export interface Group extends Compound {
  readonly type: "group";
  readonly body: List;
}

export interface Subshell extends Compound {
  readonly type: "subshell";
  readonly body: List;
}

export interface Arithmetic extends Compound {
  readonly type: "arithmetic";
  /** As typed between the parentheses. */
  readonly text: string;
  readonly expression: Word;
}

export interface Conditional extends Compound {
  readonly type: "conditional";
  readonly test: Test;
}

export type Test =
  | { readonly type: "unary"; readonly operator: string; readonly operand: Word; readonly implicit: boolean }
  | { readonly type: "binary"; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly type: "not"; readonly operand: Test }
  | { readonly type: "group"; readonly operand: Test }
  | { readonly type: "&&" | "||"; readonly operands: readonly Test[] };

export interface FunctionDefinition {
  readonly type: "function";
  readonly line: number;
  readonly name: string;
  readonly body: Command;
}

export interface Coproc extends Compound {
  readonly type: "coproc";
  readonly name: string;
  readonly body: Command;
}

export type Command =
  | SimpleCommand
  | Pipeline
  | AndOr
  | If
  | Loop
  | For
  | ArithmeticFor
  | Case
  | Group
  | Subshell
  | Arithmetic
  | Conditional
  | FunctionDefinition
  | Coproc;

export interface ListItem {
  readonly command: Command;
  readonly background: boolean;
}

export type List = readonly ListItem[];

/** The commands between two newlines that the shell reads, and runs, as one. */
export interface Unit {
  readonly list: List;
  /** As typed, with its here-documents, for `set -v` and aliases. */
  readonly source: string;
  /** Where the next unit begins in the text. */
  readonly end: number;
  readonly line: number;
  /** Warnings that reading it gives: an unfinished here-document, and the delimiter that it wants. */
  readonly warnings: readonly { readonly line: number; readonly text: string; readonly wants: string }[];
}

export type Script = readonly Unit[];

import type { FileType, Stat } from "../../sim/host/index.ts";
import type { Regex } from "../../shell/regex/index.ts";

/** A number with `+` (more), `-` (less) or nothing (equal). */
export interface Count {
  readonly sign: "+" | "-" | "";
  readonly value: number;
}

export type Test =
  | { readonly kind: "name" | "path" | "lname"; readonly glob: string; readonly ignoreCase: boolean }
  | { readonly kind: "regex"; readonly regex: Regex }
  | { readonly kind: "type" | "xtype"; readonly types: ReadonlySet<FileType> }
  | { readonly kind: "size"; readonly count: Count; readonly unit: number }
  | { readonly kind: "mtime" | "mmin"; readonly count: Count }
  | { readonly kind: "newer"; readonly time: number }
  | { readonly kind: "links" | "inum" | "uid" | "gid"; readonly count: Count }
  | { readonly kind: "perm"; readonly how: "exact" | "all" | "any"; readonly mode: number }
  | { readonly kind: "samefile"; readonly place: string }
  | { readonly kind: "access"; readonly mask: number }
  | { readonly kind: "empty" | "nouser" | "nogroup" | "true" | "false" | "prune" | "quit" | "delete" | "ls" }
  | { readonly kind: "print"; readonly end: string }
  | { readonly kind: "printf"; readonly format: string }
  | {
      readonly kind: "exec";
      readonly words: readonly string[];
      readonly many: boolean;
      readonly inDirectory: boolean;
      readonly ask: boolean;
    };

export type Expression =
  | { readonly op: "test"; readonly test: Test }
  | { readonly op: "not"; readonly of: Expression }
  | { readonly op: "and" | "or" | "list"; readonly left: Expression; readonly right: Expression };

export interface FindOptions {
  readonly starts: readonly string[];
  /** -P, -H, -L */
  readonly follow: "never" | "operands" | "always";
  readonly expression: Expression;
  readonly maxDepth: number;
  readonly minDepth: number;
  readonly depthFirst: boolean;
  readonly oneFileSystem: boolean;
}

/** A file that find looks at. */
export interface Found {
  readonly path: string;
  readonly start: string;
  readonly depth: number;
  readonly stat: Stat;
}

import type { Element } from "../interpreter/assignment.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";

/** `name=value` among the arguments of `declare` and its like: expanded, but neither split nor matched. */
export interface PreparedAssignment {
  readonly name: string;
  /** The subscript of `name[…]=`, expanded. */
  readonly subscript: string | undefined;
  readonly append: boolean;
  readonly value: string | readonly Element[];
  /** For `set -x`: the name and what assigns it, and an array as typed. */
  readonly text: string;
}

export type Argument = string | PreparedAssignment;

interface Described {
  readonly name: string;
  /** Its usage behind the name: `[-aflnQ] [name[=value] ...]`. */
  readonly synopsis: string;
  /** One line. */
  readonly summary: string;
  /** One of POSIX's special builtins: in dash an assignment before it lasts. */
  readonly special?: boolean;
}

export interface PlainBuiltin extends Described {
  readonly declares?: false;
  /** `args` without the name. Returns `$?`; what is printed goes out when it has ended. */
  run(shell: Shell, args: readonly string[]): number | Steps<number>;
}

export interface DeclarationBuiltin extends Described {
  readonly declares: true;
  run(shell: Shell, args: readonly Argument[]): number | Steps<number>;
}

export type Builtin = PlainBuiltin | DeclarationBuiltin;

/** The builtins of a shell; `enable -n` takes them away. */
export interface BuiltinTable {
  find(name: string): Builtin | undefined;
  /** All names, in order, whether they are enabled or not. */
  names(): readonly string[];
  isEnabled(name: string): boolean;
  /** False if there is no such builtin. */
  enable(name: string, enabled: boolean): boolean;
}

import type { Command, List, Script } from "../syntax/index.ts";
import type { Shell, ShellFunction } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** Where a text that is run comes from, for its messages. */
export interface TextOrigin {
  /** `-c`, `eval`, `trap`, `command substitution`; undefined: a script or sourced file. */
  readonly name: string | undefined;
  /** The number of its first line. */
  readonly line: number;
  /** The text's only command may take the shell's place: nothing comes after it. */
  readonly last?: boolean;
}

/** The walk over commands. Its parts call each other through this, since every one contains the others. */
export interface Interpreter {
  command(shell: Shell, command: Command): Steps<number>;
  list(shell: Shell, list: List): Steps<number>;
  /** Runs a text as the shell would read it. Returns `$?`. */
  text(shell: Shell, text: string, origin: TextOrigin): Steps<number>;
  call(shell: Shell, called: ShellFunction, args: readonly string[]): Steps<number>;
}

/** What expansions need of processes. */
export interface Substitution {
  /** The output of `$(…)` (commands) or of backquotes (text), without newlines at its end. */
  command(script: Script | string): Steps<string>;
  /** `<(…)` and `>(…)`: starts the commands; the path of the other end of the pipe. */
  process(direction: "<" | ">", script: Script): Steps<string>;
  /** Gives back the descriptors of process substitutions that were made since there were `count`. */
  release(count: number): void;
  readonly count: number;
  /** The same for a forked shell. */
  copy(shell: Shell): Substitution;
}

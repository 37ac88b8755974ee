import type { Command } from "../syntax/index.ts";
import type { Extension } from "./refusals.ts";
import type { Shell } from "./shell.ts";

/** What sets bash, dash and busybox's ash apart, as far as we tell them apart. */
export interface Dialect {
  readonly name: "bash" | "dash" | "ash";
  /** What stands before a message. */
  prefix(shell: Shell): string;
  /** The same before a complaint about a text that cannot be read; `origin` is `-c`, `eval` and the like. */
  syntaxPrefix(shell: Shell, line: number, origin: string | undefined): string;
  notFound(command: string): string;
  /** A complaint in this shell's words. */
  phrase(text: string): string;
  /** The whole line of a complaint, without its newline: what stands before it, and the complaint in this shell's words. */
  complaint(shell: Shell, text: string): string;
  redirectPhrase(path: string, reason: string, reads: boolean): string;
  /** A complaint about a text that cannot be read, and what would have ended the command that is open; undefined: it is not told. */
  syntaxPhrase(complaint: string, expected: string | undefined): string | undefined;
  /** Errors in expansions and assignments end the shell, as POSIX says; other errors count as 2. */
  readonly strict: boolean;
  /** Builtins whose errors count as 1 all the same. */
  readonly mildBuiltins: ReadonlySet<string>;
  /** The status of a redirection that failed. */
  readonly errorStatus: number;
  /** The names of the builtins that it has; undefined: all. */
  readonly builtins: ReadonlySet<string> | undefined;
  /** What it cannot read that bash can. */
  readonly lacks: ReadonlySet<Extension>;
  /** The prompt of a shell whose start-up files set none. */
  readonly prompt: string;
  /** A line of `export -p` or `readonly -p`, from the line of `declare -p`. */
  declaration(text: string, letter: "x" | "r"): string;
  /** A line of `alias`; the value comes quoted. */
  alias(name: string, value: string): string;
  /** How `trap` writes the name of a signal. */
  signalName(name: string): string;
  /** A function as it travels in the environment. */
  exportFunction(name: string, body: Command): string;
}

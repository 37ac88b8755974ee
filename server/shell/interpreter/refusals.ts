import type { Shell } from "./shell.ts";
import { Discard, Exit } from "./unwinding.ts";

/** What bash has and POSIX has not, as far as dash or busybox's ash do not have it either. */
export type Extension =
  | "arithmetic-command"
  | "arrays"
  | "case-edits"
  | "conditional"
  | "edits"
  | "here-strings"
  | "process-substitution";

/**
 * One grammar reads for all shells, so what a smaller one cannot read is refused when it is run: as that shell does when it
 * reads it. `words` follow `Syntax error:` in dash.
 */
export function refuse(shell: Shell, extension: Extension, words: string): void {
  if (!shell.dialect.lacks.has(extension)) return;
  const message = shell.dialect.name === "ash" ? `syntax error: ${words.replace(/^(.*) unexpected$/, "unexpected $1")}` : `Syntax error: ${words}`; // prettier-ignore
  shell.writeError(`${shell.dialect.syntaxPrefix(shell, shell.line, undefined)}${message}\n`);
  throw shell.interactive ? new Discard(2, true) : new Exit(2);
}

/** A reserved word that is none in this shell is a command, which nobody has. True if so. */
export function isNoCommand(shell: Shell, extension: Extension, name: string): boolean {
  if (!shell.dialect.lacks.has(extension)) return false;
  shell.complain(shell.dialect.notFound(name));
  return true;
}

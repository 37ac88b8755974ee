import type { Shell } from "./shell.ts";

/** `$?`, `$$`, `$!`, `$#`, `$-`, `$_`, and `$*` and `$@` as one text. */
export function specialParameter(shell: Shell, name: string): string | undefined {
  switch (name) {
    case "?":
      return String(shell.lastStatus);
    case "$":
      return String(shell.pid);
    case "!":
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground);
    case "#":
      return String(shell.positional.length);
    case "-":
      return shell.options.letters(shell.interactive) + shell.start.letters;
    case "_":
      return shell.lastArgument;
    case "@":
      return shell.positional.length > 0 ? shell.positional.join(" ") : undefined;
    case "*":
      return shell.positional.length > 0 ? shell.positional.join(separator(shell)) : undefined;
    default:
      return undefined;
  }
}

/** What `"$*"` joins with: the first character of IFS. */
export function separator(shell: Shell): string {
  return shell.variables.get("IFS")?.slice(0, 1) ?? " ";
}

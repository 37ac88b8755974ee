/** What vi was called with. */
export interface ViArguments {
  readonly files: readonly string[];
  readonly commands: readonly string[];
  readonly readonly: boolean;
  /** `-u file` */
  readonly vimrc: string | undefined;
  /** `-`: the text comes from standard input. */
  readonly stdin: boolean;
}

/** As command_line_scan(); a text is an error, `not` an option that vim has and ours has not. */
export function viArguments(
  args: readonly string[],
): ViArguments | { readonly problem: string } | { readonly not: string } {
  const files: string[] = [];
  const commands: string[] = [];
  let readonly = false;
  let vimrc: string | undefined;
  let stdin = false;
  let only = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (only || (!word.startsWith("-") && !word.startsWith("+"))) {
      files.push(word);
    } else if (word === "--") only = true;
    else if (word === "-") stdin = true;
    else if (word.startsWith("+")) commands.push(word.slice(1));
    else if (word === "-c" || word === "--cmd") {
      if (args[at + 1] === undefined) return { problem: `Argument missing after: "${word}"` };
      commands.push(args[++at]!);
    } else if (word.startsWith("-c")) commands.push(word.slice(2));
    else if (word === "-u" || word === "-i" || word === "-T") {
      if (args[at + 1] === undefined) return { problem: `Argument missing after: "${word}"` };
      if (word === "-u") vimrc = args[++at]!;
      else if (word === "-i") at++;
      else return { not: word };
    } else if (/^-[RnNvXm]+$/.test(word)) {
      // -n (no swap file), -N and -v are as it is; -X knows no X server either.
      if (word.includes("m")) return { not: "-m" };
      if (word.includes("R")) readonly = true;
    } else if (word === "--version" || word === "-h" || word === "--help" || /^-[A-Za-z]/.test(word))
      return { not: word };
    else return { problem: `Unknown option argument: "${word}"` };
  }
  return { files, commands, readonly, vimrc, stdin };
}

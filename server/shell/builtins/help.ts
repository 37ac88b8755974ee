import { Pattern } from "../pattern/index.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions, usageText } from "./usage.ts";

/** Keywords, which `help` knows as well: how they are written, and what they do. */
const GRAMMAR: readonly (readonly [string, string, string])[] = [
  ["!", "! PIPELINE", "Turns the status of a pipeline round."],
  ["((", "(( expression ))", "Computes an arithmetic expression."],
  ["[[", "[[ expression ]]", "Decides a condition."],
  ["case", "case WORD in [PATTERN [| PATTERN]...) COMMANDS ;;]... esac", "Runs what stands with the pattern that matches."],
  ["coproc", "coproc [NAME] command [redirections]", "Runs a command in the background, with pipes to and from it."],
  ["for", "for NAME [in WORDS ... ] ; do COMMANDS; done", "Runs commands for every word."],
  ["for ((", "for (( exp1; exp2; exp3 )); do COMMANDS; done", "Runs commands while an arithmetic expression holds."],
  ["function", "function name { COMMANDS ; } or name () { COMMANDS ; }", "Defines a function."],
  ["if", "if COMMANDS; then COMMANDS; [ elif COMMANDS; then COMMANDS; ]... [ else COMMANDS; ] fi", "Runs commands if others succeed."],
  ["select", "select NAME [in WORDS ... ;] do COMMANDS; done", "Lets the user choose a word, again and again."],
  ["time", "time [-p] pipeline", "Tells how long a pipeline took."],
  ["until", "until COMMANDS; do COMMANDS-2; done", "Runs commands until others succeed."],
  ["while", "while COMMANDS; do COMMANDS-2; done", "Runs commands while others succeed."],
  ["{", "{ COMMANDS ; }", "Groups commands."],
]; // prettier-ignore

export const help: PlainBuiltin = {
  name: "help",
  synopsis: "[-dms] [pattern ...]",
  summary: "Tells how builtins are used.",
  run(shell, args) {
    const parsed = parseOptions(shell, help, args, "dms");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const topics = [
      ...shell.builtins.names().map((name) => {
        const { synopsis, summary } = shell.builtins.find(name) ?? { synopsis: "", summary: "" };
        return [name, usageText(name, synopsis), summary] as const;
      }),
      ...GRAMMAR,
    ].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    if (shell.dialect.name === "ash") {
      shell.print(`Built-in commands:\n------------------\n${columns([...(shell.dialect.builtins ?? [])])}\n`);
      return 0;
    }
    if (rest.length === 0) {
      shell.print("These are the commands of the shell itself; `help NAME' tells more of one.\n\n");
      for (const [, usage] of topics) shell.print(` ${usage}\n`);
      return 0;
    }
    let status = 0;
    for (const wanted of rest) {
      const matches = topics.filter(([name]) => Pattern.of(wanted).matches(name));
      const found = matches.length > 0 ? matches : topics.filter(([name]) => name.startsWith(wanted));
      if (found.length === 0) {
        shell.complainInBuiltin(
          `no help topics match \`${wanted}'.  Try \`help help' or \`man -k ${wanted}' or \`info ${wanted}'.`,
        );
        status = 1;
      }
      if (found.length > 1 && /[*?[]/.test(wanted)) shell.print(`Shell commands matching keyword \`${wanted}'\n\n`);
      for (const [name, usage, summary] of found) {
        if (options.has("s")) shell.print(`${name}: ${usage}\n`);
        else if (options.has("d")) shell.print(`${name} - ${summary}\n`);
        else shell.print(`${name}: ${usage}\n    ${summary}\n`);
      }
    }
    return status;
  },
};

/** Names in lines that begin with a tab, as busybox's help writes them (shell/ash.c helpcmd). */
function columns(names: readonly string[]): string {
  let text = "";
  let width = 0;
  for (const name of names) {
    const word = `${width === 0 ? "\t" : " "}${name}`;
    text += word;
    width += word.length;
    if (width <= 60) continue;
    text += "\n";
    width = 0;
  }
  return `${text}${width > 0 ? "\n" : ""}`;
}

import { encode } from "../../sim/kernel/index.ts";
import { becomeProgram, oneLevelLess, refuse } from "../interpreter/external.ts";
import { runToEnd } from "../interpreter/fork.ts";
import type { Shell } from "../interpreter/shell.ts";
import { Exit } from "../interpreter/unwinding.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const exec: PlainBuiltin = {
  name: "exec",
  synopsis: "[-cl] [-a name] [command [argument ...]] [redirection ...]",
  summary: "Puts a program into the place of the shell, or keeps redirections.",
  special: true,
  *run(shell, args) {
    const parsed = parseOptions(shell, exec, args, "cla:");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    const [name] = rest;
    if (name === undefined) return 0;
    const path = name.includes("/") ? name : shell.hash.use(shell, name);
    const refusal =
      path === undefined ? { message: `exec: ${name}: not found`, status: 127 } : refuse(shell, path, rest);
    if (path === undefined || refusal) {
      shell.process.fds.find(2)?.writeNow(encode(`${shell.dialect.complaint(shell, refusal!.message)}\n`));
      if (shell.options.shopt("execfail") || shell.interactive) return refusal!.status;
      throw new Exit(refusal!.status);
    }
    const zero = (options.get("a") as string | undefined) ?? name;
    const argv = [options.has("l") ? `-${zero}` : zero, ...rest.slice(1)];
    const environment = options.has("c")
      ? {}
      : { ...shell.variables.environment(), SHLVL: oneLevelLess(shell), _: path };
    giveUpTerminal(shell);
    shell.signals.release();
    return yield* runToEnd(shell, becomeProgram(shell, shell.process, path, argv, environment));
  },
};

/** The program has the terminal as the shell had it. */
function giveUpTerminal(shell: Shell): void {
  const { tty, machine, row } = shell.process;
  if (tty && shell.jobs.control) tty.foreground = { machine, pgid: row.pgid };
}

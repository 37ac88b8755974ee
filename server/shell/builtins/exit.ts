import type { Shell } from "../interpreter/shell.ts";
import { Discard, Exit } from "../interpreter/unwinding.ts";
import type { PlainBuiltin } from "./builtin.ts";

export const exit: PlainBuiltin = {
  name: "exit",
  synopsis: "[n]",
  summary: "Ends the shell.",
  special: true,
  run(shell, args) {
    if (shell.interactive && shell.dialect.name === "bash") shell.writeError(shell.start.login ? "logout\n" : "exit\n");
    return leave(shell, args);
  },
};

export const logout: PlainBuiltin = {
  name: "logout",
  synopsis: "[n]",
  summary: "Ends a login shell.",
  run(shell, args) {
    if (shell.start.login) return leave(shell, args);
    shell.complainInBuiltin("not login shell: use `exit'");
    return 1;
  },
};

function leave(shell: Shell, args: readonly string[]): number {
  const [arg, extra] = args[0] === "--" ? args.slice(1) : args;
  if (arg !== undefined && !/^\s*[-+]?\d{1,18}\s*$/.test(arg)) {
    shell.complainInBuiltin(`${arg}: numeric argument required`);
    throw new Exit(2);
  }
  if (extra !== undefined) {
    shell.complainInBuiltin("too many arguments");
    throw new Discard(1);
  }
  if (shell.interactive && shell.jobs.holdsExit()) return 1;
  throw new Exit(arg === undefined ? shell.lastStatus : Number(arg) & 0xff);
}

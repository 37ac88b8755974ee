import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { Discard } from "../interpreter/unwinding.ts";

export const breakBuiltin: PlainBuiltin = {
  name: "break",
  synopsis: "[n]",
  summary: "Leaves a loop, or several.",
  special: true,
  run: (shell, args) => jump(shell, args, "break"),
};

export const continueBuiltin: PlainBuiltin = {
  name: "continue",
  synopsis: "[n]",
  summary: "Goes on with the next turn of a loop.",
  special: true,
  run: (shell, args) => jump(shell, args, "continue"),
};

function jump(shell: Shell, args: readonly string[], type: "break" | "continue"): number {
  const [arg, extra] = args[0] === "--" ? args.slice(1) : args;
  if (shell.loops === 0) {
    if (shell.dialect.strict) return 0;
    shell.complainInBuiltin("only meaningful in a `for', `while', or `until' loop");
    return 0;
  }
  if (arg !== undefined && !/^\s*[-+]?\d{1,18}\s*$/.test(arg)) {
    shell.complainInBuiltin(`${arg}: numeric argument required`);
    throw new Discard(128);
  }
  if (extra !== undefined) {
    shell.complainInBuiltin("too many arguments");
    throw new Discard(1, true);
  }
  const levels = arg === undefined ? 1 : Number(arg);
  if (levels <= 0) {
    shell.complainInBuiltin(`${arg}: loop count out of range`);
    shell.jump = { type: "break", levels: shell.loops };
    return 1;
  }
  shell.jump = { type, levels: Math.min(levels, shell.loops) };
  return 0;
}

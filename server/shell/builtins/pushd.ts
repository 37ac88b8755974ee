import type { PlainBuiltin } from "./builtin.ts";
import { changeDirectory, logicalDirectory } from "./cd.ts";
import { showStack, stackIndex } from "./dirs.ts";
import { usage } from "./usage.ts";
import { resolve } from "../../sim/host/index.ts";

export const pushd: PlainBuiltin = {
  name: "pushd",
  synopsis: "[-n] [+N | -N | dir]",
  summary: "Goes to a directory and remembers the present one, or exchanges the two topmost.",
  run(shell, args) {
    const stay = args[0] === "-n";
    const [arg, ...more] = stay ? args.slice(1) : args[0] === "--" ? args.slice(1) : args;
    const stack = shell.directories.list();
    const fail = (text: string): number => {
      shell.complainInBuiltin(text);
      return 1;
    };
    if (more.length > 0) return fail("too many arguments");
    if (arg === undefined) {
      if (stack.length < 2) return fail("no other directory");
      const [first, second, ...others] = stack as [string, string, ...string[]];
      const failure = stay ? undefined : changeDirectory(shell, second, false);
      if (failure) return fail(`${second}: ${failure}`);
      if (!stay) shell.directories.setBelow([first, ...others]);
    } else if (/^[+-]\d+$/.test(arg)) {
      const index = stackIndex(arg, stack.length);
      if (stack.length < 2) return fail("directory stack empty");
      if (index === undefined) return fail(`${arg}: directory stack index out of range`);
      const rotated = [...stack.slice(index), ...stack.slice(0, index)];
      const failure = stay ? undefined : changeDirectory(shell, rotated[0]!, false);
      if (failure) return fail(`${rotated[0]!}: ${failure}`);
      shell.directories.setBelow(rotated.slice(1));
    } else if (arg.startsWith("-") && arg !== "-") {
      shell.complainInBuiltin(`${arg}: invalid number`);
      return usage(shell, pushd);
    } else if (stay) shell.directories.setBelow([resolve(logicalDirectory(shell), arg), ...stack.slice(1)]);
    else {
      const target = arg === "-" ? (shell.variables.get("OLDPWD") ?? arg) : arg;
      const failure = changeDirectory(shell, target, false);
      if (failure) return fail(`${target}: ${failure}`);
      shell.directories.setBelow(stack);
    }
    showStack(shell);
    return 0;
  },
};

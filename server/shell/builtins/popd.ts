import type { PlainBuiltin } from "./builtin.ts";
import { changeDirectory } from "./cd.ts";
import { showStack, stackIndex } from "./dirs.ts";
import { usage } from "./usage.ts";

export const popd: PlainBuiltin = {
  name: "popd",
  synopsis: "[-n] [+N | -N]",
  summary: "Goes back to the directory that was remembered last, or forgets another one.",
  run(shell, args) {
    const stay = args[0] === "-n";
    const [arg = "+0"] = stay ? args.slice(1) : args;
    const stack = shell.directories.list();
    const fail = (text: string): number => {
      shell.complainInBuiltin(text);
      return 1;
    };
    if (!/^[+-]\d+$/.test(arg)) {
      shell.complainInBuiltin(`${arg}: invalid argument`);
      return usage(shell, popd);
    }
    if (stack.length < 2) return fail("directory stack empty");
    const index = stackIndex(arg, stack.length);
    if (index === undefined) return fail(`${arg}: directory stack index out of range`);
    if (index === 0 && !stay) {
      const failure = changeDirectory(shell, stack[1]!, false);
      if (failure) return fail(`${stack[1]!}: ${failure}`);
      shell.directories.setBelow(stack.slice(2));
    } else shell.directories.setBelow(stack.filter((_, at) => at > 0 && at !== Math.max(index, 1)));
    showStack(shell);
    return 0;
  },
};

import { invokeBuiltin } from "../interpreter/invoke.ts";
import type { PlainBuiltin } from "./builtin.ts";

export const builtinCommand: PlainBuiltin = {
  name: "builtin",
  synopsis: "[shell-builtin [arg ...]]",
  summary: "Runs a builtin, whatever else has its name.",
  *run(shell, args) {
    const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
    if (name === undefined) return 0;
    const builtin = shell.builtins.find(name);
    if (builtin) return yield* invokeBuiltin(shell, builtin, rest);
    shell.complainInBuiltin(`${name}: not a shell builtin`);
    return 1;
  },
};

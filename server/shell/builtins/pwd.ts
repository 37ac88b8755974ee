import type { PlainBuiltin } from "./builtin.ts";
import { logicalDirectory } from "./cd.ts";
import { parseOptions } from "./usage.ts";

export const pwd: PlainBuiltin = {
  name: "pwd",
  synopsis: "[-LP]",
  summary: "Shows the working directory.",
  run(shell, args) {
    const parsed = parseOptions(shell, pwd, args, "LP");
    if (!parsed) return 2;
    const last = [...parsed.options.keys()].at(-1);
    const physical = last === undefined ? shell.options.has("physical") : last === "P";
    shell.print(`${physical ? shell.process.cwd : logicalDirectory(shell)}\n`);
    return 0;
  },
};

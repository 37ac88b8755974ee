import { reusable } from "../expansion/quote.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { sortedNames } from "./declaration-text.ts";
import { parseOptions, usage } from "./usage.ts";

export const alias: PlainBuiltin = {
  name: "alias",
  synopsis: "[-p] [name[=value] ... ]",
  summary: "Shows aliases or makes them.",
  run(shell, args) {
    const parsed = parseOptions(shell, alias, args, "p");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (rest.length === 0 || options.has("p")) for (const name of sortedNames(shell.aliases.keys())) show(shell, name);
    let status = 0;
    for (const arg of rest) {
      const equals = arg.indexOf("=");
      if (equals > 0) {
        const name = arg.slice(0, equals);
        if (/[\s$`'"\\/&|;()<>]/.test(name)) {
          shell.complainInBuiltin(`\`${name}': invalid alias name`);
          status = 1;
        } else shell.aliases.set(name, arg.slice(equals + 1));
      } else if (shell.aliases.has(arg)) show(shell, arg);
      else {
        shell.complainInBuiltin(`${arg}: not found`);
        status = 1;
      }
    }
    return status;
  },
};

function show(shell: Shell, name: string): void {
  shell.print(shell.dialect.alias(name, reusable(shell.aliases.get(name)!)));
}

export const unalias: PlainBuiltin = {
  name: "unalias",
  synopsis: "[-a] name [name ...]",
  summary: "Forgets aliases.",
  run(shell, args) {
    const parsed = parseOptions(shell, unalias, args, "a");
    if (!parsed) return 2;
    if (parsed.options.has("a")) {
      shell.aliases.clear();
      return 0;
    }
    if (parsed.rest.length === 0) return usage(shell, unalias);
    let status = 0;
    for (const name of parsed.rest) {
      if (shell.aliases.delete(name)) continue;
      shell.complainInBuiltin(`${name}: not found`);
      status = 1;
    }
    return status;
  },
};

import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const enable: PlainBuiltin = {
  name: "enable",
  synopsis: "[-a] [-dnps] [-f filename] [name ...]",
  summary: "Turns builtins on and off.",
  run(shell, args) {
    const parsed = parseOptions(shell, enable, args, "adnpsf:");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (options.has("f") || options.has("d")) {
      shell.complain("drydock: enable: loadable builtins are not simulated");
      return 64;
    }
    const off = options.has("n");
    if (rest.length === 0 || options.has("p")) {
      const { builtins } = shell;
      for (const name of builtins.names()) {
        const enabled = builtins.isEnabled(name);
        if (!options.has("a") && enabled === off) continue;
        shell.print(`enable ${enabled ? "" : "-n "}${name}\n`);
      }
      return 0;
    }
    let status = 0;
    for (const name of rest) {
      if (shell.builtins.enable(name, !off)) continue;
      shell.complainInBuiltin(`${name}: not a shell builtin`);
      status = 1;
    }
    return status;
  },
};

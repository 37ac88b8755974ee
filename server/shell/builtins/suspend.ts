import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions } from "./usage.ts";

export const suspend: PlainBuiltin = {
  name: "suspend",
  synopsis: "[-f]",
  summary: "Stops the shell until it is told to go on.",
  *run(shell, args) {
    const parsed = parseOptions(shell, suspend, args, "f");
    if (!parsed) return 2;
    if (!shell.options.has("monitor")) {
      shell.complainInBuiltin("cannot suspend: no job control");
      return 1;
    }
    if (shell.start.login && !parsed.options.has("f")) {
      shell.complainInBuiltin("cannot suspend a login shell");
      return 1;
    }
    shell.process.signal("SIGSTOP");
    yield shell.process.whileStopped();
    return 0;
  },
};

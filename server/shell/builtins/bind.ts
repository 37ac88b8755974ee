import type { PlainBuiltin } from "./builtin.ts";

/** The keys are those of Emacs mode; nothing of readline can be changed. */
export const bind: PlainBuiltin = {
  name: "bind",
  synopsis:
    "[-lpsvPSVX] [-m keymap] [-f filename] [-q name] [-u name] [-r keyseq] [-x keyseq:shell-command] [keyseq:readline-function or readline-command]",
  summary: "Binds keys of the line editor.",
  run(shell) {
    if (!shell.interactive) {
      shell.complainInBuiltin("warning: line editing not enabled");
      return 0;
    }
    shell.complain("drydock: bind: changing keys is not simulated");
    return 64;
  },
};

import type { PlainBuiltin } from "./builtin.ts";

/** Which part of the time is whose is not kept: it is all waiting. */
export const times: PlainBuiltin = {
  name: "times",
  synopsis: "",
  summary: "Shows the processor time that the shell and its commands have used.",
  special: true,
  run(shell) {
    shell.print("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n");
    return 0;
  },
};

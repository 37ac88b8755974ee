import { Discard, Exit } from "../interpreter/unwinding.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { numericArgument } from "./usage.ts";

export const returnBuiltin: PlainBuiltin = {
  name: "return",
  synopsis: "[n]",
  summary: "Leaves a function or a sourced file.",
  special: true,
  run(shell, args) {
    const [arg, extra] = args[0] === "--" ? args.slice(1) : args;
    if (extra !== undefined) {
      shell.complainInBuiltin("too many arguments");
      throw new Discard(1, true);
    }
    const number = arg === undefined ? shell.lastStatus : numericArgument(shell, arg);
    if (shell.calls.length === 0) {
      if (shell.dialect.strict && !shell.start.interactive && number !== undefined) throw new Exit(number & 0xff);
      shell.complainInBuiltin("can only `return' from a function or sourced script");
      return 2;
    }
    const status = number === undefined ? 2 : number & 0xff;
    shell.jump = { type: "return", status };
    return status;
  },
};

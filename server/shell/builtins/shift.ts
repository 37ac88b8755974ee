import { Discard } from "../interpreter/unwinding.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { numericArgument } from "./usage.ts";

export const shift: PlainBuiltin = {
  name: "shift",
  synopsis: "[n]",
  summary: "Drops the first positional parameters.",
  special: true,
  run(shell, args) {
    const [arg, extra] = args[0] === "--" ? args.slice(1) : args;
    if (extra !== undefined) {
      shell.complainInBuiltin("too many arguments");
      throw new Discard(1, true);
    }
    const count = arg === undefined ? 1 : numericArgument(shell, arg);
    if (count === undefined) return 1;
    if (count < 0 || count > shell.positional.length) {
      if (shell.dialect.name === "ash") return 1;
      if (shell.dialect.strict) shell.complainInBuiltin("can't shift that many");
      else if (count < 0 || shell.options.shopt("shift_verbose"))
        shell.complainInBuiltin(`${arg}: shift count out of range`);
      return 1;
    }
    shell.positional = shell.positional.slice(count);
    return 0;
  },
};

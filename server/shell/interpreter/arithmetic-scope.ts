import type { ArithmeticScope } from "../arithmetic/index.ts";
import { assign } from "./assignment.ts";
import { element, unbound, variableValue } from "./parameters.ts";
import type { Shell } from "./shell.ts";
import { AssignmentFault, Discard } from "./unwinding.ts";

/** The variables of a shell as arithmetic sees them. */
export function arithmeticScope(shell: Shell): ArithmeticScope {
  return {
    read(name, subscript) {
      if (subscript !== undefined) return element(shell, name, subscript);
      const value = variableValue(shell, name);
      if (value === undefined && shell.options.has("nounset")) throw unbound(shell, name);
      return value;
    },
    write(name, subscript, value) {
      try {
        assign(shell, { name, subscript }, value);
      } catch (error) {
        if (!(error instanceof AssignmentFault)) throw error;
        shell.complain(error.message);
        throw new Discard(1);
      }
    },
  };
}

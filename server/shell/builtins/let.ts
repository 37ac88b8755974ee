import { ArithmeticError } from "../arithmetic/index.ts";
import { compute } from "../interpreter/parameters.ts";
import type { PlainBuiltin } from "./builtin.ts";

export const letBuiltin: PlainBuiltin = {
  name: "let",
  synopsis: "arg [arg ...]",
  summary: "Computes arithmetic expressions; fails if the last is 0.",
  run(shell, args) {
    const expressions = args[0] === "--" ? args.slice(1) : args;
    if (expressions.length === 0) {
      shell.complainInBuiltin("expression expected");
      return 1;
    }
    try {
      let value: number | bigint = 0;
      for (const expression of expressions) value = compute(shell, expression);
      return value === 0 ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ArithmeticError)) throw error;
      shell.complainInBuiltin(error.words);
      return 1;
    }
  },
};

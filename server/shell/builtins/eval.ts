import type { PlainBuiltin } from "./builtin.ts";

export const evalBuiltin: PlainBuiltin = {
  name: "eval",
  synopsis: "[arg ...]",
  summary: "Runs its arguments as a command.",
  special: true,
  *run(shell, args) {
    const text = (args[0] === "--" ? args.slice(1) : args).join(" ");
    if (text.trim() === "") return 0;
    const { builtin, line } = shell;
    if (shell.depth >= shell.kernel.limits.shellDepth) {
      shell.complain(`eval: maximum eval nesting level exceeded (${shell.kernel.limits.shellDepth})`);
      return 1;
    }
    shell.builtin = undefined;
    shell.depth++;
    shell.traceLevel++;
    try {
      return yield* shell.interpreter.text(shell, text, { name: "eval", line });
    } finally {
      shell.depth--;
      shell.traceLevel--;
      shell.builtin = builtin;
      shell.line = line;
    }
  },
};

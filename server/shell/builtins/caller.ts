import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions, usage } from "./usage.ts";

export const caller: PlainBuiltin = {
  name: "caller",
  synopsis: "[expr]",
  summary: "Tells from where the running function was called.",
  run(shell, args) {
    const isCommand = shell.start.letters.includes("c");
    if (shell.calls.length === 0 && isCommand) return 1;
    const parsed = parseOptions(shell, caller, args, "");
    if (!parsed) return 2;
    const [text] = parsed.rest;
    if (text !== undefined && !/^\d+$/.test(text)) {
      shell.complainInBuiltin(`${text}: invalid number`);
      return usage(shell, caller);
    }
    const frames = shell.calls.toReversed();
    const at = Number(text ?? 0);
    const call = frames[at];
    if (!call) {
      if (text !== undefined || isCommand || frames.length > 0) return 1;
      shell.print("0 NULL\n");
      return 0;
    }
    const outer = frames[at + 1];
    if (!outer && text !== undefined && isCommand) return 1;
    const file = outer?.source ?? (isCommand ? "NULL" : shell.name);
    shell.print(text === undefined ? `${call.line} ${file}\n` : `${call.line} ${outer?.name ?? "main"} ${file}\n`);
    return 0;
  },
};

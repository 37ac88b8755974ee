import type { PlainBuiltin } from "./builtin.ts";
import { parseOptions, usage } from "./usage.ts";

export const caller: PlainBuiltin = {
  name: "caller",
  synopsis: "[expr]",
  summary: "Tells from where the running function was called.",
  run(shell, args) {
    const parsed = parseOptions(shell, caller, args, "");
    if (!parsed) return 2;
    const [text] = parsed.rest;
    if (text !== undefined && !/^\d+$/.test(text)) {
      shell.complainInBuiltin(`${text}: invalid number`);
      return usage(shell, caller);
    }
    const frames = shell.calls.toReversed();
    const call = frames[Number(text ?? 0)];
    if (!call) return 1;
    const outer = frames[Number(text ?? 0) + 1];
    const source = outer?.source ?? (shell.start.letters.includes("c") ? "NULL" : shell.source === call.source && !outer ? shell.name : shell.name); // prettier-ignore
    if (text === undefined) shell.print(`${call.line} ${source}\n`);
    else {
      if (!outer && shell.start.letters.includes("c")) return 1;
      shell.print(`${call.line} ${outer?.name ?? "main"} ${source}\n`);
    }
    return 0;
  },
};

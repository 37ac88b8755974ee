import type { PlainBuiltin } from "./builtin.ts";
import { COMPLETION_OPTIONS } from "./completion-options.ts";
import { usage } from "./usage.ts";

export const compopt: PlainBuiltin = {
  name: "compopt",
  synopsis: "[-o|+o option] [-DEI] [name ...]",
  summary: "Changes the options of the completion that is being made, or of others.",
  run(shell, args) {
    const changes: [string, boolean][] = [];
    const names: string[] = [];
    for (let at = 0; at < args.length; at++) {
      const arg = args[at]!;
      if (arg === "-o" || arg === "+o") {
        const option = args[++at];
        if (option === undefined || !COMPLETION_OPTIONS.has(option)) {
          shell.complainInBuiltin(`${option ?? ""}: invalid option name`);
          return 2;
        }
        changes.push([option, arg === "-o"]);
      } else if (/^-[DEI]$/.test(arg)) names.push(arg);
      else if (/^[-+]./.test(arg)) {
        shell.complainInBuiltin(`${arg}: invalid option`);
        return usage(shell, compopt);
      } else names.push(arg);
    }
    if (names.length === 0) {
      const { running } = shell.completions;
      if (!running) {
        shell.complainInBuiltin("not currently executing completion function");
        return 1;
      }
      for (const [option, on] of changes) {
        if (on) running.add(option);
        else running.delete(option);
      }
      return 0;
    }
    let status = 0;
    for (const name of names) {
      const spec = shell.completions.get(name);
      if (!spec) {
        shell.complainInBuiltin(`${name}: no completion specification`);
        status = 1;
        continue;
      }
      const options = new Set(spec.options);
      for (const [option, on] of changes) {
        if (on) options.add(option);
        else options.delete(option);
      }
      shell.completions.set(name, { ...spec, options });
    }
    return status;
  },
};

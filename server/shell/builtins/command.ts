import { quoteIfNeeded } from "../expansion/quote.ts";
import { runExternal } from "../interpreter/external.ts";
import { invokeBuiltin } from "../interpreter/invoke.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { PlainBuiltin } from "./builtin.ts";
import { meanings } from "./lookup.ts";
import { describe } from "./type.ts";
import { parseOptions } from "./usage.ts";

const STANDARD_PATH = "/bin:/usr/bin:/sbin:/usr/sbin:/etc:/usr/etc";

export const command: PlainBuiltin = {
  name: "command",
  synopsis: "[-pVv] command [arg ...]",
  summary: "Runs a command without looking for a function of that name, or tells what it is.",
  *run(shell, args) {
    const parsed = parseOptions(shell, command, args, "pvV");
    if (!parsed) return 2;
    const { options, rest } = parsed;
    if (rest.length === 0) return 0;
    if (options.has("v") || options.has("V")) return tell(shell, rest, options.has("V"));
    const builtin = shell.builtins.find(rest[0]!);
    if (builtin) return yield* invokeBuiltin(shell, builtin, rest.slice(1));
    const path = options.has("p") ? STANDARD_PATH : undefined;
    const before = shell.variables.get("PATH");
    if (path !== undefined) shell.variables.put("PATH", path);
    try {
      return yield* runExternal(shell, {
        argv: rest,
        environment: shell.variables.environment(),
        redirects: [],
        text: rest.join(" "),
        replace: false,
      });
    } finally {
      if (path !== undefined && before !== undefined) shell.variables.put("PATH", before);
    }
  },
};

function tell(shell: Shell, names: readonly string[], long: boolean): number {
  let status = 1;
  for (const name of shell.dialect.strict ? names.slice(0, 1) : names) {
    const [meaning] = meanings(shell, name);
    if (meaning) status = 0;
    if (!meaning) {
      if (long) shell.complainInBuiltin(`${name}: not found`);
    } else if (long) shell.print(describe(shell, name, meaning));
    else if (meaning.type === "alias") shell.print(`alias ${name}=${quoteAlias(meaning.value)}\n`);
    else shell.print(`${meaning.type === "file" ? meaning.path : name}\n`);
  }
  return status;
}

function quoteAlias(value: string): string {
  const quoted = quoteIfNeeded(value);
  return quoted.startsWith("'") || quoted.startsWith("$'") ? quoted : `'${quoted}'`;
}

import type { FunctionDefinition } from "../syntax/index.ts";
import type { Shell, ShellFunction } from "./shell.ts";
import { nested, type Steps } from "./steps.ts";
import { Discard } from "./unwinding.ts";

export function defineFunction(shell: Shell, { name, body, line }: FunctionDefinition): number {
  const known = shell.functions.get(name);
  shell.line = line;
  if (known?.readonly) {
    shell.complain(`${name}: readonly function`);
    return 1;
  }
  if (/[$<>&|;()]/.test(name)) {
    shell.complain(`\`${name}': not a valid identifier`);
    return 1;
  }
  const exported = known?.exported ?? false;
  shell.functions.set(name, { name, body, source: shell.source, line, exported, readonly: false, traced: false });
  if (exported) shell.variables.environmentChanged();
  return 0;
}

/** So many calls are nested on the stack before one is run on its own. */
const DIRECT_CALLS = 12;

/** Calls a function: its own positional parameters, local variables and loops. */
export function* callFunction(shell: Shell, called: ShellFunction, args: readonly string[]): Steps<number> {
  const { positional, calls, loops, line } = shell;
  const limit = Number(shell.variables.get("FUNCNEST")) || shell.kernel.limits.shellDepth;
  if (shell.depth >= Math.min(limit, shell.kernel.limits.shellDepth)) {
    shell.complain(`${called.name}: maximum function nesting level exceeded (${limit})`);
    throw new Discard(1, true);
  }
  shell.depth++;
  shell.variables.enter();
  shell.positional = args;
  shell.loops = 0;
  shell.calls = [...calls, { kind: "function", name: called.name, source: called.source, line }];
  const unshield = shell.signals.shield(called.traced);
  try {
    const body = shell.interpreter.command(shell, called.body);
    let status = yield* shell.depth % DIRECT_CALLS === 0 ? nested(body) : body;
    if (shell.jump?.type === "return") status = shell.jump.status;
    shell.jump = undefined;
    if (shell.signals.get("RETURN")) yield* shell.signals.run("RETURN");
    return status;
  } finally {
    unshield?.();
    shell.calls = calls;
    shell.loops = loops;
    shell.positional = positional;
    shell.variables.leave();
    shell.depth--;
    shell.line = line;
  }
}

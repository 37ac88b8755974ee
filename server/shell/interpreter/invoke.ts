import { encode } from "../../sim/kernel/index.ts";
import { Errno } from "../../sim/host/index.ts";
import type { Argument, Builtin } from "../builtins/builtin.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { AssignmentFault, Exit } from "./unwinding.ts";

/** Runs a builtin in this shell and writes what it prints. */
export function* invokeBuiltin(shell: Shell, builtin: Builtin, args: readonly Argument[]): Steps<number> {
  const outer = shell.builtin;
  const { builtinComplaints } = shell;
  shell.builtin = builtin.name;
  let status: number;
  try {
    const result = builtin.declares ? builtin.run(shell, args) : builtin.run(shell, args as readonly string[]);
    status = typeof result === "number" ? result : yield* result;
  } catch (error) {
    if (!(error instanceof AssignmentFault)) throw error;
    shell.complain(error.message);
    shell.builtinComplaints++;
    status = 1;
  } finally {
    shell.builtin = outer;
    shell.lastBuiltin = builtin.name;
  }
  const printed = shell.takePrinted();
  if (shell.dialect.strict && shell.builtinComplaints > builtinComplaints) {
    // POSIX: errors of special builtins end a shell without prompt.
    const mild = shell.dialect.mildBuiltins.has(builtin.name);
    if (!mild && builtin.special && !shell.start.interactive && !shell.interactive) throw new Exit(2);
    if (status === 1 && !mild) status = 2;
  }
  return printed !== "" && !(yield* writePrinted(shell, builtin.name, printed)) ? 1 : status;
}

/** Writes what a builtin has printed. False if that failed, which is told. */
export function* writePrinted(shell: Shell, name: string, text: string): Steps<boolean> {
  try {
    const written = shell.process.write(1, encode(text));
    if (written instanceof Promise) yield written;
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    shell.complain(`${name}: write error: ${error.message}`);
    return false;
  }
}

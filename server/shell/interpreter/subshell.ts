import { printCommand, type Subshell } from "../syntax/index.ts";
import { checkFailure } from "./failure.ts";
import { forkShell, roomToFork } from "./fork.ts";
import { started } from "./pipeline.ts";
import { Redirections } from "./redirect.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** `( … )`: the commands run in a copy of the shell. */
export function* runSubshell(shell: Shell, command: Subshell): Steps<number> {
  const replace = shell.mayReplace;
  shell.mayReplace = false;
  shell.line = command.line;
  // A process that was made for this very command is subshell enough.
  if (replace && shell.isSubshell) return yield* runBody(shell, command);
  yield* roomToFork(shell);
  const child = forkShell(shell, (copy) => runBody(copy, command), shell.jobs.control ? { pgid: 0 } : {});
  const text = printCommand(command);
  const job = shell.jobs.makeForeground([started(child, text)], child.row.pgid, text);
  return yield* checkFailure(shell, yield* shell.jobs.foreground(job));
}

function* runBody(shell: Shell, { body, redirects }: Subshell): Steps<number> {
  if (redirects.length > 0 && !(yield* new Redirections(shell, shell.process.fds).apply(redirects)))
    return shell.errorStatus;
  shell.mayReplace = true;
  return yield* shell.interpreter.list(shell, body);
}

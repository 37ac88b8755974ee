import { printCommand, type Command } from "../syntax/index.ts";
import { forkShell, roomToFork } from "./fork.ts";
import { runAlone, started, startMembers } from "./pipeline.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";

/** `command &`: starts it and goes on. */
export function* runBackground(shell: Shell, command: Command): Steps<number> {
  const text = printCommand(command);
  const { control } = shell.jobs;
  if (command.type === "pipeline" && command.commands.length > 1 && !command.negated && !command.time) {
    const { members, pgid } = yield* startMembers(shell, command, { detached: !control });
    announce(shell, shell.jobs.addBackground(members, pgid, text).number);
    return 0;
  }
  yield* roomToFork(shell);
  const fds = shell.process.fds.copy();
  if (!control) shell.jobs.detachInput(fds);
  const child = forkShell(shell, (copy) => runAlone(copy, command), {
    fds,
    ...(control ? { pgid: 0 } : {}),
    detached: !control,
  });
  announce(shell, shell.jobs.addBackground([started(child, text)], child.row.pgid, text).number);
  return 0;
}

function announce(shell: Shell, number: number): void {
  if (shell.interactive) shell.writeError(`[${number}] ${shell.lastBackground}\n`);
}

import type { Shell } from "../interpreter/shell.ts";

/**
 * A shell with a prompt takes the terminal: it leads a process group of its own, and that is in the foreground. Returns
 * what puts the terminal back as it was found; the group there may be another machine's (`ssh`, `kubectl exec`).
 */
export function takeTerminal(shell: Shell): () => void {
  const { process } = shell;
  const { tty } = process;
  if (!tty || !process.isTty(0)) {
    if (shell.dialect.name === "bash") {
      shell.writeError(
        `${shell.messageName}: cannot set terminal process group (${process.host.pidOf(process.row)}): Inappropriate ioctl for device\n`,
      );
      shell.writeError(`${shell.messageName}: no job control in this shell\n`);
    }
    return () => {};
  }
  const before = tty.foreground;
  const modes = tty.termios;
  process.update({ pgid: process.pid });
  tty.foreground = { machine: process.machine, pgid: process.pid };
  shell.options.set("monitor", true);
  return () => {
    tty.termios = modes;
    if (!tty.isHungUp) tty.foreground = before;
  };
}

/** What a shell with a prompt does at its end: the history file, and the jobs that it leaves behind. */
export function leaveInteractive(shell: Shell, hungUp: boolean): void {
  shell.process.prompting = false;
  if (shell.process.ended) return;
  shell.history.save(shell);
  shell.jobs.hangUp(hungUp || (shell.start.login && shell.options.shopt("huponexit")));
}

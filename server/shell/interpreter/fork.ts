import { SECOND } from "../../sim/kernel/index.ts";
import { Errno, fork, type FdTable, type Process } from "../../sim/host/index.ts";
import { Jobs } from "../jobs/index.ts";
import { CommandHash } from "./command-hash.ts";
import { Shell } from "./shell.ts";
import { Killed, Signals, Trapped } from "./signals.ts";
import { drive, type Steps } from "./steps.ts";
import { Discard, Exit } from "./unwinding.ts";

export interface ForkOptions {
  /** The child's descriptors; a copy of the shell's if absent. */
  readonly fds?: FdTable;
  /** Its process group: 0 makes it the leader of a new one. Absent: the shell's. */
  readonly pgid?: number;
  /** Run with `&` and without job control: the keyboard's signals do not reach it. */
  readonly detached?: boolean;
  /** Can the child still list the shell's jobs? */
  readonly seesJobs?: boolean;
}

/** Seconds for which bash waits for room in the process table, one after the other (make_child of its jobs.c). */
const RETRIES = [1, 2, 4, 8];

/** From so many levels of functions and subshells on, a fork takes its time at once. */
const DEEP = 16;
/** What fork(2) of a shell takes. */
const FORK_TIME = 400;

/**
 * Before a fork: waits while the machine has no room for another process, and says so. If there still is none afterwards,
 * or a signal came, the fork fails.
 */
export function* roomToFork(shell: Shell): Steps<void> {
  if (shell.dialect.name !== "bash") return;
  for (const seconds of RETRIES) {
    if (!shell.process.machine.isFull) return;
    shell.jobs.poll();
    if (!shell.process.machine.isFull) return;
    shell.complain(`fork: retry: ${new Errno("EAGAIN").message}`);
    try {
      yield* shell.signals.during(() => shell.process.sleep(seconds * SECOND), true);
    } catch (error) {
      if (error instanceof Trapped) return;
      throw error;
    }
  }
}

/**
 * Starts a process that goes on with a copy of the shell as it is now. The copy runs when this shell next waits: then its
 * variables may be others.
 */
export function forkShell(shell: Shell, body: (child: Shell) => Steps<number>, options: ForkOptions = {}): Process {
  const jobs = options.seesJobs ? shell.jobs.all.map((job) => job.copy()) : [];
  let child: Shell | undefined;
  const process = start(
    shell,
    async (own) => {
      if (options.detached) for (const signal of ["SIGINT", "SIGQUIT"] as const) own.on(signal, "ignore");
      // The parent first copies itself and gives the child its place: a process group, the terminal.
      await Promise.resolve();
      own.check();
      // The parents of one that is nested so deeply all wait for it: only its own time lets a key be heard.
      if (shell.depth >= DEEP) {
        own.spend(FORK_TIME);
        await own.pause();
      }
      return drive(runToEnd(child!, body(child!)));
    },
    options,
  );
  child = copyShell(shell, process);
  for (const job of jobs) child.jobs.show(job);
  return process;
}

/** Starts a process for a program that replaces it at once; `body` does that. */
export function forkProgram(shell: Shell, body: (process: Process) => Promise<number>, options: ForkOptions): Process {
  return start(
    shell,
    async (process) => {
      if (options.detached) for (const signal of ["SIGINT", "SIGQUIT"] as const) process.on(signal, "ignore");
      await Promise.resolve();
      process.check();
      return body(process);
    },
    options,
  );
}

function start(shell: Shell, body: (process: Process) => Promise<number>, { fds, pgid }: ForkOptions): Process {
  try {
    if (shell.depth >= shell.kernel.limits.shellDepth) throw new Errno("EAGAIN");
    return fork(shell.process, body, { ...(fds ? { fds } : {}), ...(pgid === undefined ? {} : { pgid }) });
  } catch (error) {
    fds?.closeAll();
    if (!(error instanceof Errno)) throw error;
    shell.complain(`fork: ${error.message}`);
    throw new Discard(254, true);
  }
}

function copyShell(shell: Shell, process: Process): Shell {
  const child = new Shell(process, shell.start, shell);
  child.interactive = false;
  return child.equip({
    jobs: new Jobs(child),
    signals: new Signals(child, shell.signals),
    history: shell.history,
    completions: shell.completions,
    directories: shell.directories.copy(child),
    hash: new CommandHash(shell.hash),
    builtins: shell.builtins,
    interpreter: shell.interpreter,
    substitution: shell.substitution.copy(child),
    decodePrompt: shell.decodePrompt,
  });
}

/** Runs a shell to its end: `exit` and errors that end it, the EXIT trap, and what it still has to write. */
export function* runToEnd(shell: Shell, body: Steps<number>): Steps<number> {
  let status = yield* settle(shell, body);
  status = yield* settle(shell, shell.signals.runExit(status));
  for (const written of shell.takeWritten()) yield written;
  return status;
}

function* settle(shell: Shell, body: Steps<number>): Steps<number> {
  try {
    const status = yield* body;
    if (shell.signals.pending) yield* shell.signals.handle();
    return status;
  } catch (error) {
    if (error instanceof Exit || error instanceof Discard) return error.status;
    if (!(error instanceof Killed)) throw error;
    yield* settle(shell, shell.signals.runExit(shell.lastStatus));
    shell.process.end({ signal: error.signal });
    shell.process.check();
    return 128;
  }
}

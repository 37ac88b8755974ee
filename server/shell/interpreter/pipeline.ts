import { exitCode, type FdTable, type OpenFile, type Process } from "../../sim/host/index.ts";
import { printCommand, type Command, type Pipeline } from "../syntax/index.ts";
import type { StartedProcess } from "../jobs/index.ts";
import { checkFailure } from "./failure.ts";
import { forkShell, roomToFork } from "./fork.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { formatTimes } from "./time-format.ts";

/** `! time a | b |& c` */
export function* runPipeline(shell: Shell, pipeline: Pipeline): Steps<number> {
  const start = shell.process.now;
  // dash has no such word, and Debian and Ubuntu have no such program unless somebody installs it.
  if (pipeline.time && shell.dialect.name === "dash" && shell.hash.find(shell, "time") === undefined) {
    shell.complain(shell.dialect.notFound("time"));
    return yield* checkFailure(shell, 127);
  }
  const status = pipeline.negated ? yield* runUnchecked(shell, pipeline) : yield* runMembers(shell, pipeline);
  // In busybox's shell it is a program, which tells that what it ran has failed.
  if (pipeline.time && status !== 0 && shell.dialect.name === "ash")
    shell.writeError(`Command exited with non-zero status ${status}\n`);
  if (pipeline.time) shell.writeError(formatTimes(shell, shell.process.now - start, pipeline.time === "posix"));
  return status;
}

/** What `!` turns round is looked at: it is no failure. */
function* runUnchecked(shell: Shell, pipeline: Pipeline): Steps<number> {
  shell.unchecked++;
  try {
    const status = yield* runMembers(shell, pipeline);
    return shell.jump ? status : status === 0 ? 1 : 0;
  } finally {
    shell.unchecked--;
  }
}

function* runMembers(shell: Shell, pipeline: Pipeline): Steps<number> {
  const { commands } = pipeline;
  if (commands.length === 0) return 0;
  if (commands.length === 1) return yield* shell.interpreter.command(shell, commands[0]!);
  const lastHere = shell.options.shopt("lastpipe") && !shell.jobs.control;
  const begun = yield* startMembers(shell, pipeline, { here: lastHere });
  if (lastHere) return yield* finishHere(shell, commands.at(-1)!, begun);
  const job = shell.jobs.makeForeground(begun.members, begun.pgid, printCommand(pipeline));
  const last = yield* shell.jobs.foreground(job);
  const statuses = job.members.map((member) => (member.status ? exitCode(member.status) : last));
  shell.pipeStatus = statuses;
  const failed = shell.options.has("pipefail") ? statuses.findLast((status) => status !== 0) : undefined;
  return yield* checkFailure(shell, failed ?? last);
}

interface Started {
  readonly members: readonly StartedProcess[];
  readonly pgid: number;
  /** What the last command reads, if it is to run in this shell. */
  readonly input: OpenFile | undefined;
}

/** Starts all commands of a pipeline at once, each in a process. With `here` the last is left to the caller. */
export function* startMembers(
  shell: Shell,
  { commands, errors }: Pipeline,
  { here = false, detached = false }: { here?: boolean; detached?: boolean } = {},
): Steps<Started> {
  const members: StartedProcess[] = [];
  let pgid: number | undefined;
  let input: OpenFile | undefined;
  for (const [at, command] of commands.entries()) {
    const last = at === commands.length - 1;
    if (last && here) break;
    try {
      yield* roomToFork(shell);
    } catch (error) {
      input?.drop();
      throw error;
    }
    const fds = shell.process.fds.copy();
    if (input) {
      fds.set(0, input);
      input.drop();
    } else if (at === 0 && detached) shell.jobs.detachInput(fds);
    input = undefined;
    if (!last) {
      const { reader, writer } = shell.process.pipe();
      input = reader.retain();
      fds.set(1, writer);
      if (errors[at]) fds.set(2, writer);
    }
    const child = startMember(shell, command, fds, pgid, detached, input);
    if (shell.jobs.control) pgid ??= child.row.pgid;
    members.push(started(child, printCommand(command)));
  }
  return { members, pgid: pgid ?? shell.process.row.pgid, input };
}

/** A child as jobs keep it. */
export function started({ pid, host, row }: Process, text: string): StartedProcess {
  return { pid, shown: host.pidOf(row), text };
}

function startMember(
  shell: Shell,
  command: Command,
  fds: FdTable,
  pgid: number | undefined,
  detached: boolean,
  input: OpenFile | undefined,
): Process {
  const group = shell.jobs.control ? (pgid ?? 0) : undefined;
  const body = (child: Shell): Steps<number> => {
    child.inPipeline = true;
    return runAlone(child, command);
  };
  const seesJobs = command.type === "simple";
  try {
    return forkShell(shell, body, { fds, ...(group === undefined ? {} : { pgid: group }), detached, seesJobs });
  } catch (error) {
    input?.drop();
    throw error;
  }
}

/** Runs a command that a process was made for. */
export function* runAlone(child: Shell, command: Command): Steps<number> {
  child.mayReplace = true;
  return yield* child.interpreter.command(child, command);
}

/** `shopt -s lastpipe`: the last command runs in this shell. */
function* finishHere(shell: Shell, command: Command, { members, pgid, input }: Started): Steps<number> {
  const before = shell.process.fds.find(0)?.retain();
  if (input) {
    shell.process.fds.set(0, input);
    input.drop();
  }
  let status: number;
  try {
    status = yield* shell.interpreter.command(shell, command);
  } finally {
    if (before) {
      shell.process.fds.set(0, before);
      before.drop();
    } else if (shell.process.fds.find(0)) shell.process.fds.close(0);
  }
  const job = shell.jobs.makeForeground(members, pgid, "");
  yield* shell.jobs.foreground(job);
  const statuses = [...job.members.map((member) => (member.status ? exitCode(member.status) : 0)), status];
  shell.pipeStatus = statuses;
  const failed = shell.options.has("pipefail") ? statuses.findLast((code) => code !== 0) : undefined;
  return yield* checkFailure(shell, failed ?? status);
}

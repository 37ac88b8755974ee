import { MILLISECOND } from "../../kernel/index.ts";
import { attempt, Errno } from "../errno.ts";
import { join, resolve } from "../files/path.ts";
import type { Caller } from "../files/mount-namespace.ts";
import type { Host } from "../host.ts";
import type { Credentials } from "../users.ts";
import { DaemonProcess } from "./daemon-process.ts";
import { readExecutable } from "./executable.ts";
import { FdTable } from "./fd-table.ts";
import { DETACHED, Ended, Process } from "./process.ts";
import { comm, type ExitStatus, type LogTarget, type ProcessRow } from "./process-row.ts";
import { isDaemon, type Daemon, type Program } from "./program.ts";
import type { Signal } from "./signal.ts";

/** What a new process starts with. `pgid` and `sid` 0 make it the leader of a new group or session. */
export interface SpawnOptions {
  /** The program file. */
  readonly path: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly as: Credentials;
  readonly umask?: number;
  /** Its descriptors; the new process owns the table. */
  readonly fds?: FdTable;
  readonly ppid: number;
  readonly pgid?: number;
  readonly sid?: number;
  readonly tty?: string;
  readonly netns?: string;
  readonly capabilities?: readonly string[];
  readonly ignored?: Iterable<Signal>;
  readonly log?: LogTarget;
  readonly onExit?: ProcessRow["onExit"];
}

/** What execve would run for a file: the registered program, and argv with interpreters put before it. */
export interface Resolved {
  readonly program: string;
  readonly argv: readonly string[];
  /** The file of the program itself, not of the script. */
  readonly exe: string;
}

const START_COST = MILLISECOND;
const MAX_INTERPRETERS = 4;

/** Finds out what a program file is. Throws ENOENT, EACCES, ENOEXEC, ELOOP. */
export function resolveExecutable(host: Host, path: string, argv: readonly string[], as: Caller, depth = 0): Resolved {
  const file = host.files.executable(path, as);
  const executable = readExecutable(file.data);
  if (executable.kind === "program") return { program: executable.name, argv, exe: file.path };
  if (executable.kind === "unknown") throw new Errno("ENOEXEC", path);
  if (depth >= MAX_INTERPRETERS) throw new Errno("ELOOP", path);
  const { interpreter, argument } = executable;
  const words = [interpreter, ...(argument === undefined ? [] : [argument]), path, ...argv.slice(1)];
  return resolveExecutable(host, interpreter, words, as, depth + 1);
}

/** Looks a command up in PATH. Undefined if no directory has an executable file of that name. */
export function findInPath(host: Host, name: string, path: string | undefined, as: Caller): string | undefined {
  for (const directory of (path ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").split(":")) {
    const file = join(directory === "" ? "." : directory, name);
    if (host.files.isExecutable(file, as)) return resolve(as.cwd, file);
  }
  return undefined;
}

/** Starts a program as a new process; returns its pid. Throws what execve would. */
export function spawn(host: Host, options: SpawnOptions): number {
  const { as, cwd } = options;
  const umask = options.umask ?? 0o022;
  const resolved = resolveExecutable(host, options.path, options.argv, { ...as, cwd, umask });
  const { uid, gid, groups } = as;
  const { tty, netns, capabilities, log, onExit } = options;
  const pid = host.machine.addProcess(host, {
    host: host.name,
    ppid: options.ppid,
    pgid: options.pgid ?? 0,
    sid: options.sid ?? 0,
    uid,
    gid,
    groups,
    umask,
    comm: comm(options.path),
    argv: resolved.argv,
    exe: resolved.exe,
    cwd,
    env: options.env,
    ...(tty === undefined ? {} : { tty }),
    ...(netns === undefined ? {} : { netns }),
    ...(capabilities ? { capabilities } : {}),
    ...(log ? { log } : {}),
    ...(onExit ? { onExit } : {}),
  });
  const fds = options.fds ?? new FdTable();
  const found = host.hosts.programs.find(resolved.program);
  if (found && !(found instanceof Promise) && isDaemon(found)) startDaemon(host, pid, found, fds);
  else runTask(new Process(host, pid, fds, options.ignored), found, resolved);
  return pid;
}

/** Starts a child of a running program: same user, directory, terminal, session and, where not given, descriptors. */
export function spawnChild(
  parent: Process,
  options: Pick<SpawnOptions, "path" | "argv"> & Partial<SpawnOptions>,
): number {
  const { row } = parent;
  const { cwd, umask, env, pgid, sid, tty, netns, capabilities, log } = row;
  return spawn(parent.host, {
    as: row,
    cwd,
    umask,
    env,
    pgid,
    sid,
    ppid: parent.pid,
    ignored: parent.ignoredSignals,
    ...(tty === undefined ? {} : { tty }),
    ...(netns === undefined ? {} : { netns }),
    ...(capabilities ? { capabilities } : {}),
    ...(log ? { log } : {}),
    ...options,
    fds: options.fds ?? parent.fds.copy(),
  });
}

/** Forks: the child is a process of its own that runs `body`, in the same program. */
export function fork(
  parent: Process,
  body: (child: Process) => Promise<number>,
  options: { fds?: FdTable; pgid?: number } = {},
): Process {
  const { onExit: _, ...row } = parent.row;
  const pid = parent.machine.addProcess(parent.host, { ...row, ppid: parent.pid, pgid: options.pgid ?? row.pgid });
  const child = new Process(parent.host, pid, options.fds ?? parent.fds.copy(), parent.ignoredSignals);
  start(child, () => body(child));
  return child;
}

/** Replaces the running program by another one in the same process (execve). Does not return; throws Errno if it cannot. */
export async function exec(
  process: Process,
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<never> {
  const resolved = resolveExecutable(process.host, path, argv, process);
  process.update({ argv: resolved.argv, exe: resolved.exe, comm: comm(path), env });
  const found = process.host.hosts.programs.find(resolved.program);
  if (found && !(found instanceof Promise) && isDaemon(found)) {
    startDaemon(process.host, process.pid, found, process.detach());
    throw DETACHED;
  }
  throw new Ended({ code: await runProgram(process, found, resolved) });
}

function startDaemon(host: Host, pid: number, daemon: Daemon, fds: FdTable): void {
  host.machine.updateProcess(pid, { daemon: daemon.name });
  host.machine.setDaemonFiles(pid, fds);
  daemon.start(new DaemonProcess(host, pid));
}

type Found = ReturnType<Host["hosts"]["programs"]["find"]>;

function runTask(process: Process, found: Found, resolved: Resolved): void {
  start(process, () => runProgram(process, found, resolved));
}

/** Runs a body as the task of a process, and ends the process with it. */
function start(process: Process, body: () => Promise<number>): void {
  process.machine.setLive(process);
  process.kernel.start(async () => {
    const status = await outcome(process, body);
    if (status) process.end(status);
  });
}

async function outcome(process: Process, body: () => Promise<number>): Promise<ExitStatus | undefined> {
  try {
    return { code: (await body()) & 0xff };
  } catch (error) {
    if (error === DETACHED) return undefined;
    if (error instanceof Ended) return error.status;
    // A signal has ended it, and its files are closed: what it still tidied up has failed.
    if (process.ended) return process.ended;
    const name = process.row.comm;
    const words =
      error instanceof Errno
        ? `${name}: ${error.path === undefined ? "" : `${error.path}: `}${error.message}`
        : `drydock: ${name}: internal error: ${String(error)}`;
    if (!(error instanceof Errno)) process.host.hosts.reportBug(name, error);
    // Where nobody can hear it (a terminal that has gone, a full disk) it ends all the same.
    attempt(() => process.fds.find(2)?.writeNow(`${words}\n`));
    return { code: error instanceof Errno ? 1 : 70 };
  }
}

async function runProgram(process: Process, found: Found, resolved: Resolved): Promise<number> {
  process.spend(START_COST);
  // When all others are at rest, in the order of the starts: whether its code was loaded already changes nothing.
  const program = await process.kernel.busy(Promise.resolve(found));
  process.check();
  if (!program || isDaemon(program)) {
    await process.error(`drydock: ${resolved.program}: this program is not simulated\n`);
    return 64;
  }
  return (program satisfies Program).run(process, resolved.argv.slice(1));
}

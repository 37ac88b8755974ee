import {
  FdTable,
  MemoryInput,
  passedOn,
  RAW,
  spawn,
  Tty,
  TtyFile,
  type ExitStatus,
  type Hosts,
  type Machine,
  type OpenFile,
  type Process,
  type ProcessRow,
} from "../../sim/host/index.ts";
import { login } from "../../shell/index.ts";
import type { SshSession } from "./connect.ts";
import type { SshOptions } from "./options.ts";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin";

/** Runs the user's shell, or a command in it, on the other machine; ends with it. */
export async function runRemote(process: Process, options: SshOptions, session: SshSession): Promise<ExitStatus> {
  const wantsTty = options.tty ?? options.command === undefined;
  const local = process.fds.find(0)?.tty;
  if (!wantsTty || (!local && options.command !== undefined)) return runCommand(process, options, session);
  if (!local) {
    await process.error("Pseudo-terminal will not be allocated because stdin is not a terminal.\n");
    return runCommand(process, options, session);
  }
  return runOnTerminal(process, options, session, local);
}

function environment({ socket, user }: SshSession, tty: string | undefined, process: Process): Record<string, string> {
  const { local, remote } = socket.connection;
  const lang = process.env["LANG"];
  return {
    USER: user.name,
    LOGNAME: user.name,
    HOME: user.home,
    PATH,
    SHELL: user.shell,
    ...(lang === undefined ? {} : { LANG: lang }),
    SSH_CLIENT: `${local.address} ${local.port} ${remote.port}`,
    SSH_CONNECTION: `${local.address} ${local.port} ${remote.address} ${remote.port}`,
    ...(tty === undefined ? {} : { SSH_TTY: `/dev/${tty}`, TERM: process.env["TERM"] ?? "xterm-256color" }),
  };
}

async function runCommand(process: Process, options: SshOptions, session: SshSession): Promise<ExitStatus> {
  const input = options.noInput ? new MemoryInput("") : (process.fds.find(0) ?? new MemoryInput(""));
  const pid = startRemote(process, options, session, [input, process.fds.get(1), process.fds.get(2)]);
  return untilEnd(process, session, pid);
}

/** Starts a command without a terminal there, with these descriptors for its standard ones; returns its pid. */
export function startRemote(
  process: Process,
  options: SshOptions,
  session: SshSession,
  files: readonly [OpenFile, OpenFile, OpenFile],
): number {
  return start(
    session,
    options,
    environment(session, undefined, process),
    new FdTable(files.map(passedOn).entries()),
    undefined,
  );
}

/** Starts the shell with the command, or without one a login shell that reads its commands. */
function start(
  session: SshSession,
  options: SshOptions,
  env: Record<string, string>,
  fds: FdTable,
  tty: string | undefined,
): number {
  const { host, user, sshd } = session;
  const shell = user.shell.replace(/.*\//, "");
  const argv = options.command === undefined ? [`-${shell}`] : [shell, "-c", options.command];
  const atHome = host.files.exists(user.home);
  return spawn(host, {
    path: user.shell,
    argv,
    env: { ...env, PWD: atHome ? user.home : "/" },
    cwd: atHome ? user.home : "/",
    as: host.users.credentials(user),
    ppid: sshd,
    fds,
    ...(tty === undefined ? {} : { tty }),
  });
}

/**
 * A terminal is there only once: the other machine's programs get the caller's own, in the foreground of which they run. If
 * that machine has another terminal of the same name, it gets a new one and bytes are passed on.
 */
async function runOnTerminal(
  process: Process,
  options: SshOptions,
  session: SshSession,
  local: Tty,
): Promise<ExitStatus> {
  const { machine } = session.host;
  const there = machine.tty(local.name);
  if (there && there !== local) return runBehindTerminal(process, options, session, local);
  if (!there) machine.addTty(local);
  const [before, termios] = [local.foreground, local.termios];
  try {
    const pid = open(process, options, session, local, process.fds.get(1), process.fds.get(2));
    local.foreground = { machine, pgid: pid };
    return await untilEnd(process, session, pid);
  } finally {
    local.foreground = before;
    local.termios = termios;
    if (!there) machine.removeTty(local.name);
  }
}

function open(
  process: Process,
  options: SshOptions,
  session: SshSession,
  tty: Tty,
  stdout: OpenFile,
  stderr: OpenFile,
): number {
  const { host, user, sshd } = session;
  const env = environment(session, tty.name, process);
  if (options.command === undefined)
    return login(host, user, tty, { env, ppid: sshd, stdout, stderr, term: env["TERM"]! });
  const fds = new FdTable([
    [0, new TtyFile(tty)],
    [1, stdout],
    [2, stderr],
  ]);
  return start(session, options, env, fds, tty.name);
}

async function runBehindTerminal(
  process: Process,
  options: SshOptions,
  session: SshSession,
  local: Tty,
): Promise<ExitStatus> {
  const { machine } = session.host;
  const tty = new Tty(machine.freeTtyName(), {
    cols: local.cols,
    rows: local.rows,
    inputLimit: process.kernel.limits.ttyInput,
    display: (bytes) => local.write(bytes),
  });
  machine.addTty(tty);
  const file = new TtyFile(tty);
  const before = local.termios;
  local.termios = RAW;
  process.on("SIGWINCH", () => tty.resize(local.cols, local.rows));
  try {
    const pid = open(process, options, session, tty, file, file);
    tty.foreground = { machine, pgid: pid };
    process.kernel.start(async () => {
      while (machine.process(pid) && !process.ended) {
        const bytes = await local.read(process, 4096).catch(() => "");
        if (bytes === "") return;
        tty.input(bytes);
      }
    });
    return await untilEnd(process, session, pid);
  } finally {
    local.termios = before;
    machine.removeTty(tty.name);
  }
}

/** Waits for the end of a process of another machine; takes it along if ssh itself is ended. */
async function untilEnd(process: Process, { host }: SshSession, pid: number): Promise<ExitStatus> {
  const { machine } = host;
  let over = false;
  try {
    const status = await process.block<ExitStatus>((wake) => watch(machine, pid, wake));
    over = true;
    return status;
  } finally {
    if (!over && machine.isAlive(pid)) machine.signalGroup(pid, "SIGHUP");
  }
}

type Wake = (status: ExitStatus) => void;

/** Who waits for which process, by `MACHINE/PID`. Waiting belongs to running programs: nothing of it is state. */
const WATCHES = new WeakMap<Hosts, Map<string, Wake>>();

function watch(machine: Machine, pid: number, wake: Wake): () => void {
  const { hosts } = machine;
  const key = `${machine.name}/${pid}`;
  if (!machine.isAlive(pid)) {
    wake(machine.process(pid)?.exit ?? { code: 255 });
    return () => {};
  }
  let watches = WATCHES.get(hosts);
  if (!watches) {
    const made = new Map<string, Wake>();
    WATCHES.set(hosts, (watches = made));
    hosts.onProcessEnd((row: ProcessRow) => {
      const ended = hosts.host(row.host);
      if (!ended) return;
      const place = `${ended.machine.name}/${row.pid}`;
      made.get(place)?.(ended.machine.process(row.pid)?.exit ?? { code: 255 });
    });
  }
  watches.set(key, wake);
  return () => watches.delete(key);
}

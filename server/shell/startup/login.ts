import { FdTable, spawn, TtyFile, type Host, type OpenFile, type ProcessRow, type Tty, type User } from "../../sim/host/index.ts"; // prettier-ignore

export interface LoginOptions {
  /** Where standard output and error go, if not to the terminal. */
  readonly stdout?: OpenFile;
  readonly stderr?: OpenFile;
  /** Variables besides those that a login sets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly ppid?: number;
  /** `TERM`; `xterm-256color` if not given. */
  readonly term?: string;
  readonly onExit?: ProcessRow["onExit"];
}

/**
 * Starts a user's login shell on a terminal, as sshd and getty do: a session of its own, in the home directory, its name
 * with a dash before it. The terminal must be known to the host's machine. Returns the pid; throws `Errno` if the shell
 * cannot be run.
 */
export function login(host: Host, user: User, tty: Tty, options: LoginOptions = {}): number {
  return start(host, user, tty, undefined, options);
}

/** Runs a command on a terminal in the place of a login shell, as `ssh -t HOST COMMAND` does. */
export function loginCommand(host: Host, user: User, tty: Tty, command: string, options: LoginOptions = {}): number {
  return start(host, user, tty, command, options);
}

function start(host: Host, user: User, tty: Tty, command: string | undefined, options: LoginOptions): number {
  const terminal = new TtyFile(tty);
  const shell = user.shell || "/bin/sh";
  const atHome = host.files.exists(user.home) && host.files.stat(user.home).type === "dir";
  const fds = new FdTable([
    [0, terminal],
    [1, options.stdout ?? terminal],
    [2, options.stderr ?? terminal],
  ]);
  const name = shell.slice(shell.lastIndexOf("/") + 1);
  const pid = spawn(host, {
    path: shell,
    argv: command === undefined ? [`-${name}`] : [name, "-c", command],
    env: {
      SHELL: shell,
      PWD: atHome ? user.home : "/",
      LOGNAME: user.name,
      HOME: user.home,
      LANG: "C.UTF-8",
      TERM: options.term ?? "xterm-256color",
      USER: user.name,
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin",
      ...options.env,
    },
    cwd: atHome ? user.home : "/",
    as: host.users.credentials(user),
    fds,
    ppid: options.ppid ?? 1,
    pgid: 0,
    sid: 0,
    tty: tty.name,
    ...(options.onExit ? { onExit: options.onExit } : {}),
  });
  return pid;
}

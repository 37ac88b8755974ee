import {
  attempt,
  Errno,
  findInPath,
  resolve,
  spawn,
  type Credentials,
  type FdTable,
  type Host,
  type SpawnOptions,
} from "../../../../host/index.ts";

/** A command in a container, with the words of runc for what cannot be run. */
export interface ContainerCommand {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly as: Credentials;
}

/** Why execve itself refused a file that runc found: its own process prints it, `exec /run.sh: exec format error`. */
export interface ExecRefused {
  readonly refused: string;
}

type Rest = Pick<SpawnOptions, "ppid" | "tty" | "log" | "onExit" | "pgid" | "sid"> & { readonly fds: FdTable };

/** Starts a command as runc does (libcontainer/init: os/exec LookPath in the container, then execve). */
export function spawnCommand(
  host: Host,
  command: ContainerCommand,
  rest: Rest,
): { readonly pid: number } | { readonly error: string } | ExecRefused {
  const { argv, env, cwd, as } = command;
  const caller = { ...as, cwd, umask: 0o022 };
  const name = argv[0]!;
  let path: string;
  if (name.includes("/")) {
    path = resolve(cwd, name);
    const stat = attempt(() => host.files.stat(path, caller));
    if (stat instanceof Errno) return notFound(name, `stat ${name}: ${goError(stat)}`);
    if (stat.type === "dir") return notFound(name, "is a directory");
    if (!host.files.access(path, 1, caller)) return notFound(name, "permission denied");
  } else {
    const found = findInPath(host, name, env["PATH"], caller);
    if (found === undefined) return notFound(name, "executable file not found in $PATH");
    path = found;
  }
  const pid = attempt(() => spawn(host, { path, argv, env: withHome(host, env, as), cwd, as, ...rest }));
  if (!(pid instanceof Errno)) return { pid };
  return { refused: `exec ${path}: ${goError(pid)}` };
}

function notFound(name: string, why: string): { readonly error: string } {
  return { error: `exec: ${JSON.stringify(name)}: ${why}` };
}

function goError({ code, message }: Errno): string {
  return code === "ENOENT" ? "no such file or directory" : message.toLowerCase();
}

/** runc sets HOME by the user's entry in /etc/passwd unless it is set. */
function withHome(host: Host, env: Readonly<Record<string, string>>, { uid }: Credentials): Record<string, string> {
  return env["HOME"] ? { ...env } : { ...env, HOME: host.users.byUid(uid)?.home ?? "/" };
}

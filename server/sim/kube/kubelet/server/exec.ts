import {
  attempt, Errno, exitCode, FdTable, MemoryInput, MemoryOutput, passedOn, type Host, type Machine, type OpenFile, type Tty,
} from "../../../host/index.ts"; // prettier-ignore
import type { Status } from "../../api/index.ts";
import { execFailed } from "../cri/container/exec.ts";
import { spawnCommand, type ContainerCommand } from "../cri/container/spawn.ts";
import { commandOf } from "../cri/container/start.ts";
import { resolveUser } from "../cri/container/user.ts";
import type { ExecKeeper } from "./exec-keeper.ts";
import { outsideStreams } from "./outside.ts";
import { commandFailed, exitStatus, type RemoteCommand, type RemoteStreams } from "./remote-command.ts";

/** How a command is to run otherwise than the container does: `docker exec -u -e -w`. The CRI has nothing of it. */
export interface ExecOptions {
  /** `nobody`, `101`, `101:101` */
  readonly user?: string;
  readonly env?: readonly (readonly [name: string, value: string])[];
  readonly workingDir?: string;
}

/** Runs a command in a container with the streams of whoever asked. `id` is the runtime's. */
export function execInContainer(
  kubelet: ExecKeeper,
  id: string,
  command: readonly string[],
  wantsTty: boolean,
  options: ExecOptions = {},
): RemoteCommand {
  const begin = (streams: RemoteStreams, ended: (status: Status) => void): Begun | undefined => {
    const spawned = start(kubelet, id, { command, wantsTty, options }, streams);
    if ("status" in spawned) ended(spawned.status);
    else return waitFor(kubelet, spawned, ended);
  };
  return {
    async start(process, streams) {
      let begun: Begun | undefined;
      try {
        return await process.block<Status>((wake) => void (begun = begin(streams, wake)));
      } catch (error) {
        begun?.cut();
        throw error;
      }
    },
    serve(client) {
      const streams = outsideStreams(kubelet.runtime.machine, client);
      const begun = begin(streams, (status) => {
        streams.close();
        client.ended(status);
      });
      return {
        ...streams.input,
        cut() {
          begun?.cut();
          streams.close();
        },
      };
    },
  };
}

interface Spawned {
  readonly pid: number;
  readonly exec: number;
  readonly terminal: Tty | undefined;
  /** What the terminal is called on the container's machine, if that had to be made up. */
  readonly lent: string | undefined;
}

/** A command that runs; with `cut` its client is gone: a terminal hangs up, other commands run on. */
interface Begun {
  cut(): void;
}

interface Wanted {
  readonly command: readonly string[];
  readonly wantsTty: boolean;
  readonly options: ExecOptions;
}

function start(
  kubelet: ExecKeeper,
  id: string,
  { command, wantsTty, options }: Wanted,
  streams: RemoteStreams,
): Spawned | { readonly status: Status } {
  const { runtime } = kubelet;
  const row = runtime.containers.get(id);
  const refuse = (why: string): { status: Status } => ({
    status: commandFailed(`error executing command in container: ${why}`),
  });
  if (row?.state !== "running")
    return refuse(
      `failed to exec in container: failed to load task: no running task found: task ${id} not found: not found`,
    );
  const base = commandOf(runtime, row);
  if ("error" in base) return refuse(base.error);
  const host = runtime.machine.hosts.host(id)!;
  const own = withOptions(host, wantsTty ? { ...base, env: { ...base.env, TERM: "xterm" } } : base, options);
  if ("error" in own) return refuse(own.error);
  const terminal = wantsTty ? streams.stdin?.tty : undefined;
  const known = terminal && runtime.machine.tty(terminal.name) === terminal;
  const name = terminal && ttyNameOn(runtime.machine, terminal);
  const lent = known ? undefined : name;
  const exec = kubelet.nextExec();
  const fds = descriptors(streams, wantsTty);
  const spawned = spawnCommand(
    host,
    { ...own, argv: command },
    {
      ppid: runtime.sandboxes.get(row.sandbox)?.shimPid ?? 1,
      fds,
      onExit: { kind: kubelet.execEvent, args: { exec } },
      ...(name === undefined ? {} : { tty: name }),
    },
  );
  if ("pid" in spawned) return { pid: spawned.pid, exec, terminal, lent };
  if (lent !== undefined) runtime.machine.removeTty(lent);
  if ("refused" in spawned) streams.stderr?.writeNow(`${spawned.refused}\n`);
  // Who reads from it would wait for ever.
  fds.closeAll();
  return "error" in spawned ? refuse(execFailed(runtime.newId(), spawned.error)) : { status: exitStatus(255) };
}

/** The container's own command with what this one wants otherwise; the error is docker's or runc's. */
function withOptions(
  host: Host,
  base: ContainerCommand,
  { user, env = [], workingDir }: ExecOptions,
): ContainerCommand | { readonly error: string } {
  const as = user === undefined ? base.as : resolveUser(host, user, { supplementalGroups: [] });
  if ("error" in as) return as;
  const changed = { ...base, as, env: { ...base.env, ...Object.fromEntries(env) } };
  if (workingDir === undefined) return changed;
  if (!workingDir.startsWith("/"))
    return { error: "OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown" };
  const stat = attempt(() => host.files.stat(`${workingDir}/.`, { ...as, cwd: "/", umask: 0o022 }));
  if (!(stat instanceof Errno)) return { ...changed, cwd: workingDir };
  return {
    error: `OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd (${JSON.stringify(workingDir)}) set in config.json failed: ${stat.message.toLowerCase()}: unknown`,
  };
}

/** Lends the terminal to a command until it has ended or its client is gone. */
function waitFor(kubelet: ExecKeeper, { pid, exec, terminal, lent }: Spawned, ended: (status: Status) => void): Begun {
  const { machine } = kubelet.runtime;
  const before = terminal && { foreground: terminal.foreground, termios: terminal.termios };
  if (terminal) terminal.foreground = { machine, pgid: pid };
  const giveBack = (): void => {
    undo();
    if (terminal && before && !terminal.isHungUp) {
      terminal.foreground = before.foreground;
      terminal.termios = before.termios;
    }
    if (lent !== undefined) machine.removeTty(lent);
  };
  const undo = kubelet.onExecEnd(exec, (status) => {
    giveBack();
    ended(status ? exitStatus(exitCode(status)) : LOST);
  });
  return {
    cut() {
      if (terminal) machine.signalGroup(pid, "SIGHUP");
      giveBack();
    },
  };
}

/** What a terminal is called on the container's machine; it gets a name there if it is another one's. */
function ttyNameOn(machine: Machine, terminal: Tty): string {
  if (machine.tty(terminal.name) === terminal) return terminal.name;
  const name = machine.freeTtyName();
  machine.addTty(terminal, name);
  return name;
}

/** The kubelet has gone away. */
const LOST: Status = {
  kind: "Status",
  apiVersion: "v1",
  metadata: {},
  status: "Failure",
  message: "unexpected EOF",
  code: 500,
};

const MOST_OUTPUT = 65_536;

function descriptors({ stdin, stdout, stderr }: RemoteStreams, wantsTty: boolean): FdTable {
  const files: [number, OpenFile][] = [
    [0, stdin ?? new MemoryInput("")],
    [1, stdout ?? new MemoryOutput(MOST_OUTPUT)],
    [2, stderr ?? stdout ?? new MemoryOutput(MOST_OUTPUT)],
  ];
  return new FdTable(wantsTty ? files : files.map(([fd, file]) => [fd, passedOn(file)] as const));
}

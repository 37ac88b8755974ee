import {
  exitCode,
  FdTable,
  MemoryInput,
  MemoryOutput,
  type Machine,
  type OpenFile,
  type Tty,
} from "../../../host/index.ts";
import type { Status } from "../../api/index.ts";
import { execFailed } from "../cri/container/exec.ts";
import { spawnCommand } from "../cri/container/spawn.ts";
import { commandOf } from "../cri/container/start.ts";
import type { ExecKeeper } from "./exec-keeper.ts";
import { outsideStreams } from "./outside.ts";
import { commandFailed, exitStatus, type RemoteCommand, type RemoteStreams } from "./remote-command.ts";

/** Runs a command in a container with the streams of whoever asked. `id` is the runtime's. */
export function execInContainer(
  kubelet: ExecKeeper,
  id: string,
  command: readonly string[],
  wantsTty: boolean,
): RemoteCommand {
  const begin = (streams: RemoteStreams, ended: (status: Status) => void): Begun | undefined => {
    const spawned = start(kubelet, id, command, wantsTty, streams);
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

function start(
  kubelet: ExecKeeper,
  id: string,
  command: readonly string[],
  wantsTty: boolean,
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
  const terminal = wantsTty ? streams.stdin?.tty : undefined;
  const known = terminal && runtime.machine.tty(terminal.name) === terminal;
  const name = terminal && ttyNameOn(runtime.machine, terminal);
  const lent = known ? undefined : name;
  const exec = kubelet.nextExec();
  const spawned = spawnCommand(
    runtime.machine.hosts.host(id)!,
    { ...base, argv: command, env: { ...base.env, ...(wantsTty ? { TERM: "xterm" } : {}) } },
    {
      ppid: runtime.sandboxes.get(row.sandbox)?.shimPid ?? 1,
      fds: descriptors(streams),
      onExit: { kind: kubelet.execEvent, args: { exec } },
      ...(name === undefined ? {} : { tty: name }),
    },
  );
  if ("pid" in spawned) return { pid: spawned.pid, exec, terminal, lent };
  if (lent !== undefined) runtime.machine.removeTty(lent);
  if ("error" in spawned) return refuse(execFailed(runtime.newId(), spawned.error));
  streams.stderr?.writeNow(`${spawned.refused}\n`);
  return { status: exitStatus(255) };
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

function descriptors({ stdin, stdout, stderr }: RemoteStreams): FdTable {
  const files: [number, OpenFile][] = [
    [0, stdin ?? new MemoryInput("")],
    [1, stdout ?? new MemoryOutput(MOST_OUTPUT)],
    [2, stderr ?? stdout ?? new MemoryOutput(MOST_OUTPUT)],
  ];
  return new FdTable(files);
}

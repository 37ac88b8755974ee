import {
  exitCode,
  FdTable,
  MemoryInput,
  MemoryOutput,
  type ExitStatus,
  type Machine,
  type OpenFile,
  type Tty,
} from "../../../host/index.ts";
import type { Status } from "../../api/index.ts";
import { execFailed } from "../cri/container/exec.ts";
import { spawnCommand } from "../cri/container/spawn.ts";
import { commandOf } from "../cri/container/start.ts";
import type { ExecKeeper } from "./exec-keeper.ts";
import { commandFailed, exitStatus, type RemoteCommand, type RemoteStreams } from "./remote-command.ts";

/** Runs a command in a container with the streams of whoever asked. `id` is the runtime's. */
export function execInContainer(
  kubelet: ExecKeeper,
  id: string,
  command: readonly string[],
  wantsTty: boolean,
): RemoteCommand {
  return {
    async start(process, streams) {
      const { runtime } = kubelet;
      const row = runtime.containers.get(id);
      const refuse = (why: string): Status => commandFailed(`error executing command in container: ${why}`);
      if (row?.state !== "running")
        return refuse(
          `failed to exec in container: failed to load task: no running task found: task ${id} not found: not found`,
        );
      const base = commandOf(runtime, row);
      if ("error" in base) return refuse(base.error);
      const terminal = wantsTty ? streams.stdin?.tty : undefined;
      const known = terminal && runtime.machine.tty(terminal.name) === terminal;
      const name = terminal && ttyNameOn(runtime.machine, terminal);
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
      if ("error" in spawned) return refuse(execFailed(runtime.newId(), spawned.error));
      if ("refused" in spawned) {
        streams.stderr?.writeNow(`${spawned.refused}\n`);
        return exitStatus(255);
      }
      const before = terminal && {
        foreground: terminal.foreground,
        termios: terminal.termios,
        owned: !known,
      };
      if (terminal) terminal.foreground = { machine: runtime.machine, pgid: spawned.pid };
      try {
        const status = await process.block<ExitStatus | undefined>((wake) => kubelet.onExecEnd(exec, wake));
        return status ? exitStatus(exitCode(status)) : LOST;
      } catch (error) {
        // The connection is gone: a terminal hangs up, other commands run on.
        if (terminal) runtime.machine.signalGroup(spawned.pid, "SIGHUP");
        throw error;
      } finally {
        if (terminal && before && !terminal.isHungUp) {
          terminal.foreground = before.foreground;
          terminal.termios = before.termios;
        }
        if (name !== undefined && before?.owned) runtime.machine.removeTty(name);
      }
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

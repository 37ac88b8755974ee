import { fork, FdTable, RAW, type Process } from "../../../host/index.ts";
import type { Status } from "../../api/index.ts";
import type { ContainerIo } from "../cri/container/io.ts";
import type { Kubelet } from "../kubelet.ts";
import { commandFailed, exitStatus, type RemoteCommand, type RemoteStreams } from "./remote-command.ts";

/** Joins the streams of whoever asked to those of a container's first process. `id` is the runtime's. */
export function attachToContainer(kubelet: Kubelet, id: string): RemoteCommand {
  return {
    async start(process, streams) {
      const { runtime } = kubelet;
      const io = runtime.streams.get(id);
      if (runtime.containers.get(id)?.state !== "running" || !io)
        return commandFailed(
          `error attaching to container: failed to load task: no running task found: task ${id} not found: not found`,
        );
      return joined(process, streams, io);
    },
  };
}

async function joined(process: Process, streams: RemoteStreams, io: ContainerIo): Promise<Status> {
  const terminal = io.console ? streams.stdin?.tty : undefined;
  const before = terminal?.termios;
  if (terminal) {
    terminal.termios = RAW;
    io.console!.resize(terminal.cols, terminal.rows);
    terminal.relay = io.console;
  }
  const typist = streams.stdin && io.takesInput ? pump(process, streams, io) : undefined;
  let detach: (() => void) | undefined;
  try {
    await process.block<void>((wake) => {
      detach = io.attach({
        write(stream, data, what) {
          const file = stream === 1 ? streams.stdout : (streams.stderr ?? streams.stdout);
          if (!terminal?.outputApart) file?.writeNow(data);
          else if (what === "output") file?.writeNow(data.replaceAll("\r\n", "\n"));
        },
        ended: () => wake(),
      });
    });
  } finally {
    detach?.();
    if (typist && !typist.ended) typist.signal("SIGKILL");
    if (terminal && before && !terminal.isHungUp) terminal.termios = before;
    if (terminal) terminal.relay = undefined;
  }
  return exitStatus(0);
}

/** Carries what is typed to the container, as a goroutine of the client. */
function pump(process: Process, { stdin }: RemoteStreams, io: ContainerIo): Process {
  return fork(
    process,
    async (child) => {
      for (;;) {
        const data = await child.read(0);
        if (data === "") break;
        await io.type(child, data);
      }
      io.inputEnded();
      return 0;
    },
    { fds: new FdTable([[0, stdin!]]) },
  );
}

import { fork, FdTable, RAW, type Process } from "../../../host/index.ts";
import type { Status } from "../../api/index.ts";
import type { ContainerIo } from "../cri/container/io.ts";
import type { Containerd } from "../cri/runtime.ts";
import { NO_INPUT, PipeFeed, Typist, Window, type OutsideClient, type OutsideInput } from "./outside.ts";
import { commandFailed, exitStatus, type RemoteCommand, type RemoteStreams } from "./remote-command.ts";

/** A client outside of this world that is so far behind is let go of: a container's output waits for nobody. */
const MOST_BEHIND = 8 * 1024 * 1024;

/** Joins the streams of whoever asked to those of a container's first process. `id` is the runtime's. */
export function attachToContainer({ runtime }: { readonly runtime: Containerd }, id: string): RemoteCommand {
  const io = (): ContainerIo | Status => {
    const found = runtime.streams.get(id);
    if (runtime.containers.get(id)?.state === "running" && found) return found;
    return commandFailed(
      `error attaching to container: failed to load task: no running task found: task ${id} not found: not found`,
    );
  };
  return {
    async start(process, streams) {
      const found = io();
      return "attach" in found ? joined(process, streams, found) : found;
    },
    serve(client) {
      const found = io();
      if ("attach" in found) return served(client, found);
      client.ended(found);
      return NO_INPUT;
    },
  };
}

function served(client: OutsideClient, io: ContainerIo): OutsideInput {
  const windows = { 1: new Window(), 2: new Window() };
  const detach = io.attach({
    write(stream, data) {
      const into = stream === 2 && client.stderr ? 2 : 1;
      if (into === 1 && !client.stdout) return;
      windows[into].send(data.length);
      client.output(into, data);
      if (windows[into].sent > MOST_BEHIND) end(commandFailed("error attaching to container: the client is too slow"));
    },
    ended: () => end(exitStatus(0)),
  });
  const pipe = client.stdin ? io.inputPipe : undefined;
  const feed =
    pipe &&
    new PipeFeed(
      pipe,
      (bytes) => client.taken(bytes),
      () => io.inputEnded(),
    );
  const typist = client.stdin && io.console && new Typist(io.console, (bytes) => client.taken(bytes));
  const leave = (): void => {
    detach();
    feed?.close();
  };
  const end = (status: Status): void => {
    leave();
    client.ended(status);
  };
  return {
    input(bytes) {
      if (typist) typist.type(bytes);
      else if (feed) feed.push(bytes);
      else client.taken(bytes.length);
    },
    inputEnded() {
      if (feed) feed.end();
      else io.inputEnded();
    },
    resize: (cols, rows) => io.console?.resize(cols, rows),
    taken: (stream, bytes) => windows[stream].taken(bytes),
    cut: leave,
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
      child.carriesTo = io.inputPipe;
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

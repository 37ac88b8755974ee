/**
 * The streams of exec and attach over a WebSocket (apimachinery pkg/util/remotecommand, v5.channel.k8s.io): the first byte of a
 * message is its channel.
 */
import { Ended, Errno, RAW, type OpenFile, type Process } from "../../../sim/host/index.ts";
import { decode, encode, type Bytes } from "../../../sim/kernel/index.ts";
import type { Status } from "../../../sim/kube/api/index.ts";
import type { TcpSocket } from "../../../sim/net/index.ts";
import type { OutsideCommand, RemoteCommand, RemoteStreams } from "../transport.ts";
import { QueuedStream } from "../queued-stream.ts";
import { frame, takeFrames } from "./websocket.ts";

export const PROTOCOL = "v5.channel.k8s.io";

const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const PIECE = 32 * 1024;

function message(channel: number, bytes: Bytes): Bytes {
  return String.fromCharCode(channel) + bytes;
}

/** The client's side of an upgraded connection; `rest` has come already. */
export function commandOver(socket: TcpSocket, rest: Bytes): RemoteCommand {
  return { start: async (process, streams) => converse(process, socket, rest, streams) };
}

async function converse(process: Process, socket: TcpSocket, rest: Bytes, streams: RemoteStreams): Promise<Status> {
  const tty = streams.tty ? process.tty : undefined;
  const before = tty?.termios;
  if (tty) tty.termios = { ...RAW };
  const mask = (): Bytes => Buffer.from(process.kernel.random.hex("websocket", 8), "hex").toString("latin1");
  const send = async (channel: number, bytes: Bytes): Promise<void> =>
    socket.write(process, frame(message(channel, bytes), { mask: mask() }));
  if (tty) await send(CHANNEL.resize, encode(`{"Width":${tty.cols},"Height":${tty.rows}}\n`));
  if (streams.stdin) feed(process, streams.stdin, send);
  try {
    return await listen(process, socket, rest, streams);
  } finally {
    if (tty && before) tty.termios = before;
    socket.drop();
  }
}

/** Sends what is typed, until there is no more of it. */
function feed(process: Process, stdin: OpenFile, send: (channel: number, bytes: Bytes) => Promise<void>): void {
  process.kernel.start(async () => {
    try {
      for (;;) {
        const bytes = await stdin.read(process, PIECE);
        if (bytes === "") return await send(CHANNEL.close, String.fromCharCode(CHANNEL.stdin));
        await send(CHANNEL.stdin, bytes);
      }
    } catch (error) {
      // The other side has ended, or the process.
      if (!(error instanceof Errno) && !(error instanceof Ended)) throw error;
    }
  });
}

async function listen(process: Process, socket: TcpSocket, rest: Bytes, streams: RemoteStreams): Promise<Status> {
  let held = rest;
  for (;;) {
    const taken = takeFrames(held);
    held = taken.rest;
    for (const { payload } of taken.frames) {
      const channel = payload.charCodeAt(0);
      const bytes = payload.slice(1);
      if (channel === CHANNEL.stdout) await streams.stdout?.write(process, bytes);
      else if (channel === CHANNEL.stderr) await streams.stderr?.write(process, bytes);
      else if (channel === CHANNEL.error) return JSON.parse(decode(bytes)) as Status;
    }
    const piece = await socket.read(process, PIECE);
    if (piece === "") return lost("websocket: close 1006 (abnormal closure): unexpected EOF");
    held += piece;
  }
}

function lost(why: string): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code: 500,
    message: `error reading from error stream: ${why}`,
  };
}

type Outgoing = { readonly stream: 1 | 2; readonly bytes: Bytes } | { readonly status: Status };

/** Code 1000. */
const NORMAL_CLOSURE = "\x03\xe8";

async function put(process: Process, socket: TcpSocket, channel: number, bytes: Bytes): Promise<void> {
  await socket.write(process, frame(message(channel, bytes)));
}

/** The server's side: joins a command with the client behind the socket until one of them ends. `rest` has come already. */
export async function serveCommand(
  process: Process,
  socket: TcpSocket,
  command: OutsideCommand,
  wanted: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean; readonly tty: boolean },
  rest: Bytes,
): Promise<void> {
  let ended = false;
  // Written one after the other, each when the network has taken the one before: who prints waits meanwhile.
  const outgoing = new QueuedStream<Outgoing>(process, { onStop() {} });
  const remote = command.serve({
    ...wanted,
    output: (stream, bytes) => outgoing.push({ stream, bytes }),
    taken() {},
    ended(status) {
      ended = true;
      outgoing.push({ status });
      outgoing.end();
    },
  });
  process.kernel.start(async () => {
    try {
      for await (const one of outgoing) {
        if ("status" in one) await put(process, socket, CHANNEL.error, encode(JSON.stringify(one.status)));
        else {
          await put(process, socket, one.stream, one.bytes);
          remote.taken(one.stream, one.bytes.length);
        }
      }
      await socket.write(process, frame(NORMAL_CLOSURE, { close: true }));
      socket.connection.end();
    } catch (error) {
      // The client is gone, or the process is over.
      if (!(error instanceof Errno) && !(error instanceof Ended)) throw error;
    }
  });
  let held = rest;
  try {
    for (;;) {
      const taken = takeFrames(held);
      held = taken.rest;
      for (const { close, payload } of taken.frames) {
        if (close) return;
        const channel = payload.charCodeAt(0);
        const bytes = payload.slice(1);
        if (channel === CHANNEL.stdin) remote.input(bytes);
        else if (channel === CHANNEL.close) remote.inputEnded();
        else if (channel === CHANNEL.resize) resize(bytes, (cols, rows) => remote.resize(cols, rows));
      }
      const piece = await socket.read(process, PIECE);
      if (piece === "") return;
      held += piece;
    }
  } finally {
    if (!ended) remote.cut();
  }
}

function resize(bytes: Bytes, tell: (cols: number, rows: number) => void): void {
  const [, cols, rows] = /"Width":(\d+),"Height":(\d+)/.exec(bytes) ?? [];
  if (cols !== undefined) tell(Number(cols), Number(rows));
}

import type { WebSocket } from "ws";
import type { ApiEvent, ApiHandle } from "../../../sessions/protocol/index.ts";
import { bytesOf, DONE, LOST } from "../websocket.ts";
import { Flow } from "./flow.ts";

/** Exec's and attach's channels (apimachinery remotecommand): the first byte of every message. */
const STDIN = 0;
const ERROR = 3;
const RESIZE = 4;
/** v5: the byte behind it names a channel on which the client says nothing more. */
const CLOSE = 255;

export const COMMAND_PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io", "channel.k8s.io"];

/** Exec and attach over a websocket: `*.channel.k8s.io`. */
export class CommandChannels {
  readonly #socket: WebSocket;
  readonly #flow: Flow;

  constructor(socket: WebSocket, handle: ApiHandle) {
    this.#socket = socket;
    this.#flow = new Flow(socket);
    this.#flow.handle = handle;
    socket.on("message", (data) => this.#take(bytesOf(data)));
  }

  hear(event: ApiEvent): void {
    if (event.type === "end") return this.#socket.close(DONE);
    if (event.type === "refused") return this.#socket.close(LOST, "the session is gone");
    if (event.type !== "frame") return;
    const { frame } = event;
    if (frame.type === "data") {
      const { stream, bytes } = frame;
      this.#send(stream, Buffer.from(bytes, "latin1"), () => this.#flow.written(stream, bytes.length));
    } else if (frame.type === "taken") this.#flow.read(frame.stream, frame.bytes);
    else if (frame.type === "status") this.#send(ERROR, Buffer.from(JSON.stringify(frame.status)));
  }

  #send(channel: number, bytes: Buffer, written?: () => void): void {
    const message = Buffer.allocUnsafe(bytes.length + 1);
    message[0] = channel;
    bytes.copy(message, 1);
    this.#socket.send(message, { binary: true }, (error) => !error && written?.());
  }

  #take(message: Buffer): void {
    const channel = message[0];
    const rest = message.subarray(1);
    if (channel === STDIN) this.#flow.send(STDIN, rest);
    else if (channel === CLOSE && rest[0] === STDIN) this.#flow.handle?.input({ type: "end", stream: STDIN });
    else if (channel === RESIZE) {
      const size = terminalSize(rest);
      if (size) this.#flow.handle?.input({ type: "resize", ...size });
    }
  }
}

/** `{"Width":80,"Height":24}`, several of them behind each other; the last counts. */
export function terminalSize(bytes: Buffer): { cols: number; rows: number } | undefined {
  const [last] = [...bytes.toString("utf8").matchAll(/\{[^{}]*\}/g)].slice(-1);
  if (!last) return undefined;
  try {
    const { Width: cols, Height: rows } = JSON.parse(last[0]) as { Width?: unknown; Height?: unknown };
    return isSize(cols) && isSize(rows) ? { cols, rows } : undefined;
  } catch {
    return undefined;
  }
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

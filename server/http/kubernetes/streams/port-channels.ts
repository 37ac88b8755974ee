import type { WebSocket } from "ws";
import type { ApiEvent, ApiHandle } from "../../../sessions/protocol/index.ts";
import { bytesOf, DONE, LOST } from "../websocket.ts";
import { Flow } from "./flow.ts";

/** kubelet/pkg/cri/streaming/portforward/websocket.go knows no later one: its clients say that they are done by closing. */
export const PORT_CHANNEL_PROTOCOLS = ["v4.channel.k8s.io"];

/**
 * Port-forward over the old websocket form (kubelet/pkg/cri/streaming/portforward/websocket.go): two channels for each
 * port of the query, `2i` for data and `2i + 1` for errors. Each begins with the port, two bytes, least significant first.
 */
export class PortChannels {
  readonly #socket: WebSocket;
  readonly #flow: Flow;
  readonly #open: Set<number>;

  constructor(socket: WebSocket, handle: ApiHandle, ports: readonly number[]) {
    this.#socket = socket;
    this.#flow = new Flow(socket);
    this.#flow.handle = handle;
    this.#open = new Set(ports.map((_, index) => 2 * index));
    ports.forEach((port, index) => {
      const name = Buffer.alloc(2);
      name.writeUInt16LE(port);
      this.#send(2 * index, name);
      this.#send(2 * index + 1, name);
      handle.input({ type: "connect", stream: 2 * index, port });
    });
    socket.on("message", (data) => {
      const message = bytesOf(data);
      if (message.length > 1 && this.#open.has(message[0]!)) this.#flow.send(message[0]!, message.subarray(1));
    });
  }

  hear(event: ApiEvent): void {
    if (event.type === "end") return this.#socket.close(DONE);
    if (event.type === "refused") return this.#socket.close(LOST, "the session is gone");
    if (event.type !== "frame") return;
    const { frame } = event;
    if (frame.type === "status") return;
    const { stream } = frame;
    if (frame.type === "data") {
      const { bytes } = frame;
      this.#send(stream, Buffer.from(bytes, "latin1"), () => this.#flow.written(stream, bytes.length));
    } else if (frame.type === "taken") this.#flow.read(stream, frame.bytes);
    else {
      if (frame.type === "error") this.#send(stream + 1, Buffer.from(frame.message));
      this.#over(stream);
    }
  }

  /** The form knows no end of one channel: the websocket closes with the last. */
  #over(stream: number): void {
    this.#open.delete(stream);
    this.#flow.forget(stream);
    if (this.#open.size === 0) this.#socket.close(DONE);
  }

  #send(channel: number, bytes: Buffer, written?: () => void): void {
    const message = Buffer.allocUnsafe(bytes.length + 1);
    message[0] = channel;
    bytes.copy(message, 1);
    this.#socket.send(message, { binary: true }, (error) => !error && written?.());
  }
}

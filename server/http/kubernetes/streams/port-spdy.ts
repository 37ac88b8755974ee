import type { ApiEvent, ApiHandle } from "../../../sessions/protocol/index.ts";
import type { SpdyHeaders } from "../spdy/header-blocks.ts";
import { SpdySession } from "../spdy/session.ts";
import { Flow, type Source } from "./flow.ts";

export const PORT_PROTOCOL = "SPDY/3.1+portforward.k8s.io";

/** A connection that carries SPDY: a websocket's binary messages, or a socket. */
export interface Carrier extends Source {
  write(bytes: Buffer, written?: () => void): void;
  close(): void;
}

/** One forwarded connection: the client opens a stream for errors and one for data with the same number. */
interface Pair {
  error: number | undefined;
  data: number | undefined;
  /** Who has said all on the data stream. */
  clientEnded: boolean;
  serverEnded: boolean;
}

/** Port-forward over SPDY/3.1 (kubelet/pkg/cri/streaming/portforward/httpstream.go). Streams of the session are the data streams. */
export class PortStreams {
  readonly #handle: ApiHandle;
  readonly #carrier: Carrier;
  readonly #flow: Flow;
  readonly #spdy: SpdySession;
  readonly #pairs = new Map<string, Pair>();
  readonly #byStream = new Map<number, { readonly id: string; readonly pair: Pair }>();

  constructor(carrier: Carrier, handle: ApiHandle) {
    this.#handle = handle;
    this.#carrier = carrier;
    this.#flow = new Flow(carrier);
    this.#flow.handle = handle;
    this.#spdy = new SpdySession((bytes, written) => carrier.write(bytes, written), {
      opened: (stream, headers) => this.#opened(stream, headers),
      data: (stream, bytes) => {
        if (this.#byStream.get(stream)?.pair.data === stream) this.#flow.send(stream, bytes);
      },
      ended: (stream) => this.#clientEnded(stream),
      reset: (stream) => this.#drop(stream, true),
      broken: () => carrier.close(),
    });
  }

  receive(bytes: Buffer): void {
    this.#spdy.receive(bytes);
  }

  close(): void {
    this.#spdy.close();
  }

  hear(event: ApiEvent): void {
    if (event.type === "end" || event.type === "refused") return this.#carrier.close();
    if (event.type !== "frame" || event.frame.type === "status") return;
    const { frame } = event;
    const { stream } = frame;
    if (frame.type === "data") {
      const { bytes } = frame;
      this.#spdy.send(stream, Buffer.from(bytes, "latin1"), () => this.#flow.written(stream, bytes.length));
    } else if (frame.type === "taken") this.#flow.read(stream, frame.bytes);
    else if (frame.type === "end") this.#serverEnded(stream);
    else if (frame.type === "error") this.#failed(stream, frame.message);
    else this.#drop(stream, false);
  }

  #opened(stream: number, headers: SpdyHeaders): void {
    const id = headers.get("requestid") ?? String(stream);
    const kind = headers.get("streamtype");
    const port = Number(headers.get("port"));
    if ((kind !== "error" && kind !== "data") || !Number.isInteger(port) || port < 1 || port > 65_535)
      return this.#spdy.reset(stream);
    let pair = this.#pairs.get(id);
    if (!pair) {
      pair = { error: undefined, data: undefined, clientEnded: false, serverEnded: false };
      this.#pairs.set(id, pair);
    }
    pair[kind] = stream;
    this.#byStream.set(stream, { id, pair });
    if (pair.error !== undefined && pair.data !== undefined)
      this.#handle.input({ type: "connect", stream: pair.data, port });
  }

  #clientEnded(stream: number): void {
    const pair = this.#byStream.get(stream)?.pair;
    // Clients say at once that they have nothing to say on the error stream.
    if (!pair || pair.data !== stream) return;
    pair.clientEnded = true;
    this.#handle.input({ type: "end", stream });
    if (pair.serverEnded) this.#forget(stream);
  }

  #serverEnded(stream: number): void {
    const pair = this.#byStream.get(stream)?.pair;
    if (!pair || pair.serverEnded) return;
    pair.serverEnded = true;
    this.#spdy.end(stream);
    if (pair.error !== undefined) this.#spdy.end(pair.error);
    if (pair.clientEnded) this.#forget(stream);
  }

  #failed(stream: number, message: string): void {
    const pair = this.#byStream.get(stream)?.pair;
    if (!pair) return;
    if (pair.error !== undefined) this.#spdy.send(pair.error, Buffer.from(message));
    this.#serverEnded(stream);
    this.#forget(stream);
  }

  /** The connection is gone on one side: so it is on the other. */
  #drop(stream: number, byClient: boolean): void {
    const found = this.#byStream.get(stream);
    if (!found || found.pair.data !== stream) return;
    if (!byClient) {
      this.#spdy.reset(stream);
      if (found.pair.error !== undefined) this.#spdy.end(found.pair.error);
    }
    this.#forget(stream);
  }

  #forget(stream: number): void {
    const found = this.#byStream.get(stream);
    if (!found) return;
    this.#handle.input({ type: "reset", stream });
    this.#pairs.delete(found.id);
    for (const each of [found.pair.data, found.pair.error]) {
      if (each === undefined) continue;
      this.#byStream.delete(each);
      this.#spdy.forget(each);
    }
    this.#flow.forget(stream);
  }
}

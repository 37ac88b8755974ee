import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

const MAX_PAYLOAD = 4 * 1024 * 1024;

/** Accepts websockets with whatever subprotocol was agreed on. */
export class WebSockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD,
    perMessageDeflate: false,
    clientTracking: true,
  });
  readonly #chosen = new WeakMap<IncomingMessage, string>();

  constructor() {
    // ws reads the header by its grammar, in which `SPDY/3.1+portforward.k8s.io` is no token: it never sees the header.
    this.#server.on("headers", (lines, request) => {
      const protocol = this.#chosen.get(request);
      if (protocol !== undefined) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
    });
  }

  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    protocol: string | undefined,
    accepted: (socket: WebSocket) => void,
  ): void {
    if (protocol !== undefined) this.#chosen.set(request, protocol);
    delete request.headers["sec-websocket-protocol"];
    this.#server.handleUpgrade(request, socket, head, accepted);
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

/** The real server closes with 1000; without a code clients take it for a failure. */
export const DONE = 1000;
/** The session's worker is gone. */
export const LOST = 1011;

/** A message's bytes, whatever the client sent them as. */
export function bytesOf(data: WebSocket.RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ApiEvent, ApiHandle, ApiPort, OutsideRequest } from "../../sessions/protocol/index.ts";
import { protocolsOf } from "./asked.ts";
import { badRequest, type Refused } from "./status.ts";
import { PortChannels } from "./streams/port-channels.ts";
import { PORT_PROTOCOL, PortStreams, type Carrier } from "./streams/port-spdy.ts";
import { COMMAND_PROTOCOLS, CommandChannels } from "./streams/remote-command.ts";
import { bytesOf, DONE, type WebSockets } from "./websocket.ts";

/** Something that speaks a protocol of Kubernetes' on an open websocket. */
interface Speaker {
  hear(event: ApiEvent): void;
  close?(): void;
}

type Speak = (socket: WebSocket, handle: ApiHandle) => Speaker;

/** Answers a request for a websocket: the session decides whether it gets one. `over` is called when it is closed. */
export function connect(
  sockets: WebSockets,
  api: ApiPort,
  asked: OutsideRequest,
  { request, socket, head }: { readonly request: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
  over: () => void,
): void {
  socket.on("error", () => socket.destroy());
  socket.once("close", over);
  const chosen = choose(asked.url, protocolsOf(request.headers["sec-websocket-protocol"]));
  if (!chosen) {
    const offered = request.headers["sec-websocket-protocol"] ?? "";
    return answer(socket, badRequest(`unable to upgrade: none of the offered protocols is spoken here: ${offered}`));
  }
  let speaker: Speaker | undefined;
  let early: ApiEvent[] = [];
  const handle = api.call(asked, (event) => {
    if (speaker) return speaker.hear(event);
    if (event.type === "upgraded") {
      sockets.accept(request, socket, head, chosen.protocol, (websocket) => {
        websocket.on("error", () => websocket.terminate());
        speaker = chosen.speak(websocket, handle);
        for (const each of early) speaker.hear(each);
        early = [];
      });
    } else if (event.type === "head") answer(socket, refusalOf(event));
    else if (event.type === "refused") socket.destroy();
    else early.push(event);
  });
  socket.once("close", () => {
    handle.cut();
    speaker?.close?.();
  });
}

function choose(url: string, offered: readonly string[]): { protocol: string | undefined; speak: Speak } | undefined {
  const path = url.split("?")[0]!;
  if (path.endsWith("/portforward")) {
    if (offered.includes(PORT_PROTOCOL)) return { protocol: PORT_PROTOCOL, speak: overSpdy };
    const ports = portsOf(url);
    return agreed(offered, (socket, handle) => new PortChannels(socket, handle, ports));
  }
  return agreed(offered, (socket, handle) => new CommandChannels(socket, handle));
}

function agreed(offered: readonly string[], speak: Speak): { protocol: string | undefined; speak: Speak } | undefined {
  if (offered.length === 0) return { protocol: undefined, speak };
  const protocol = COMMAND_PROTOCOLS.find((each) => offered.includes(each));
  return protocol === undefined ? undefined : { protocol, speak };
}

function portsOf(url: string): number[] {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  return [...query.getAll("ports"), ...query.getAll("port")]
    .flatMap((ports) => ports.split(","))
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536)
    .slice(0, 64);
}

function overSpdy(socket: WebSocket, handle: ApiHandle): Speaker {
  const carrier: Carrier = {
    write: (bytes, written) => socket.send(bytes, { binary: true }, (error) => !error && written?.()),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(DONE),
  };
  const streams = new PortStreams(carrier, handle);
  socket.on("message", (data) => streams.receive(bytesOf(data)));
  return streams;
}

function refusalOf({ status, mediaType, body }: Extract<ApiEvent, { type: "head" }>): Refused {
  return { code: status, body: Buffer.from(body ?? []).toString("utf8"), headers: { "content-type": mediaType } };
}

/** An answer on a socket that was to become something else. */
export function answer(socket: Duplex, { code, body, headers }: Refused): void {
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body), connection: "close" });
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ""}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`,
  );
}

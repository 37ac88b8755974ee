import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { ApiEvent, ApiHandle } from "../../sessions/protocol/index.ts";
import { protocolsOf } from "./asked.ts";
import type { Upgrade } from "./connection.ts";
import { CommandStreams } from "./streams/command-spdy.ts";
import { PORT_CHANNEL_PROTOCOLS, PortChannels } from "./streams/port-channels.ts";
import { PORT_PROTOCOL, PortStreams, type Carrier } from "./streams/port-spdy.ts";
import { COMMAND_PROTOCOLS, CommandChannels } from "./streams/remote-command.ts";
import { bytesOf, DONE, type WebSockets } from "./websocket.ts";

/** Something that speaks a protocol of Kubernetes' on an open connection. */
export interface Speaker {
  hear(event: ApiEvent): void;
  close?(): void;
}

/** Makes what was asked for of a connection. */
export type Open = (upgrade: Upgrade, handle: ApiHandle, opened: (speaker: Speaker) => void) => void;

/** How a request for a connection is fulfilled; undefined if nothing that the client offers is spoken here. */
export function choose(request: IncomingMessage, url: string, sockets: WebSockets): Open | undefined {
  const forward = url.split("?")[0]!.endsWith("/portforward");
  const wanted = (request.headers.upgrade ?? "").toLowerCase();
  if (wanted === "spdy/3.1") return overSocket(forward ? "portforward.k8s.io" : "v4.channel.k8s.io", forward, url);
  if (wanted !== "websocket") return undefined;
  const offered = protocolsOf(request.headers["sec-websocket-protocol"]);
  if (forward && offered.includes(PORT_PROTOCOL)) return overWebSocket(sockets, PORT_PROTOCOL, tunnelled);
  const protocol = (forward ? PORT_CHANNEL_PROTOCOLS : COMMAND_PROTOCOLS).find((each) => offered.includes(each));
  if (protocol === undefined && offered.length > 0) return undefined;
  return overWebSocket(sockets, protocol, (socket, handle) =>
    forward ? new PortChannels(socket, handle, portsOf(url)) : new CommandChannels(socket, handle),
  );
}

function overWebSocket(
  sockets: WebSockets,
  protocol: string | undefined,
  speak: (socket: WebSocket, handle: ApiHandle) => Speaker,
): Open {
  return ({ request, socket, head }, handle, opened) =>
    sockets.accept(request, socket, head, protocol, (websocket) => {
      websocket.on("error", () => websocket.terminate());
      opened(speak(websocket, handle));
    });
}

/** SPDY in the binary messages of a websocket. */
function tunnelled(socket: WebSocket, handle: ApiHandle): Speaker {
  const streams = new PortStreams(
    {
      write: (bytes, written) => socket.send(bytes, { binary: true }, (error) => !error && written?.()),
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      close: () => socket.close(DONE),
    },
    handle,
  );
  socket.on("message", (data) => streams.receive(bytesOf(data)));
  return streams;
}

/** SPDY on the connection itself: kubectl up to 1.29, and later ones whose websocket was refused. */
function overSocket(protocol: string, forward: boolean, url: string): Open {
  return ({ socket, head }, handle, opened) => {
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`,
    );
    const carrier = carrierOf(socket);
    const streams = forward ? new PortStreams(carrier, handle) : new CommandStreams(carrier, handle, url);
    opened(streams);
    if (head.length > 0) streams.receive(head);
    socket.on("data", (chunk: Buffer) => streams.receive(chunk));
    socket.once("end", () => socket.end());
  };
}

function carrierOf(socket: Duplex): Carrier {
  return {
    write: (bytes, written) => void socket.write(bytes, (error) => !error && written?.()),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.end(),
  };
}

function portsOf(url: string): number[] {
  const query = new URLSearchParams(url.split("?")[1] ?? "");
  return [...query.getAll("ports"), ...query.getAll("port")]
    .flatMap((ports) => ports.split(","))
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536)
    .slice(0, 64);
}

import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiEvent, ApiHandle, ApiPort, OutsideRequest } from "../../sessions/protocol/index.ts";
import { badRequest, type Refused } from "./status.ts";
import { choose, type Speaker } from "./upgrades.ts";
import type { WebSockets } from "./websocket.ts";

/** A request to make something else of its connection. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Answers a request for a connection: the session decides whether it gets one. `over` is called when it is closed. */
export function connect(
  sockets: WebSockets,
  api: ApiPort,
  asked: OutsideRequest,
  upgrade: Upgrade,
  over: () => void,
): void {
  const { socket } = upgrade;
  socket.on("error", () => socket.destroy());
  socket.once("close", over);
  const open = choose(upgrade.request, asked.url, sockets);
  if (!open) return answer(socket, badRequest("unable to upgrade: none of the offered protocols is spoken here"));
  let speaker: Speaker | undefined;
  let early: ApiEvent[] = [];
  const handle: ApiHandle = api.call(asked, (event) => {
    if (speaker) speaker.hear(event);
    else if (event.type === "upgraded")
      open(upgrade, handle, (opened) => {
        speaker = opened;
        for (const each of early) speaker.hear(each);
        early = [];
      });
    else if (event.type === "head") answer(socket, refusalOf(event));
    else if (event.type === "refused") socket.destroy();
    else early.push(event);
  });
  socket.once("close", () => {
    handle.cut();
    speaker?.close?.();
  });
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

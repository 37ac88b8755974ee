import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import type { EventEmitter } from "node:events";
import type { Server } from "node:http";
import type { WebSocket } from "ws";
import type { Accounts } from "../../accounts/index.ts";
import type { Attempts } from "../../attempts/index.ts";
import { Refusal } from "../refusal.ts";
import { CLOSE } from "./close-codes.ts";
import { Connection } from "./connection.ts";
import { Heartbeat } from "./heartbeat.ts";

const MAX_PAYLOAD = 128 * 1024;
const BEAT = 30_000;
/** For how long browsers may take to say goodbye when the server stops. */
const GOODBYE = 500;

/** Websockets for the whole server; those still open when it stops hear that it does. */
export async function websockets(app: FastifyInstance, upgrades: EventEmitter): Promise<void> {
  await app.register(websocket, {
    options: {
      // It only listens to this: the server's own upgrades are told apart first (http/kubernetes/plugin.ts).
      server: upgrades as Server,
      maxPayload: MAX_PAYLOAD,
      perMessageDeflate: false,
    },
    errorHandler: (error, socket, request) => {
      // ws has closed the socket already where the frame was at fault (too long, not masked, not UTF-8).
      request.log.warn({ code: (error as NodeJS.ErrnoException).code }, "socket error");
      if (socket.readyState === socket.OPEN) socket.close(CLOSE.failed);
    },
    preClose(done) {
      sayGoodbye([...app.websocketServer.clients], done);
    },
  });
}

/** `/attempts/:id/socket`: the terminals of an attempt (protocol/socket.ts). Who may come in was asked before (guard.ts). */
export function attemptSocket(
  api: FastifyInstance,
  attempts: Attempts,
  accounts: Accounts | undefined,
  beat = BEAT,
): void {
  const heartbeat = new Heartbeat(beat);
  api.route<{ Params: { id: string } }>({
    method: "GET",
    url: "/attempts/:id/socket",
    config: { socket: true },
    schema: { hide: true },
    handler: () => {
      throw new Refusal(426, "upgrade-required", "This address is for websockets.");
    },
    wsHandler: (socket, request) => {
      heartbeat.watch(socket);
      const { id } = request.params;
      const { access = "none", accountSession } = request;
      const connection = new Connection(socket, attempts, id, request.log.child({ attempt: id }), access);
      if (accounts !== undefined)
        socket.once(
          "close",
          accounts.sessions.whenEnded(accountSession, () => connection.signedOut()),
        );
      return connection.serve();
    },
  });
}

/** The server stops: browsers hear it and come again. Those that do not answer are cut off. */
function sayGoodbye(sockets: readonly WebSocket[], done: () => void): void {
  const open = new Set(sockets);
  if (open.size === 0) return done();
  const timer = setTimeout(() => {
    for (const socket of open) socket.terminate();
  }, GOODBYE);
  for (const socket of sockets) {
    socket.once("close", () => {
      open.delete(socket);
      if (open.size > 0) return;
      clearTimeout(timer);
      done();
    });
    socket.close(CLOSE.restarting, "Drydock is stopping; connect again when it is back.");
  }
}

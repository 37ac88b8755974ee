import { Ended, Errno, type Process } from "../../../../sim/host/index.ts";
import { goRefusal, goResponse, type GoAnswer } from "../../../../sim/images/index.ts";
import type { Bytes } from "../../../../sim/kernel/index.ts";
import {
  hasToken,
  parseRequest,
  serializeResponse,
  type HttpRequest,
  type ListeningSocket,
  type TcpSocket,
} from "../../../../sim/net/index.ts";

/** What a handler answers; `pieces` are sent as they come, in chunks, after the head. */
export type Reply = GoAnswer & {
  readonly pieces?: AsyncIterable<Bytes>;
  /** Takes the connection over behind an answer 101; `rest` has come already. */
  readonly takeOver?: (process: Process, socket: TcpSocket, rest: Bytes) => Promise<void>;
};

export type Handler = (request: HttpRequest) => Promise<Reply>;

const PIECE = 65_536;

/** Serves HTTP/1.1 on a socket until the process ends, each connection for itself (Go's net/http Server). */
export async function serveHttp(process: Process, socket: ListeningSocket, handler: Handler): Promise<never> {
  for (;;) {
    const connection = (await socket.accept(process)).retain();
    process.kernel.start(async () => {
      try {
        await serveConnection(process, connection, handler);
      } catch (error) {
        // The client is gone, or the process is over.
        if (!(error instanceof Errno) && !(error instanceof Ended)) throw error;
      } finally {
        connection.drop();
      }
    });
  }
}

async function serveConnection(process: Process, connection: TcpSocket, handler: Handler): Promise<void> {
  let held: Bytes = "";
  for (;;) {
    const parsed = parseRequest(held);
    if (parsed === "malformed")
      return connection.write(
        process,
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request",
      );
    if (parsed === "incomplete") {
      const piece = await connection.read(process, PIECE);
      if (piece === "") return;
      held += piece;
      continue;
    }
    held = parsed.rest;
    const { message: request } = parsed;
    const refused = goRefusal(request);
    if (refused) return connection.write(process, serializeResponse(refused, request.method));
    const reply = await handler(request);
    if (reply.takeOver) {
      const { headers = [] } = reply;
      const switched = { status: 101, reason: "Switching Protocols", headers, body: "" };
      await connection.write(process, serializeResponse(switched, request.method));
      return reply.takeOver(process, connection, held);
    }
    await send(process, connection, request, reply);
    if (request.version === "HTTP/1.0" || hasToken(request, "Connection", "close")) return;
  }
}

async function send(process: Process, connection: TcpSocket, request: HttpRequest, reply: Reply): Promise<void> {
  const response = goResponse(request, process.now, reply);
  const { pieces } = reply;
  if (!pieces) return connection.write(process, serializeResponse(response, request.method));
  const headers = response.headers.filter(([name]) => name !== "Content-Length");
  const streamed = { ...response, headers: [...headers, ["Transfer-Encoding", "chunked"] as const], body: "" };
  await connection.write(process, serializeResponse(streamed, request.method));
  for await (const piece of pieces)
    if (piece !== "") await connection.write(process, `${piece.length.toString(16)}\r\n${piece}\r\n`);
  await connection.write(process, "0\r\n\r\n");
}

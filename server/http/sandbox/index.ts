import type { FastifyInstance } from "fastify";
import { WebSocket, type RawData } from "ws";
import { z } from "zod";
import type { Accounts } from "../../accounts/index.ts";
import type { OpenSandbox, Reviews } from "../../reviews/index.ts";
import { FromSandboxViewer, MAX_FRAME, type ToSandboxViewer } from "../../sessions/protocol/index.ts";
import { answerTo } from "../errors.ts";
import { Refusal } from "../refusal.ts";
import { userOf } from "../routes/roles.ts";
import { CLOSE } from "../socket/close-codes.ts";

const Where = z.object({
  at: z.coerce.number(),
  cols: z.coerce.number().int().min(2).max(500),
  rows: z.coerce.number().int().min(1).max(300),
});
const Part = z.coerce.number().int().min(0);

/** `/reviews/:id/parts/:part/sandbox?at=`: a terminal in a copy of a world of the past, for as long as the socket is open. */
export function sandboxSocket(api: FastifyInstance, reviews: Reviews, accounts: Accounts | undefined): void {
  api.route<{ Params: { id: string; part: string } }>({
    method: "GET",
    url: "/reviews/:id/parts/:part/sandbox",
    config: { role: "instructor" },
    schema: { hide: true },
    handler: () => {
      throw new Refusal(426, "upgrade-required", "This address is for websockets.");
    },
    wsHandler: async (socket, request) => {
      const send = (message: ToSandboxViewer): void => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
      };
      if (accounts !== undefined) {
        const leave = (): void => socket.close(CLOSE.signedOut, "You are signed out.");
        socket.once("close", accounts.sessions.whenEnded(request.accountSession, leave));
      }
      try {
        const part = Part.parse(request.params.part);
        const where = { part, ...Where.parse(request.query) };
        await serve(socket, send, (viewer) => reviews.sandbox(request.params.id, where, userOf(request).name, viewer));
      } catch (error) {
        const bad = error instanceof z.ZodError;
        const message = bad ? "This address is not well written." : answerTo(error).error.message;
        send({ type: "error", message });
        socket.close();
      }
    },
  });
}

type Open = (viewer: Parameters<Reviews["sandbox"]>[3]) => Promise<OpenSandbox>;

async function serve(socket: WebSocket, send: (message: ToSandboxViewer) => void, open: Open): Promise<void> {
  let sandbox: OpenSandbox | undefined;
  let closed = false;
  socket.once("close", () => {
    closed = true;
    sandbox?.close();
  });
  socket.on("message", (data, binary) => take(sandbox, data, binary));
  sandbox = await open({
    output: (bytes) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      // What the network has not taken yet makes the programs wait.
      socket.send(Buffer.from(bytes, "latin1"), { binary: true }, () => sandbox?.taken(bytes.length));
    },
    ended: (status) => send({ type: "ended", status }),
    lost: () => socket.close(),
  });
  if (closed) return sandbox.close();
  send({ type: "ready", host: sandbox.host, user: sandbox.user });
}

function take(sandbox: OpenSandbox | undefined, data: RawData, binary: boolean): void {
  const frame = data as Buffer;
  if (sandbox === undefined || frame.length > MAX_FRAME) return;
  if (binary) return sandbox.input(frame.toString("latin1"));
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch {
    return;
  }
  const { data: resize } = FromSandboxViewer.safeParse(value);
  if (resize) sandbox.resize(resize.cols, resize.rows);
}

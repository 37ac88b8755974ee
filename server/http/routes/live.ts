import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Accounts } from "../../accounts/index.ts";
import type { Classes } from "../../classes/index.ts";
import type { AssignmentProgress } from "../../sessions/protocol/index.ts";
import { answerTo } from "../errors.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const EVENTS = "text/event-stream";
/** Bytes that wait for a slow network before the browser has to come again. */
const MOST_WAITING = 4 * 1024 * 1024;

/** `/assignments/:id/live`: how an assignment goes, as server-sent events of AssignmentProgress, while somebody looks. */
export function liveRoute(api: Api, classes: Classes, accounts: Accounts): void {
  api.get(
    "/assignments/:id/live",
    {
      config: { role: "instructor" },
      schema: {
        summary: "How an assignment goes, now and whenever something changes (server-sent events)",
        params: ById,
        response: { 200: { content: { [EVENTS]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      // What is wrong is said while there is still an answer to say it in.
      await classes.progress(id);
      const tell = begin(reply);
      const stop = classes.watch(id, tell, (error) => {
        request.log.warn({ err: answerTo(error).error }, "a class's progress is not known");
        reply.raw.end();
      });
      const off = accounts.sessions.whenEnded(request.accountSession, () => void reply.raw.end());
      reply.raw.once("close", () => {
        stop();
        off();
      });
      return reply;
    },
  );
}

/** Answers with a stream of events; what is returned sends one. */
function begin(reply: FastifyReply): (progress: AssignmentProgress) => void {
  const { raw } = reply;
  reply.hijack();
  raw.writeHead(200, {
    "content-type": EVENTS,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    // nginx would hold it back.
    "x-accel-buffering": "no",
  });
  return (progress) => {
    raw.write(`data: ${JSON.stringify(progress)}\n\n`);
    if (raw.writableLength > MOST_WAITING) raw.destroy();
  };
}

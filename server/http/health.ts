import type { FastifyInstance } from "fastify";
import type { Attempts } from "../attempts/index.ts";

/** `/healthz`, for whoever keeps the server running: 200 if learners can work, else 503. */
export function health(app: FastifyInstance, attempts: Attempts, version: string): void {
  app.get("/healthz", async (request, reply) => {
    reply.header("cache-control", "no-store");
    try {
      const { ok, storage, workers } = await attempts.health();
      return await reply.code(ok ? 200 : 503).send({ ok, version, storage, workers });
    } catch (error) {
      request.log.error({ err: error }, "health is not known");
      return reply.code(503).send({ ok: false, version, storage: "unknown", workers: [] });
    }
  });
}

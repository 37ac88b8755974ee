import { LogController, type FastifyReply, type FastifyRequest } from "fastify";

/**
 * One line a request, when it was answered: method, path without query, status, time. Never bodies: they hold answers and
 * notes. Files of the page are for `debug`.
 */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(_error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const path = request.url.split("?")[0]!;
    const level = path.startsWith("/api/") || reply.statusCode >= 400 ? "info" : "debug";
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    request.log[level]({ method: request.method, path, status: reply.statusCode, ms }, "answered");
  }
}

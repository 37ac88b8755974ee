import type { FastifyInstance, FastifyRequest } from "fastify";
import { isOurOrigin, namesUs } from "./loopback.ts";
import { Refusal } from "./refusal.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A server without accounts trusts whoever sits at this machine, and must not trust the pages that their browser has
 * open: a page of another site may neither come in under a name of its own that it points at 127.0.0.1 (DNS rebinding:
 * the `Host` gives it away) nor send requests or open websockets across (the `Origin` gives it away).
 */
export function guardLoopback(app: FastifyInstance): void {
  app.addHook("onRequest", async (request) => {
    const port = request.raw.socket.localPort ?? 80;
    const host = request.headers.host ?? "";
    if (!namesUs(host, port))
      throw new Refusal(
        403,
        "foreign-host",
        "Drydock answers on this machine's own names only.",
        `Open http://127.0.0.1:${port}/ instead.`,
      );
    const { origin } = request.headers;
    if (origin === undefined || (SAFE.has(request.method) && !isUpgrade(request))) return;
    if (!isOurOrigin(origin, port))
      throw new Refusal(
        403,
        "foreign-origin",
        "A page of another site tried to use Drydock; nothing was done.",
        `Use the page that Drydock serves: http://${host}/`,
      );
  });
}

function isUpgrade(request: FastifyRequest): boolean {
  return request.headers.upgrade !== undefined;
}

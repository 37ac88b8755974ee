import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "./refusal.ts";
import type { Site } from "./site.ts";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
/** What browsers say of requests that a person or our own page makes (Fetch Metadata). */
const OWN = new Set(["same-origin", "none"]);

/**
 * The server must not trust the pages that a browser has open besides its own: a page of another site may neither come
 * in under a name of its own that it points here (DNS rebinding: the `Host` gives it away) nor send requests or open
 * websockets across (the `Origin` gives it away, and `Sec-Fetch-Site`).
 */
export function guardSite(app: FastifyInstance, site: Site): void {
  app.addHook("onRequest", async (request) => {
    const port = request.raw.socket.localPort ?? 80;
    const host = request.headers.host ?? "";
    if (!site.names(host, port))
      throw new Refusal(
        403,
        "foreign-host",
        "Drydock answers on its own names only.",
        `Open http://127.0.0.1:${port}/ on its machine, or say where it is reached: drydock serve --url URL`,
      );
    if (SAFE.has(request.method) && !isUpgrade(request)) return;
    const { origin, "sec-fetch-site": from } = request.headers;
    const foreign = origin === undefined ? from !== undefined && !OWN.has(from) : !site.owns(origin, host, port);
    if (foreign)
      throw new Refusal(
        403,
        "foreign-origin",
        "A page of another site tried to use Drydock; nothing was done.",
        `Use the page that Drydock serves: ${site.origin(host)}/`,
      );
  });
}

function isUpgrade(request: FastifyRequest): boolean {
  return request.headers.upgrade !== undefined;
}

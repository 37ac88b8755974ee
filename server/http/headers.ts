import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { IncomingMessage } from "node:http";
import type { Site } from "./site.ts";

/**
 * What a page of ours may load and do: only what comes from here. xterm.js writes its own `style` elements, so styles
 * may be inline; scripts may not. Plain HTTP on loopback: nothing is upgraded to https.
 */
export async function securityHeaders(app: FastifyInstance, site: Site): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:"],
        fontSrc: ["'self'", "data:"],
        // Safari before 15.4 does not count websockets of the same host as 'self'. The host was looked at (guard.ts).
        connectSrc: ["'self'", (request: IncomingMessage) => socketsOf(site, request)],
        workerSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
  });
}

function socketsOf(site: Site, { headers }: IncomingMessage): string {
  return site.origin(headers.host ?? "127.0.0.1").replace(/^http/, "ws");
}

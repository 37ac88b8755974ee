import { EventEmitter } from "node:events";
import type { FastifyInstance } from "fastify";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Attempts } from "../../attempts/index.ts";
import type { Site } from "../site.ts";
import { answer } from "./connection.ts";
import { refuse } from "./exchange.ts";
import { KubernetesFront, type Target } from "./front.ts";
import { forbidden, gone, type Refused } from "./status.ts";

const PREFIX = "/k8s/";
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The path under which a session's Kubernetes API is served. */
export function kubernetesPath(token: string): string {
  return `${PREFIX}${token}`;
}

/**
 * Serves the Kubernetes APIs of open attempts below `/k8s/TOKEN`. Fastify only routes: bodies, answers and errors are
 * those of an API server. Upgrades are split off before Fastify's websockets see them: `upgrades` hears of the others.
 */
export function serveKubernetes(app: FastifyInstance, attempts: Attempts, upgrades: EventEmitter, site: Site): void {
  const front = new KubernetesFront();
  app.route({
    method: METHODS,
    url: `${PREFIX}*`,
    schema: { hide: true },
    // Before Fastify looks at the body.
    onRequest: async (request, reply) => {
      reply.hijack();
      const { raw } = request;
      // Those are for pages.
      for (const name of reply.raw.getHeaderNames()) reply.raw.removeHeader(name);
      const target = find(attempts, site, raw);
      if ("code" in target) refuse(reply.raw, target);
      else await front.request(raw, reply.raw, target);
    },
    handler: () => {},
  });
  app.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!request.url?.startsWith(PREFIX)) return void upgrades.emit("upgrade", request, socket, head);
    socket.on("error", () => socket.destroy());
    const target = find(attempts, site, request);
    if ("code" in target) answer(socket, target);
    else front.upgrade(request, socket, head, target);
  });
  app.addHook("preClose", (done) => {
    front.close();
    done();
  });
}

/** The session that a request is for, if its sender may ask: no page of another site, and nobody who guesses. */
function find(attempts: Attempts, site: Site, { url = "", headers, socket }: IncomingMessage): Target | Refused {
  const port = socket.localPort ?? 80;
  const { host = "", origin } = headers;
  if (!site.names(host, port)) return forbidden("Drydock answers on its own names only.");
  if (origin !== undefined && !site.owns(origin, host, port))
    return forbidden("A page of another site tried to use a cluster of Drydock's; nothing was done.");
  const [, token = "", rest = ""] = /^\/k8s\/([\w-]+)(.*)$/.exec(url) ?? [];
  const found = attempts.kubernetesApi(token);
  if (!found) return gone("drydock: there is no cluster here: its attempt is over, or the address is wrong");
  return { api: found.api, key: found.session, url: rest.startsWith("/") ? rest : `/${rest}` };
}

/** What Fastify's websockets listen to instead of the server. */
export function otherUpgrades(): EventEmitter {
  return new EventEmitter();
}

import rateLimit from "@fastify/rate-limit";
import { fastify, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Attempts } from "../attempts/index.ts";
import type { Authoring } from "../authoring/index.ts";
import { answerErrors } from "./errors.ts";
import { guardLoopback } from "./guard.ts";
import { securityHeaders } from "./headers.ts";
import { health } from "./health.ts";
import { describeRoutes } from "./openapi.ts";
import { otherUpgrades, serveKubernetes } from "./kubernetes/index.ts";
import { page } from "./page.ts";
import { Refusal } from "./refusal.ts";
import { RequestLog } from "./request-log.ts";
import { authoringRoutes } from "./routes/authoring.ts";
import { attemptRoutes } from "./routes/attempts.ts";
import { catalogueRoutes } from "./routes/catalogue.ts";
import { kubernetesRoutes } from "./routes/kubernetes.ts";
import { reportRoutes } from "./routes/reports.ts";
import type { Api } from "./routes/typed.ts";
import { attemptSocket, websockets } from "./socket/index.ts";

export interface ServerOptions {
  readonly attempts: Attempts;
  /** Without it labs cannot be written in the page. */
  readonly authoring?: Authoring | undefined;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Folder of the built page. */
  readonly page: string;
  /** Attempts started a minute; default 120. */
  readonly startsPerMinute?: number;
  /** Checks of one attempt a minute; default 20. */
  readonly checksPerMinute?: number;
  /** Milliseconds between pings of a websocket; default 30 s. */
  readonly beat?: number;
}

const BODY_LIMIT = 1024 * 1024;
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000;

/** The HTTP server, not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { attempts, version } = options;
  const app = fastify({
    loggerInstance: options.log,
    logController: new RequestLog(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: true,
  });
  answerErrors(app);
  // Before the guard, so that upgrades which it refuses are hung up.
  const upgrades = otherUpgrades();
  await websockets(app, upgrades);
  serveKubernetes(app, attempts, upgrades);
  guardLoopback(app);
  await securityHeaders(app);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after }) =>
      new Refusal(429, "too-many-requests", `That was asked too often; nothing was done. Try again in ${after}.`),
  });
  health(app, attempts, version);
  await app.register(
    async (scope) => {
      scope.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
      await describeRoutes(scope, version);
      const api: Api = scope.withTypeProvider();
      catalogueRoutes(api, attempts);
      attemptRoutes(api, attempts, options.startsPerMinute ?? 120);
      kubernetesRoutes(api, attempts);
      reportRoutes(api, attempts, options.checksPerMinute ?? 20);
      if (options.authoring) authoringRoutes(api, options.authoring, options.checksPerMinute ?? 20);
      attemptSocket(scope, attempts, options.beat);
    },
    { prefix: "/api" },
  );
  await page(app, options.page);
  return app;
}

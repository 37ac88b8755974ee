import rateLimit from "@fastify/rate-limit";
import { fastify, type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Accounts } from "../accounts/index.ts";
import type { Attempts } from "../attempts/index.ts";
import type { Authoring } from "../authoring/index.ts";
import { ClassError, type Classes } from "../classes/index.ts";
import type { Reviews } from "../reviews/index.ts";
import { answerErrors } from "./errors.ts";
import { guardRoutes } from "./access.ts";
import { cookies } from "./cookie.ts";
import { guardSite } from "./guard.ts";
import { securityHeaders } from "./headers.ts";
import { health } from "./health.ts";
import { describeRoutes } from "./openapi.ts";
import { otherUpgrades, serveKubernetes } from "./kubernetes/index.ts";
import { page } from "./page.ts";
import { Refusal } from "./refusal.ts";
import { RequestLog } from "./request-log.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { attemptRoutes, type MakeTerms } from "./routes/attempts.ts";
import { authoringRoutes } from "./routes/authoring.ts";
import { catalogueRoutes } from "./routes/catalogue.ts";
import { classRoutes } from "./routes/classes.ts";
import { kubernetesRoutes } from "./routes/kubernetes.ts";
import { managementRoutes } from "./routes/management.ts";
import { reportRoutes } from "./routes/reports.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { signInRoutes } from "./routes/sign-in.ts";
import type { Api } from "./routes/typed.ts";
import { sandboxSocket } from "./sandbox/index.ts";
import { Site } from "./site.ts";
import { attemptSocket, websockets } from "./socket/index.ts";

export interface ServerOptions {
  readonly attempts: Attempts;
  /** Without, everybody is whoever sits at the machine. */
  readonly people?: { readonly accounts: Accounts; readonly classes: Classes };
  /** What it will listen on; default loopback. */
  readonly host?: string;
  /** Where browsers reach it: `https://lab.example`. */
  readonly url?: string | undefined;
  /** Whether one proxy stands before it, whose X-Forwarded-For and -Proto are true. */
  readonly trustProxy?: boolean;
  /** Without them nobody reviews: for tests. */
  readonly reviews?: Reviews | undefined;
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
  /** Hears of every route that the server has. */
  readonly onRoute?: (method: string, url: string) => void;
  /** Milliseconds between pings of a websocket; default 30 s. */
  readonly beat?: number;
}

const BODY_LIMIT = 1024 * 1024;
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000;

/** The HTTP server, not listening yet. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { attempts, version, people } = options;
  const site = new Site(options);
  const app = fastify({
    loggerInstance: options.log,
    logController: new RequestLog(),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: true,
    trustProxy: options.trustProxy === true ? (_address, hop) => hop === 0 : false,
  });
  app.addHook("onRoute", ({ method, url }) => {
    for (const each of [method].flat()) options.onRoute?.(each, url);
  });
  answerErrors(app);
  // Before the guard, so that upgrades which it refuses are hung up.
  const upgrades = otherUpgrades();
  await websockets(app, upgrades);
  serveKubernetes(app, attempts, upgrades, site);
  guardSite(app, site);
  await securityHeaders(app, site);
  await cookies(app);
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
      guardRoutes(scope, { accounts: people?.accounts, attempts, classes: people?.classes });
      const api: Api = scope.withTypeProvider();
      const className = async (id: string): Promise<string | null> => (await people?.classes.nameOf(id)) ?? null;
      signInRoutes(api, { accounts: people?.accounts, site, className });
      if (people !== undefined) {
        accountRoutes(api, { accounts: people.accounts, site, className });
        classRoutes(api, { ...people, site });
      }
      catalogueRoutes(api, attempts);
      attemptRoutes(api, attempts, termsOf(people?.classes), options.startsPerMinute ?? 120);
      kubernetesRoutes(api, attempts, site);
      reportRoutes(api, attempts, options.checksPerMinute ?? 20);
      managementRoutes(api, attempts, options.reviews);
      attemptSocket(scope, attempts, people?.accounts, options.beat);
      if (options.reviews) {
        reviewRoutes(api, options.reviews, async (user, of) => (await people?.classes.shownTo(user, of)) ?? {});
        sandboxSocket(scope, options.reviews, people?.accounts);
      }
      if (options.authoring) authoringRoutes(api, options.authoring, options.checksPerMinute ?? 20);
    },
    { prefix: "/api" },
  );
  await page(app, options.page);
  return app;
}

function termsOf(classes: Classes | undefined): MakeTerms {
  return async (user, order) => {
    if (classes !== undefined) return classes.terms(user, order);
    if (order.assignment !== undefined) throw new ClassError("unknown-assignment", "There is no such assignment.");
    return { owner: user };
  };
}

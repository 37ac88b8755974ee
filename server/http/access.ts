import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Accounts } from "../accounts/index.ts";
import { UserError, type Attempts } from "../attempts/index.ts";
import { readCookie } from "./cookie.ts";
import { Refusal } from "./refusal.ts";
import { LOCAL, ROLES, userOf, type Role } from "./routes/roles.ts";

const OF_AN_ATTEMPT = "/api/attempts/:id";
const READING = new Set(["GET", "HEAD"]);

/**
 * Whoever asks is who their cookie says; without accounts, the one who sits at the machine. Then the route's role is
 * asked for (routes/roles.ts), and below `/attempts/:id` whose attempt it is. For all routes of the scope, those that are
 * still to come as well: one that says nothing is for who is signed in, and works on attempts if it is not a GET.
 */
export function guardRoutes(api: FastifyInstance, accounts: Accounts | undefined, attempts: Attempts): void {
  api.decorateRequest("user", undefined);
  api.decorateRequest("accountSession", undefined);
  api.decorateRequest("access", undefined);
  api.addHook("onRequest", async (request) => {
    await recognise(request, accounts);
    const { role = "learner" } = request.routeOptions.config;
    if (role === "anyone") return;
    if (request.user === undefined)
      throw new Refusal(401, "sign-in", "Sign in first.", "Your clusters, answers and clocks go on.");
    if (!mayDo(request.user.role, role))
      throw new Refusal(403, "not-allowed", `This is for ${role === "admin" ? "admins" : "instructors"} only.`);
    if (role === "learner") await guardAttempt(request, attempts);
  });
}

function mayDo(has: Role, needs: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needs);
}

async function recognise(request: FastifyRequest, accounts: Accounts | undefined): Promise<void> {
  if (accounts === undefined || !accounts.exist) {
    request.user = LOCAL;
    return;
  }
  const secret = readCookie(request);
  const found = secret === undefined ? undefined : await accounts.sessions.find(secret);
  if (found === undefined) return;
  request.user = found.user;
  request.accountSession = found.session;
}

/** A learner is not told that somebody else's attempt is there. */
async function guardAttempt(request: FastifyRequest, attempts: Attempts): Promise<void> {
  const { url = "", config } = request.routeOptions;
  if (url !== OF_AN_ATTEMPT && !url.startsWith(`${OF_AN_ATTEMPT}/`)) return;
  const { id } = request.params as { id: string };
  const user = userOf(request);
  const owner = await ownerOf(attempts, id);
  request.access = owner === user.id ? "works" : "none";
  if (request.access === "works") return;
  if (owner === undefined || !mayDo(user.role, "instructor")) {
    // The socket is opened, and closed with the reason: a browser does not learn why one was not opened.
    if (config.socket === true) return;
    throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
  }
  request.access = "watches";
  if ((config.attempt ?? (READING.has(request.method) ? "reads" : "works")) === "works")
    throw new Refusal(403, "not-yours", "This attempt is somebody else's: you can look at it, and not work on it.");
}

async function ownerOf(attempts: Attempts, id: string): Promise<string | undefined> {
  try {
    return await attempts.owner(id);
  } catch (error) {
    if (error instanceof UserError && error.code === "unknown-attempt") return undefined;
    throw error;
  }
}

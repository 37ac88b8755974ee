import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Accounts } from "../accounts/index.ts";
import { UserError, type Attempts, type Belonging } from "../attempts/index.ts";
import { ClassError, type Classes } from "../classes/index.ts";
import { readCookie } from "./cookie.ts";
import { Refusal } from "./refusal.ts";
import { LOCAL, ROLES, userOf, type Role, type User } from "./routes/roles.ts";

const READING = new Set(["GET", "HEAD"]);

/** Below these paths `:id` is one of something that not everybody may see. */
const OF_ONE = /^\/api\/(attempts|reviews|classes|assignments)\/:id(\/|$)/;

export interface Guarded {
  readonly accounts: Accounts | undefined;
  readonly attempts: Attempts;
  /** Without, nobody but admins sees what is another's. */
  readonly classes: Classes | undefined;
}

/**
 * Whoever asks is who their cookie says; without accounts, the one who sits at the machine. Then the route's role is
 * asked for (routes/roles.ts), and whose the attempt, class or assignment of the path is. For all routes of the scope, those
 * that are still to come as well: one that says nothing is for who is signed in, and works on attempts if it is not a GET.
 *
 * A learner sees their own attempts. An instructor sees the classes that they lead, and the attempts that were started for
 * what is assigned there; an admin sees all. Nobody is told that something is there which they may not see.
 */
export function guardRoutes(api: FastifyInstance, guarded: Guarded): void {
  api.decorateRequest("user", undefined);
  api.decorateRequest("accountSession", undefined);
  api.decorateRequest("access", undefined);
  api.addHook("onRequest", async (request) => {
    await recognise(request, guarded.accounts);
    const { role = "learner" } = request.routeOptions.config;
    if (role === "anyone") return;
    if (request.user === undefined)
      throw new Refusal(401, "sign-in", "Sign in first.", "Your clusters, answers and clocks go on.");
    if (!mayDo(request.user.role, role))
      throw new Refusal(403, "not-allowed", `This is for ${role === "admin" ? "admins" : "instructors"} only.`);
    await guardOne(request, guarded);
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

async function guardOne(request: FastifyRequest, { attempts, classes }: Guarded): Promise<void> {
  const [, what] = OF_ONE.exec(request.routeOptions.url ?? "") ?? [];
  if (what === undefined) return;
  const { id } = request.params as { id: string };
  if (what === "attempts" || what === "reviews") return guardAttempt(request, id, attempts, classes);
  const user = userOf(request);
  if (what === "classes" && (await classes?.leads(user, id)) !== true)
    throw new ClassError("unknown-class", "There is no such class.");
  if (what === "assignments" && (await classes?.leadsAssignment(user, id)) !== true)
    throw new ClassError("unknown-assignment", "There is no such assignment.");
}

async function guardAttempt(
  request: FastifyRequest,
  id: string,
  attempts: Attempts,
  classes: Classes | undefined,
): Promise<void> {
  const { config } = request.routeOptions;
  const user = userOf(request);
  const belonging = await belongingOf(attempts, id);
  request.access = belonging?.owner === user.id ? "works" : "none";
  if (request.access === "works") return;
  if (belonging === undefined || !(await mayWatch(user, belonging, classes))) {
    // The socket is opened, and closed with the reason: a browser does not learn why one was not opened.
    if (config.socket === true) return;
    throw new UserError("unknown-attempt", `There is no attempt '${id}'.`);
  }
  request.access = "watches";
  // What is for instructors they may do, whatever it changes.
  if (config.role !== undefined && config.role !== "learner") return;
  if ((config.attempt ?? (READING.has(request.method) ? "reads" : "works")) === "works")
    throw new Refusal(403, "not-yours", "This attempt is somebody else's: you can look at it, and not work on it.");
}

async function mayWatch(user: User, { assignment }: Belonging, classes: Classes | undefined): Promise<boolean> {
  if (user.role === "admin") return true;
  return assignment !== null && (await classes?.leadsAssignment(user, assignment)) === true;
}

async function belongingOf(attempts: Attempts, id: string): Promise<Belonging | undefined> {
  try {
    return await attempts.belonging(id);
  } catch (error) {
    if (error instanceof UserError && error.code === "unknown-attempt") return undefined;
    throw error;
  }
}

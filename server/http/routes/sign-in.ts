import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { AccountError, type Accounts } from "../../accounts/index.ts";
import {
  AcceptInvitation,
  AccountSessions,
  ChangePassword,
  Me,
  OfferedInvitation,
  ShowInvitation,
  SignIn,
} from "../../sessions/protocol/index.ts";
import { giveCookie, takeCookie } from "../cookie.ts";
import type { Site } from "../site.ts";
import { userOf } from "./roles.ts";
import { ERRORS, type Api } from "./typed.ts";

const DONE = { 204: z.null().describe("Done"), ...ERRORS };
const BySession = z.strictObject({ session: z.string().max(100) });
/** Hashing costs time and memory: so many requests a minute of one address, whatever they are. */
const SIGN_IN = { role: "anyone", rateLimit: { max: 60, timeWindow: "1 minute" } } as const;

export interface SignInOptions {
  readonly accounts: Accounts | undefined;
  readonly site: Site;
  /** The name of a class. */
  readonly className: (id: string) => Promise<string | null>;
}

/** Who one is, signing in and out, invitations, and one's own sessions. */
export function signInRoutes(api: Api, { accounts, site, className }: SignInOptions): void {
  const me = (request: FastifyRequest): Me => ({ user: request.user ?? null, accounts: accounts?.exist ?? false });
  api.get(
    "/me",
    { config: { role: "anyone" }, schema: { summary: "Who is signed in", response: { 200: Me, ...ERRORS } } },
    (request) => me(request),
  );
  if (accounts === undefined) return;
  const secure = (request: FastifyRequest): boolean => site.secure || request.protocol === "https";
  const signIn = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { name, password }: SignIn,
  ): Promise<FastifyReply> => {
    const signedIn = await accounts.signIn(name, password, {
      address: request.ip,
      agent: request.headers["user-agent"] ?? "",
    });
    giveCookie(reply, signedIn.secret, secure(request));
    return reply.send({ user: signedIn.user, accounts: true });
  };

  api.post(
    "/session",
    { config: SIGN_IN, schema: { summary: "Signs in", body: SignIn, response: { 200: Me, ...ERRORS } } },
    async (request, reply) => {
      await leave(accounts, request);
      return signIn(request, reply, request.body);
    },
  );
  api.delete(
    "/session",
    { config: { role: "anyone" }, schema: { summary: "Signs out", response: DONE } },
    async (request, reply) => {
      await leave(accounts, request);
      takeCookie(reply, secure(request));
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/me/password",
    {
      config: { rateLimit: { max: 60, timeWindow: "1 minute" } },
      schema: { summary: "Changes one's password, and ends all other sessions", body: ChangePassword, response: DONE },
    },
    async (request, reply) => {
      const { old, new: next } = request.body;
      await accounts.changePassword(userOf(request).id, old, next, request.accountSession ?? "");
      return reply.code(204).send(null);
    },
  );
  api.get(
    "/me/sessions",
    { schema: { summary: "Where one is signed in", response: { 200: AccountSessions, ...ERRORS } } },
    async (request, reply) => {
      const sessions = await accounts.sessions.of(userOf(request).id, request.accountSession ?? "");
      return reply.send({ sessions: [...sessions] });
    },
  );
  api.delete(
    "/me/sessions/:session",
    { schema: { summary: "Ends one of one's sessions", params: BySession, response: DONE } },
    async (request, reply) => {
      await accounts.sessions.end(userOf(request).id, request.params.session);
      return reply.code(204).send(null);
    },
  );

  api.post(
    "/invitations/show",
    {
      config: SIGN_IN,
      schema: {
        summary: "What an invitation is for",
        body: ShowInvitation,
        response: { 200: OfferedInvitation, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { role, class: id, expiresAt } = await accounts.invitations.show(request.body.token);
      return reply.send({ role, class: id === null ? null : await className(id), expiresAt });
    },
  );
  api.post(
    "/invitations/accept",
    {
      config: SIGN_IN,
      schema: {
        summary: "Makes an account by an invitation, and signs in",
        body: AcceptInvitation,
        response: { 200: Me, ...ERRORS },
      },
    },
    async (request, reply) => {
      const { token, name, password } = request.body;
      await accounts.invitations.accept(token, name, password);
      return signIn(request, reply, { name, password });
    },
  );
  api.post(
    "/invitations/join",
    { schema: { summary: "Joins an invitation's class with one's account", body: ShowInvitation, response: DONE } },
    async (request, reply) => {
      const user = userOf(request);
      if (!accounts.exist) throw new AccountError("no-accounts", "There are no accounts on this server yet.");
      await accounts.invitations.join(request.body.token, user.id);
      return reply.code(204).send(null);
    },
  );
}

/** Ends the session in which the request comes. */
async function leave(accounts: Accounts, { user, accountSession }: FastifyRequest): Promise<void> {
  if (user !== undefined && accountSession !== undefined) await accounts.sessions.end(user.id, accountSession);
}

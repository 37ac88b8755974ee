import { z } from "zod";
import type { Accounts } from "../../accounts/index.ts";
import {
  Account,
  AccountList,
  InvitationList,
  MadeInvitation,
  NewAccount,
  NewInvitation,
  SetPassword,
  SetRole,
  type Invitation,
} from "../../sessions/protocol/index.ts";
import type { InvitationRow } from "../../store/index.ts";
import type { Site } from "../site.ts";
import { userOf } from "./roles.ts";
import { ERRORS, type Api } from "./typed.ts";

const DONE = { 204: z.null().describe("Done"), ...ERRORS };
const ByAccount = z.strictObject({ account: z.string().max(100) });
const ByInvitation = z.strictObject({ invitation: z.string().max(100) });
const ADMIN = { role: "admin" } as const;

/** The page at which an invitation is accepted. Its secret is behind the `#`, which browsers send to nobody. */
export function linkOf(site: Site, host: string, protocol: string, secret: string): string {
  return `${site.origin(host, protocol)}/invitation#${secret}`;
}

/** An invitation as the page shows it. */
export async function invitationOf(
  { id, role, class: of, uses, left, createdAt, expiresAt }: InvitationRow,
  className: (id: string) => Promise<string | null>,
): Promise<Invitation> {
  const name = of === null ? null : await className(of);
  const named = of === null || name === null ? null : { id: of, name };
  return { id, role, class: named, uses, left, createdAt, expiresAt };
}

export interface AccountRoutesOptions {
  readonly accounts: Accounts;
  readonly site: Site;
  readonly className: (id: string) => Promise<string | null>;
}

/** Everybody's accounts and invitations, for admins. */
export function accountRoutes(api: Api, { accounts, site, className }: AccountRoutesOptions): void {
  api.get(
    "/accounts",
    { config: ADMIN, schema: { summary: "All accounts", response: { 200: AccountList, ...ERRORS } } },
    () => ({ accounts: [...accounts.list()] }),
  );
  api.post(
    "/accounts",
    {
      config: ADMIN,
      schema: { summary: "Makes an account", body: NewAccount, response: { 201: Account, ...ERRORS } },
    },
    async (request, reply) => {
      const { name, password, role } = request.body;
      return reply.code(201).send(await accounts.add(name, password, role));
    },
  );
  api.put(
    "/accounts/:account/role",
    {
      config: ADMIN,
      schema: {
        summary: "Gives an account another role, and signs it out",
        params: ByAccount,
        body: SetRole,
        response: DONE,
      },
    },
    async (request, reply) => {
      await accounts.setRole(request.params.account, request.body.role);
      return reply.code(204).send(null);
    },
  );
  api.put(
    "/accounts/:account/password",
    {
      config: ADMIN,
      schema: {
        summary: "Gives an account another password, and signs it out",
        params: ByAccount,
        body: SetPassword,
        response: DONE,
      },
    },
    async (request, reply) => {
      await accounts.setPassword(request.params.account, request.body.password);
      return reply.code(204).send(null);
    },
  );
  api.delete(
    "/accounts/:account",
    { config: ADMIN, schema: { summary: "Removes an account; its attempts stay", params: ByAccount, response: DONE } },
    async (request, reply) => {
      await accounts.remove(request.params.account);
      return reply.code(204).send(null);
    },
  );
  api.get(
    "/invitations",
    {
      config: ADMIN,
      schema: { summary: "Invitations that can still be used", response: { 200: InvitationList, ...ERRORS } },
    },
    async () => ({
      invitations: await Promise.all((await accounts.invitations.list()).map((row) => invitationOf(row, className))),
    }),
  );
  api.post(
    "/invitations",
    {
      config: ADMIN,
      schema: { summary: "Makes an invitation", body: NewInvitation, response: { 201: MadeInvitation, ...ERRORS } },
    },
    async (request, reply) => {
      const { row, secret } = await accounts.invitations.make(request.body, userOf(request).id);
      const link = linkOf(site, request.headers.host ?? "", request.protocol, secret);
      return reply.code(201).send({ invitation: await invitationOf(row, className), link });
    },
  );
  api.delete(
    "/invitations/:invitation",
    { config: ADMIN, schema: { summary: "Takes an invitation back", params: ByInvitation, response: DONE } },
    async (request, reply) => {
      await accounts.invitations.remove(request.params.invitation);
      return reply.code(204).send(null);
    },
  );
}

import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LIFE } from "../accounts/index.ts";

const NAME = "drydock_session";

export async function cookies(app: FastifyInstance): Promise<void> {
  await app.register(cookie);
}

/** The secret of the session in which a request comes. */
export function readCookie(request: FastifyRequest): string | undefined {
  return request.cookies[NAME];
}

/** No script reads it, and no page of another site has it sent. */
function options(secure: boolean) {
  return { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
}

export function giveCookie(reply: FastifyReply, secret: string, secure: boolean): void {
  reply.setCookie(NAME, secret, { ...options(secure), maxAge: LIFE / 1000 });
}

export function takeCookie(reply: FastifyReply, secure: boolean): void {
  reply.clearCookie(NAME, options(secure));
}

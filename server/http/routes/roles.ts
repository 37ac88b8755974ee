import type { FastifyRequest } from "fastify";

/** What an account may do; each may also do what those before it may. */
export const ROLES = ["learner", "instructor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who sends a request. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Whoever sits at the machine of a server without accounts. */
export const LOCAL: User = { id: "local", name: "You", role: "admin" };

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least role that may use a route; learner, if missing. `anyone` needs no account. */
    role?: Role | "anyone";
  }
  interface FastifyRequest {
    user?: User;
  }
}

export function userOf(request: FastifyRequest): User {
  return request.user ?? LOCAL;
}

import type { FastifyRequest } from "fastify";
import type { Role, User } from "../../sessions/protocol/index.ts";

export { ROLES, type Role, type User } from "../../sessions/protocol/index.ts";

/** Whoever sits at the machine of a server without accounts. */
export const LOCAL: User = { id: "local", name: "You", role: "admin" };

/** Its owner works on it; who teaches watches; for all others it is not there. */
export type AttemptAccess = "works" | "watches" | "none";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The least role that may use a route; learner, if missing. `anyone` needs no account. */
    role?: Role | "anyone";
    /**
     * What a route below `/attempts/:id` does to the attempt, where it differs from what its method says (GET reads): who
     * teaches may read everybody's attempts, and only its owner works on it. Routes for instructors may do as they say.
     */
    attempt?: "reads" | "works";
    /** It opens a websocket, which is closed with the reason where `access` says that there is none. */
    socket?: boolean;
  }
  interface FastifyRequest {
    user?: User;
    /** Id of the session in which the user is signed in; undefined without accounts. */
    accountSession?: string;
    /** What the user may do with the attempt of the route. */
    access?: AttemptAccess;
  }
}

export function userOf(request: FastifyRequest): User {
  return request.user ?? LOCAL;
}

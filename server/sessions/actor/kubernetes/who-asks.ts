import type { UserInfo } from "../../../sim/kube/api/index.ts";
import { identify } from "../../../sim/kube/access/server.ts";
import type { Cluster } from "../../../sim/kube/cluster/cluster.ts";
import type { OutsideRequest } from "../../protocol/index.ts";

/** Who comes in over the session's own address without credentials: whoever knows that address is its administrator. */
const ADMIN: UserInfo = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };

/** A refusal that comes before the request is looked at. */
export interface Turned {
  readonly code: 401 | 403;
  readonly reason: "Unauthorized" | "Forbidden";
  readonly message: string;
}

/** Who a request from outside is of: by its bearer token, else the administrator; then whom it wants to be. */
export function whoAsks(cluster: Cluster, { headers }: OutsideRequest): UserInfo | Turned {
  const authorization = headers["authorization"]?.[0] ?? "";
  const own = /^Bearer\s/i.test(authorization) ? identify(cluster, { authorization }) : ADMIN;
  if (!own) return { code: 401, reason: "Unauthorized", message: "Unauthorized" };
  return impersonated(own, headers);
}

const MAY_BE_OTHERS = new Set(["system:masters", "kubeadm:cluster-admins"]);
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):[^:]+$/;

/**
 * Impersonate-User, -Group and -Uid (apiserver filters/impersonation.go). Only administrators may: what roles say about the
 * verb `impersonate` is the business of the API's authorizer.
 */
function impersonated(own: UserInfo, headers: OutsideRequest["headers"]): UserInfo | Turned {
  const name = headers["impersonate-user"]?.[0] ?? "";
  const groups = headers["impersonate-group"] ?? [];
  const uid = headers["impersonate-uid"]?.[0];
  if (name === "")
    return groups.length > 0 || uid !== undefined
      ? forbidden(`requested impersonation of [] without impersonating a user`)
      : own;
  if (!own.groups.some((group) => MAY_BE_OTHERS.has(group)))
    return forbidden(
      `users ${JSON.stringify(name)} is forbidden: User ${JSON.stringify(own.name)} cannot impersonate resource "users" in API group "" at the cluster scope`,
    );
  return { name, ...(uid === undefined ? {} : { uid }), groups: allGroups(name, groups) };
}

function allGroups(name: string, given: readonly string[]): string[] {
  const namespace = SERVICE_ACCOUNT.exec(name)?.[1];
  const own =
    namespace !== undefined && given.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${namespace}`]
      : [];
  const sort = name === "system:anonymous" ? "system:unauthenticated" : "system:authenticated";
  return [...new Set([...given, ...own, sort])];
}

function forbidden(message: string): Turned {
  return { code: 403, reason: "Forbidden", message };
}

import type { AccessAttributes, ApiServer, Authorization, ResolvedRules, UserInfo } from "../../api/index.ts";
import { authorizeNode, nodeOf } from "./node-authorizer.ts";
import { authorizeByRoles } from "./rbac/rbac-authorizer.ts";
import { resolve } from "./rbac/resolver.ts";

type Api = Pick<ApiServer, "store">;
type Authorizer = (api: Api, attributes: AccessAttributes) => Authorization;

/** The modes of `--authorization-mode` that are simulated. */
export const AUTHORIZERS: Readonly<Record<string, Authorizer>> = {
  AlwaysAllow: () => ({ allowed: true }),
  AlwaysDeny: () => ({ allowed: false, reason: "Everything is forbidden." }),
  Node: authorizeNode,
  RBAC: authorizeByRoles,
};

/** Modes that a real server has besides. */
export const UNSIMULATED_MODES: readonly string[] = ["ABAC", "Webhook"];

/**
 * Asks one authorizer after the other until one allows it; the group system:masters is always allowed
 * (apiserver/pkg/authorization/union, pkg/kubeapiserver/authorizer).
 */
export function authorize(api: Api, modes: readonly string[], attributes: AccessAttributes): Authorization {
  if (attributes.user.groups.includes("system:masters")) return { allowed: true };
  const reasons: string[] = [];
  for (const mode of modes) {
    const decision = AUTHORIZERS[mode]!(api, attributes);
    if (decision.allowed) return decision;
    if (decision.reason) reasons.push(decision.reason);
  }
  return { allowed: false, reason: reasons.join("\n") };
}

/** What all authorizers together know of somebody's rights: the Node authorizer lists none. */
export function reviewRules(
  { store }: Api,
  modes: readonly string[],
  user: UserInfo,
  namespace: string,
): ResolvedRules & { readonly incomplete: boolean } {
  const everything = modes.includes("AlwaysAllow")
    ? [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
        { verbs: ["*"], nonResourceURLs: ["*"] },
      ]
    : [];
  const byRoles = modes.includes("RBAC") ? resolve(store, user, namespace) : { rules: [], errors: [] };
  const node = modes.includes("Node") && nodeOf(user) !== undefined;
  return {
    rules: [...everything, ...byRoles.rules],
    errors: [...(node ? ["node authorizer does not support user rule resolution"] : []), ...byRoles.errors],
    incomplete: node,
  };
}

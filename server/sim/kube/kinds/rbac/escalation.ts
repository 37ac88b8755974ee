import {
  errors,
  quote,
  sameJson,
  type AccessControl,
  type KindContext,
  type KubeObject,
  type PolicyRule,
  type RoleRef,
} from "../../api/index.ts";
import { compactRules, goList, missingRules, ruleText } from "./policy-rule.ts";

const GROUP = "rbac.authorization.k8s.io";
const EVERYTHING: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** Whoever writes a role must have its rights, or the verb `escalate` (pkg/registry/rbac/role/policybased). */
export function checkRules(context: KindContext, name: string, rules: readonly PolicyRule[] | null): void {
  const access = guard(context);
  if (!access || may(context, "escalate", context.kind.plural, name)) return;
  confirm(access, context, name, rules ?? []);
}

/** An aggregation rule can gather anything, so it takes all rights (pkg/registry/rbac/clusterrole/policybased). */
export function checkAggregation(context: KindContext, name: string): void {
  const access = guard(context);
  if (!access || may(context, "escalate", context.kind.plural, name)) return;
  const { rules } = access.rulesFor(context.user, context.request.namespace);
  if (missingRules(rules, EVERYTHING).length > 0)
    throw errors.forbidden(of(context), name, "must have cluster-admin privileges to use the aggregationRule");
}

/** Whoever binds a role must have its rights, or the verb `bind` on it (pkg/registry/rbac/rolebinding/policybased). */
export function checkBinding(context: KindContext, name: string, roleRef: RoleRef): void {
  const access = guard(context);
  const plural = roleRef.kind === "ClusterRole" ? "clusterroles" : "roles";
  if (!access || may(context, "bind", plural, roleRef.name)) return;
  const rules = access.rulesOf(roleRef, context.request.namespace);
  if (!rules) throw errors.notFound({ group: GROUP, resource: plural }, roleRef.name);
  confirm(access, context, name, rules);
}

/** Whether an update changes nothing but what the garbage collector needs (rbac/helpers.go IsOnlyMutatingGCFields). */
export function onlyForGarbageCollector(next: KubeObject, old: KubeObject): boolean {
  const without = ({ metadata, ...rest }: KubeObject): unknown => {
    const { ownerReferences: _, finalizers: __, resourceVersion: ___, ...others } = metadata;
    return { ...rest, metadata: others };
  };
  return sameJson(without(next), without(old));
}

/** Who checks, unless the user may everything anyway (EscalationAllowed). */
function guard({ settings, user }: KindContext): AccessControl | undefined {
  return user.groups.includes("system:masters") ? undefined : settings.access;
}

function may({ user, request, settings }: KindContext, verb: string, resource: string, name: string): boolean {
  const { namespace } = request;
  const asked = { user, verb, group: GROUP, version: "v1", resource, subresource: "", namespace, name };
  return settings.authorize?.(asked).allowed ?? true;
}

/** pkg/registry/rbac/validation ConfirmNoEscalation. */
function confirm(access: AccessControl, context: KindContext, name: string, rules: readonly PolicyRule[]): void {
  const { user, request } = context;
  const owned = access.rulesFor(user, request.namespace);
  const missing = missingRules(owned.rules, rules);
  if (missing.length === 0) return;
  const lines = [...new Set(compactRules(missing).map(ruleText))].sort();
  const problems = owned.errors.length > 0 ? `; resolution errors: [${owned.errors.join(" ")}]` : "";
  throw errors.forbidden(
    of(context),
    name,
    `user ${quote(user.name)} (groups=${goList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${lines.join("\n")}${problems}`,
  );
}

function of({ kind: { group, plural } }: KindContext): { group: string; resource: string } {
  return { group, resource: plural };
}

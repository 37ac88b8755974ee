import { rfc3339 } from "../../../../kernel/index.ts";
import {
  anyKind,
  sameJson,
  type AnyKind,
  type ApiServer,
  type ClusterRole,
  type KubeObject,
  type RoleBinding,
  type Subject,
} from "../../../api/index.ts";
import { clusterRoleBindings, clusterRoles, missingRules, roleBindings, roles } from "../../../kinds/index.ts";
import { AUTOUPDATE, bootstrapPolicy, type Template } from "./policy.ts";

/**
 * Makes the default roles and bindings that are missing, and gives those that have less than they should what they lack;
 * what is more stays, and what says `autoupdate: "false"` is left alone (pkg/registry/rbac/rest storage_rbac.go
 * EnsureRBACPolicy). It is done at every start of an API server.
 */
export function reconcileBootstrapPolicy(api: ApiServer): void {
  const policy = bootstrapPolicy();
  for (const one of policy.clusterRoles) reconcile(api, anyKind(clusterRoles), one, mergedRole);
  for (const one of policy.clusterRoleBindings) reconcile(api, anyKind(clusterRoleBindings), one, mergedBinding);
  for (const one of policy.roles) reconcile(api, anyKind(roles), one, mergedRole);
  for (const one of policy.roleBindings) reconcile(api, anyKind(roleBindings), one, mergedBinding);
}

/** `merge` says what an object shall be, `again` if it must be made anew; undefined if it is as it should be. */
function reconcile<T extends KubeObject>(
  api: ApiServer,
  kind: AnyKind,
  expected: Template<T>,
  merge: (existing: T, expected: Template<T>) => T | "again",
): void {
  const { name, namespace = "" } = expected.metadata;
  const existing = api.store.get(kind, namespace, name) as T | undefined;
  if (!existing) return create(api, kind, expected);
  if (existing.metadata.annotations?.[AUTOUPDATE] === "false") return;
  const merged = merge(existing, expected);
  if (merged === "again") {
    api.store.delete(kind, existing);
    return create(api, kind, expected);
  }
  const labels = { ...expected.metadata.labels, ...existing.metadata.labels };
  const annotations = { ...expected.metadata.annotations, ...existing.metadata.annotations };
  const next = { ...merged, metadata: { ...existing.metadata, labels, annotations } };
  if (!sameJson(next, existing)) api.store.update(kind, next, existing);
}

/** Straight into the store: the templates are right, and there are more than a hundred of them at each boot. */
function create<T extends KubeObject>(api: ApiServer, kind: AnyKind, { metadata, ...rest }: Template<T>): void {
  const { name, namespace, labels, annotations } = metadata;
  api.store.create(kind, {
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: api.kernel.random.uuid("kube/bootstrap-policy"),
      resourceVersion: "",
      creationTimestamp: rfc3339(api.kernel.now),
      labels,
      annotations,
    },
    ...rest,
  });
}

function mergedRole(existing: ClusterRole, expected: Template<ClusterRole>): ClusterRole {
  if (expected.aggregationRule)
    return existing.aggregationRule ? existing : { ...existing, aggregationRule: expected.aggregationRule };
  if (sameJson(existing.rules, expected.rules)) return existing;
  const missing = missingRules(existing.rules ?? [], expected.rules ?? []);
  return missing.length === 0 ? existing : { ...existing, rules: [...(existing.rules ?? []), ...missing] };
}

function mergedBinding(
  existing: RoleBinding,
  { roleRef, subjects = [] }: Template<RoleBinding>,
): RoleBinding | "again" {
  if (!sameJson(existing.roleRef, roleRef)) return "again";
  const has = (subject: Subject): boolean => existing.subjects?.some((one) => sameJson(one, subject)) ?? false;
  const missing = subjects.filter((subject) => !has(subject));
  return missing.length === 0 ? existing : { ...existing, subjects: [...(existing.subjects ?? []), ...missing] };
}

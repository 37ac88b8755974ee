import type { ClusterRole, PolicyRule, RoleBinding, Subject } from "../../../api/index.ts";
import { AGGREGATED, AGGREGATION_LABEL, CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES } from "./cluster-roles.ts";
import { CONTROLLER_ROLES } from "./controller-roles.ts";
import { NAMESPACE_BINDINGS, NAMESPACE_ROLES } from "./namespace-roles.ts";
import { policyRule } from "./rule-rows.ts";

const GROUP = "rbac.authorization.k8s.io";
export const AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";
const LABELS = { "kubernetes.io/bootstrapping": "rbac-defaults" };
const ANNOTATIONS = { [AUTOUPDATE]: "true" };

/** A role or binding without what the server fills in. */
export type Template<T> = Omit<T, "metadata"> & {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
};

export interface BootstrapPolicy {
  readonly clusterRoles: readonly Template<ClusterRole>[];
  readonly clusterRoleBindings: readonly Template<RoleBinding>[];
  readonly roles: readonly Template<ClusterRole>[];
  readonly roleBindings: readonly Template<RoleBinding>[];
}

let policy: BootstrapPolicy | undefined;

/** All that an API server makes sure of at its start. Made once, and shared by all clusters: nothing of it changes. */
export function bootstrapPolicy(): BootstrapPolicy {
  return (policy ??= {
    clusterRoles: [
      ...Object.entries(AGGREGATED).map(([name, { from, to }]) => ({
        metadata: metadata(name, to),
        aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATION_LABEL}${from}`]: "true" } }] },
        rules: null,
      })),
      ...Object.entries(CLUSTER_ROLES).map(([name, rows]) =>
        role(name, rows.map(policyRule), /^system:aggregate-to-(\w+)$/.exec(name)?.[1]),
      ),
      ...Object.entries(CONTROLLER_ROLES).map(([name, rows]) =>
        role(`system:controller:${name}`, rows.map(policyRule)),
      ),
    ],
    clusterRoleBindings: [
      ...CLUSTER_ROLE_BINDINGS.map(([name, kind, ...names]) =>
        binding(name, "ClusterRole", name, kind ? names.map((one) => subject(kind, one)) : []),
      ),
      ...Object.keys(CONTROLLER_ROLES).map((name) =>
        binding(`system:controller:${name}`, "ClusterRole", `system:controller:${name}`, [
          subject("ServiceAccount", name),
        ]),
      ),
    ],
    roles: NAMESPACE_ROLES.map(({ namespace, name, rules }) => ({
      metadata: metadata(name, undefined, namespace),
      rules: rules.map(policyRule),
    })),
    roleBindings: NAMESPACE_BINDINGS.map(({ namespace, name, role: roleName, users = [], accounts = [] }) =>
      binding(
        name,
        "Role",
        roleName,
        [...users.map((one) => subject("User", one)), ...accounts.map((one) => subject("ServiceAccount", one))],
        namespace,
      ),
    ),
  });
}

function metadata(name: string, aggregateTo?: string, namespace?: string): Template<ClusterRole>["metadata"] {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: aggregateTo === undefined ? LABELS : { ...LABELS, [`${AGGREGATION_LABEL}${aggregateTo}`]: "true" },
    annotations: ANNOTATIONS,
  };
}

function role(name: string, rules: readonly PolicyRule[], aggregateTo?: string): Template<ClusterRole> {
  return { metadata: metadata(name, aggregateTo), rules };
}

function binding(
  name: string,
  kind: "ClusterRole" | "Role",
  roleName: string,
  subjects: readonly Subject[],
  namespace?: string,
): Template<RoleBinding> {
  return {
    metadata: metadata(name, undefined, namespace),
    roleRef: { apiGroup: GROUP, kind, name: roleName },
    ...(subjects.length > 0 ? { subjects } : {}),
  };
}

function subject(kind: "User" | "Group" | "ServiceAccount", name: string): Subject {
  return kind === "ServiceAccount" ? { kind, name, namespace: "kube-system" } : { kind, apiGroup: GROUP, name };
}

import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { text } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";
import { CLUSTER_ROLE, GROUP, SUBJECT_FLAGS, subjects } from "./rbac.ts";

export const roleBinding = generator({
  use: "create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Create a role binding for a particular role or cluster role",
  about: "Create a role binding for a role or a cluster role.",
  examples: "# A user gets a role\nkubectl create rolebinding jane --role=reader --user=jane",
  flags: { ...SUBJECT_FLAGS, clusterrole: CLUSTER_ROLE, role: text("The Role to bind.") },
  mapping: { group: GROUP, version: "v1", resource: "rolebindings", kind: "RoleBinding", namespaced: true },
  failure: "failed to create rolebinding: ",
  build({ name, namespace, flags }): JsonObject | Failure {
    if (name === "") return { error: "name must be specified" };
    if ((flags.clusterrole === "") === (flags.role === ""))
      return { error: "exactly one of clusterrole or role must be specified" };
    const bound = subjects(flags);
    if (isFailure(bound)) return bound;
    const roleRef =
      flags.role === "" ? { kind: "ClusterRole", name: flags.clusterrole } : { kind: "Role", name: flags.role };
    return {
      kind: "RoleBinding",
      apiVersion: `${GROUP}/v1`,
      metadata: objectMeta(name, { namespace }),
      ...(bound.length > 0 ? { subjects: bound } : {}),
      roleRef: { apiGroup: GROUP, ...roleRef },
    };
  },
});

export const clusterRoleBinding = generator({
  use: "create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  summary: "Create a cluster role binding for a particular cluster role",
  about: "Create a cluster role binding for a cluster role.",
  examples: "# A user gets a cluster role\nkubectl create clusterrolebinding jane --clusterrole=view --user=jane",
  flags: {
    ...SUBJECT_FLAGS,
    clusterrole: { ...CLUSTER_ROLE, offer: { kind: "names", type: "clusterrole" } },
  },
  required: ["clusterrole"],
  mapping: {
    group: GROUP,
    version: "v1",
    resource: "clusterrolebindings",
    kind: "ClusterRoleBinding",
    namespaced: false,
  },
  failure: "failed to create clusterrolebinding: ",
  build({ name, flags }): JsonObject | Failure {
    const bound = subjects(flags);
    if (isFailure(bound)) return bound;
    return {
      kind: "ClusterRoleBinding",
      apiVersion: `${GROUP}/v1`,
      metadata: objectMeta(name),
      ...(bound.length > 0 ? { subjects: bound } : {}),
      roleRef: { apiGroup: GROUP, kind: "ClusterRole", name: flags.clusterrole },
    };
  },
});

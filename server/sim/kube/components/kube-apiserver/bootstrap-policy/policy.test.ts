import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { anyKind, type ClusterRole, type RoleBinding } from "../../../api/index.ts";
import { clusterRoleBindings, clusterRoles } from "../../../kinds/index.ts";
import { TestCluster } from "../../../kinds/testing.ts";
import { bootstrapPolicy } from "./policy.ts";
import { reconcileBootstrapPolicy } from "./reconcile.ts";

const URL = "/apis/rbac.authorization.k8s.io/v1";
const MERGE = { contentType: "application/merge-patch+json" };

/** Items of upstream's plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata, as they stand there. */
const UPSTREAM = `
- aggregationRule:
    clusterRoleSelectors:
    - matchLabels:
        rbac.authorization.k8s.io/aggregate-to-edit: "true"
  metadata:
    annotations:
      rbac.authorization.kubernetes.io/autoupdate: "true"
    labels:
      kubernetes.io/bootstrapping: rbac-defaults
      rbac.authorization.k8s.io/aggregate-to-admin: "true"
    name: edit
  rules: null
- metadata:
    annotations:
      rbac.authorization.kubernetes.io/autoupdate: "true"
    labels:
      kubernetes.io/bootstrapping: rbac-defaults
      rbac.authorization.k8s.io/aggregate-to-admin: "true"
    name: system:aggregate-to-admin
  rules:
  - apiGroups:
    - authorization.k8s.io
    resources:
    - localsubjectaccessreviews
    verbs:
    - create
  - apiGroups:
    - rbac.authorization.k8s.io
    resources:
    - rolebindings
    - roles
    verbs:
    - create
    - delete
    - deletecollection
    - get
    - list
    - patch
    - update
    - watch
- metadata:
    annotations:
      rbac.authorization.kubernetes.io/autoupdate: "true"
    labels:
      kubernetes.io/bootstrapping: rbac-defaults
    name: system:node-proxier
  rules:
  - apiGroups:
    - ""
    resources:
    - endpoints
    - services
    verbs:
    - list
    - watch
  - apiGroups:
    - ""
    resources:
    - nodes
    verbs:
    - get
    - list
    - watch
  - apiGroups:
    - ""
    - events.k8s.io
    resources:
    - events
    verbs:
    - create
    - patch
    - update
  - apiGroups:
    - networking.k8s.io
    resources:
    - servicecidrs
    verbs:
    - list
    - watch
  - apiGroups:
    - discovery.k8s.io
    resources:
    - endpointslices
    verbs:
    - list
    - watch
- metadata:
    annotations:
      rbac.authorization.kubernetes.io/autoupdate: "true"
    labels:
      kubernetes.io/bootstrapping: rbac-defaults
    name: system:certificates.k8s.io:kubelet-serving-approver
  rules:
  - apiGroups:
    - certificates.k8s.io
    resourceNames:
    - kubernetes.io/kubelet-serving
    resources:
    - signers
    verbs:
    - approve
- metadata:
    annotations:
      rbac.authorization.kubernetes.io/autoupdate: "true"
    labels:
      kubernetes.io/bootstrapping: rbac-defaults
    name: system:controller:replicaset-controller
  rules:
  - apiGroups:
    - apps
    - extensions
    resources:
    - replicasets
    verbs:
    - get
    - list
    - update
    - watch
  - apiGroups:
    - apps
    - extensions
    resources:
    - replicasets/status
    verbs:
    - update
  - apiGroups:
    - apps
    - extensions
    resources:
    - replicasets/finalizers
    verbs:
    - update
  - apiGroups:
    - ""
    resources:
    - pods
    verbs:
    - create
    - delete
    - list
    - patch
    - watch
  - apiGroups:
    - ""
    - events.k8s.io
    resources:
    - events
    verbs:
    - create
    - patch
    - update
`;

describe("the policy", () => {
  const { clusterRoles: all, clusterRoleBindings: bindings, roles, roleBindings } = bootstrapPolicy();

  test.each(parse(UPSTREAM) as ClusterRole[])("$metadata.name is upstream's", (expected) =>
    expect(all.find(({ metadata }) => metadata.name === expected.metadata.name)).toEqual(expected),
  );

  test("has what a 1.33 server has", () => {
    const controllers = all.filter(({ metadata }) => metadata.name.startsWith("system:controller:"));
    expect([all.length, controllers.length, bindings.length, roles.length, roleBindings.length]).toEqual([
      66, 35, 47, 7, 7,
    ]);
  });

  test("lists in rules are sorted, as upstream's are, and no binding leads nowhere", () => {
    for (const { metadata, rules } of [...all, ...roles])
      for (const list of (rules ?? []).flatMap((rule) => Object.values(rule) as (readonly string[])[]))
        expect({ name: metadata.name, list }).toEqual({ name: metadata.name, list: [...list].sort() });
    const names = new Set([...all, ...roles].map(({ metadata }) => metadata.name));
    for (const { roleRef } of [...bindings, ...roleBindings]) expect(names).toContain(roleRef.name);
  });
});

describe("at the start of a server", () => {
  function started(): TestCluster {
    const cluster = new TestCluster();
    reconcileBootstrapPolicy(cluster.api);
    return cluster;
  }
  const role = (cluster: TestCluster, name: string): ClusterRole | undefined =>
    cluster.client.get(clusterRoles, "", name);

  test("all is made, and nothing is written when all is there", () => {
    const cluster = started();
    expect(cluster.client.list(clusterRoles)).toHaveLength(66);
    const { revision } = cluster.api.store;
    reconcileBootstrapPolicy(cluster.api);
    expect(cluster.api.store.revision).toBe(revision);
  });

  test("what was deleted comes back, what was taken out of a role too, what was added stays", () => {
    const cluster = started();
    const extra = { apiGroups: ["x"], resources: ["y"], verbs: ["get"] };
    cluster.ok("DELETE", `${URL}/clusterroles/cluster-admin`);
    cluster.ok("PATCH", `${URL}/clusterroles/system:basic-user`, { rules: [extra] }, MERGE);
    cluster.ok("PATCH", `${URL}/clusterrolebindings/cluster-admin`, { subjects: null }, MERGE);
    reconcileBootstrapPolicy(cluster.api);
    expect(role(cluster, "cluster-admin")?.rules).toHaveLength(2);
    expect(role(cluster, "system:basic-user")?.rules).toEqual([
      extra,
      { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectaccessreviews"], verbs: ["create"] },
      { apiGroups: ["authorization.k8s.io"], resources: ["selfsubjectrulesreviews"], verbs: ["create"] },
      { apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"], verbs: ["create"] },
    ]);
    expect(cluster.client.get(clusterRoleBindings, "", "cluster-admin")?.subjects).toHaveLength(1);
  });

  test('what says autoupdate: "false" is left alone', () => {
    const cluster = started();
    const annotations = { "rbac.authorization.kubernetes.io/autoupdate": "false" };
    const url = `${URL}/clusterroles/system:discovery`;
    cluster.ok("PATCH", url, { metadata: { annotations }, rules: [] }, MERGE);
    reconcileBootstrapPolicy(cluster.api);
    expect(role(cluster, "system:discovery")?.rules).toBeNull();
  });

  test("a binding that leads elsewhere is made anew", () => {
    const cluster = started();
    const name = "system:monitoring";
    cluster.ok("DELETE", `${URL}/clusterrolebindings/${name}`);
    const roleRef = { kind: "ClusterRole", name: "cluster-admin" };
    const old = cluster.ok<RoleBinding>("POST", `${URL}/clusterrolebindings`, { metadata: { name }, roleRef });
    reconcileBootstrapPolicy(cluster.api);
    const now = cluster.api.store.get(anyKind(clusterRoleBindings), "", name) as RoleBinding;
    expect(now.roleRef.name).toBe(name);
    expect(now.metadata.uid).not.toBe(old.metadata.uid);
  });
});

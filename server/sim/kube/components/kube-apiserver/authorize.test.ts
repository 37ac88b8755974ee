import { describe, expect, test } from "vitest";
import { reconcileBootstrapPolicy } from "./bootstrap-policy/reconcile.ts";
import { account, GuardedCluster, MASTER, user } from "./testing.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const REVIEWS = "/apis/authorization.k8s.io/v1";
const jane = user("jane");
const node = user("system:node:node01", "system:nodes");

function cluster(): GuardedCluster {
  const made = new GuardedCluster();
  reconcileBootstrapPolicy(made.api);
  return made;
}

function bind(one: GuardedCluster, name: string, role: string, ...names: string[]): void {
  const subjects = names.map((each) => ({ kind: "User", name: each }));
  one.ok("POST", `${RBAC}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { kind: "ClusterRole", name: role },
    subjects,
  });
}

describe("Forbidden", () => {
  const guarded = cluster();
  test.each<[string, string, string]>([
    [
      "GET",
      "/api/v1/pods",
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope',
    ],
    [
      "GET",
      "/api/v1/namespaces/default/pods/web",
      'pods "web" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "default"',
    ],
    [
      "GET",
      "/api/v1/namespaces/default/pods/web/log",
      'pods "web" is forbidden: User "jane" cannot get resource "pods/log" in API group "" in the namespace "default"',
    ],
    [
      "GET",
      "/apis/apps/v1/namespaces/default/deployments?watch=1",
      'deployments.apps is forbidden: User "jane" cannot watch resource "deployments" in API group "apps" in the namespace "default"',
    ],
    [
      "DELETE",
      "/apis/apps/v1/namespaces/default/deployments",
      'deployments.apps is forbidden: User "jane" cannot deletecollection resource "deployments" in API group "apps" in the namespace "default"',
    ],
    [
      "GET",
      "/api/v1/namespaces/lab",
      'namespaces "lab" is forbidden: User "jane" cannot get resource "namespaces" in API group "" in the namespace "lab"',
    ],
    [
      "GET",
      "/api/v1/nodes?fieldSelector=metadata.name%3Dnode01",
      'nodes "node01" is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
    ],
    ["POST", "/metrics", 'forbidden: User "jane" cannot post path "/metrics"'],
  ])("%s %s", (method, url, message) =>
    expect(guarded.as(jane, method, url)).toMatchObject({ code: 403, reason: "Forbidden", message }),
  );

  test("what could be HTML is escaped, what could not be found is told", () => {
    const odd = user("<b>&");
    bind(guarded, "ghost", "ghost", odd.name);
    expect(guarded.as(odd, "GET", "/api/v1/nodes").message).toBe(
      'nodes is forbidden: User "&lt;b&gt;&amp;" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "ghost" not found',
    );
    bind(guarded, "ghost2", "ghost2", odd.name);
    expect(guarded.as(odd, "GET", "/api/v1/nodes").message).toMatch(
      /: RBAC: \[clusterrole\.rbac\.authorization\.k8s\.io "ghost" not found, clusterrole\.rbac\.authorization\.k8s\.io "ghost2" not found\]$/,
    );
  });

  test("system:masters may everything, whatever the roles are", () => {
    expect(guarded.as(MASTER, "GET", "/api/v1/pods")).toMatchObject({ kind: "PodList" });
  });
});

describe("modes", () => {
  test("AlwaysDeny says so, AlwaysAllow does not ask", () => {
    expect(new GuardedCluster(["AlwaysDeny"]).as(jane, "GET", "/api/v1/nodes").message).toMatch(
      /at the cluster scope: Everything is forbidden\.$/,
    );
    expect(new GuardedCluster(["AlwaysAllow"]).as(jane, "GET", "/api/v1/nodes")).toMatchObject({ kind: "NodeList" });
  });
});

describe("the Node authorizer", () => {
  const guarded = cluster();
  const url = "/api/v1/namespaces/default";
  for (const name of ["used", "other"]) guarded.ok("POST", `${url}/secrets`, { metadata: { name } });
  guarded.ok("POST", `${url}/pods`, {
    metadata: { name: "web" },
    spec: {
      nodeName: "node01",
      containers: [
        { name: "web", image: "nginx", env: [{ name: "A", valueFrom: { secretKeyRef: { name: "used", key: "a" } } }] },
      ],
    },
  });
  const why = (method: string, path: string): string =>
    (guarded.as(node, method, path).message ?? "allowed").replace(/^.*(?:scope|namespace "[^"]*"): /, "");

  test.each([
    ["GET", `${url}/secrets/used`, "allowed"],
    ["GET", `${url}/secrets/other`, "no relationship found between node 'node01' and this object"],
    ["GET", `${url}/configmaps/kube-root-ca.crt`, 'configmaps "kube-root-ca.crt" not found'],
    ["GET", `${url}/configmaps/other`, "no relationship found between node 'node01' and this object"],
    ["GET", "/api/v1/secrets", "can only read namespaced object of this type"],
    ["DELETE", `${url}/secrets/used`, "can only read resources of this type"],
    ["GET", `${url}/pods/web`, "allowed"],
    ["GET", "/api/v1/pods", "can only list/watch pods with spec.nodeName field selector"],
    ["GET", "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode01", "allowed"],
    ["GET", "/api/v1/nodes/node02", "node 'node01' cannot read 'node02', only its own Node object"],
    ["GET", "/api/v1/nodes", "node 'node01' cannot read all nodes, only its own Node object"],
    ["GET", "/api/v1/services", "allowed"],
    [
      "GET",
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node02",
      "can only access node lease with the same name as the requesting node",
    ],
    [
      "GET",
      "/apis/coordination.k8s.io/v1/namespaces/default/leases/node01",
      'can only access leases in the "kube-node-lease" system namespace',
    ],
  ])("%s %s: %s", (method, path, words) => expect(why(method, path)).toBe(words));
});

describe("reviews", () => {
  const guarded = cluster();
  bind(guarded, "viewers", "system:aggregate-to-view", "jane");
  const ask = (who: typeof jane, kind: string, spec: unknown, path = `${REVIEWS}/${kind.toLowerCase()}s`): unknown => {
    const answer = guarded.as(who, "POST", path, { kind, apiVersion: "authorization.k8s.io/v1", spec });
    return answer["code"] === undefined ? answer["status"] : answer.message;
  };
  const pods = { resourceAttributes: { verb: "list", resource: "pods", namespace: "default" } };

  test("who may what, and why", () => {
    expect(ask(jane, "SelfSubjectAccessReview", pods)).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "viewers" of ClusterRole "system:aggregate-to-view" to User "jane"',
    });
    expect(ask(user("jim"), "SelfSubjectAccessReview", pods)).toEqual({ allowed: false });
    expect(ask(MASTER, "SubjectAccessReview", { ...pods, user: "jane" })).toMatchObject({ allowed: true });
    expect(ask(MASTER, "SubjectAccessReview", { ...pods, groups: ["system:masters"] })).toEqual({ allowed: true });
    expect(ask(jane, "SelfSubjectAccessReview", { nonResourceAttributes: { verb: "get", path: "/api" } })).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
    });
    guarded.ok("POST", `${RBAC}/namespaces/default/rolebindings`, {
      metadata: { name: "bots" },
      roleRef: { kind: "ClusterRole", name: "system:aggregate-to-view" },
      subjects: [{ kind: "ServiceAccount", name: "bot", namespace: "lab" }],
    });
    expect(ask(account("lab", "bot"), "SelfSubjectAccessReview", pods)).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "bots/default" of ClusterRole "system:aggregate-to-view" to ServiceAccount "bot/lab"',
    });
  });

  test.each<[string, unknown, string]>([
    [
      "SelfSubjectAccessReview",
      {},
      'SelfSubjectAccessReview.authorization.k8s.io "" is invalid: spec.resourceAttributes: Required value: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      "SubjectAccessReview",
      pods,
      'SubjectAccessReview.authorization.k8s.io "" is invalid: spec.user: Required value: at least one of user or group must be specified',
    ],
    ["SelfSubjectRulesReview", {}, "no namespace on request"],
  ])("%s of %j", (kind, spec, message) => expect(ask(MASTER, kind, spec)).toBe(message));

  test("of a namespace", () => {
    const path = `${REVIEWS}/namespaces/default/localsubjectaccessreviews`;
    expect(ask(MASTER, "LocalSubjectAccessReview", { ...pods, user: "jane" }, path)).toMatchObject({ allowed: true });
    const elsewhere = { user: "jane", resourceAttributes: { ...pods.resourceAttributes, namespace: "lab" } };
    expect(ask(MASTER, "LocalSubjectAccessReview", elsewhere, path)).toContain(
      'spec.resourceAttributes.namespace: Invalid value: "lab": must match metadata.namespace',
    );
  });

  test("all rules of somebody", () => {
    expect(ask(user("jim"), "SelfSubjectRulesReview", { namespace: "default" })).toMatchObject({
      incomplete: false,
      resourceRules: [
        {
          verbs: ["create"],
          apiGroups: ["authorization.k8s.io"],
          resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        },
        { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
      ],
    });
    expect(ask(node, "SelfSubjectRulesReview", { namespace: "default" })).toMatchObject({
      incomplete: true,
      evaluationError: "node authorizer does not support user rule resolution",
    });
  });

  test("who somebody is", () => {
    expect(
      guarded.as({ ...jane, uid: "7" }, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
        kind: "SelfSubjectReview",
        apiVersion: "authentication.k8s.io/v1",
      })["status"],
    ).toEqual({ userInfo: { username: "jane", uid: "7", groups: ["system:authenticated"] } });
  });
});

import { describe, expect, test } from "vitest";
import { reconcileBootstrapPolicy } from "./bootstrap-policy/reconcile.ts";
import { GuardedCluster, user } from "./testing.ts";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const ROLES = `${RBAC}/namespaces/default/roles`;
const BINDINGS = `${RBAC}/namespaces/default/rolebindings`;
const GROUP = "rbac.authorization.k8s.io";
const MERGE = { contentType: "application/merge-patch+json" };
const cluster = new GuardedCluster();
reconcileBootstrapPolicy(cluster.api);

/** What is wrong with an object, without the words that all refusals begin with. */
function wrong(url: string, body: object): string {
  const { message, code } = cluster.refusal("POST", url, { metadata: { name: "x" }, ...body });
  expect(code).toBe(422);
  return message.slice(message.indexOf("is invalid: ") + "is invalid: ".length);
}

describe("validation", () => {
  const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get"] };
  const path = { nonResourceURLs: ["/metrics"], verbs: ["get"] };
  test.each<[string, string, object, string]>([
    [
      "no verbs",
      ROLES,
      { ...rule, verbs: [] },
      "rules[0].verbs: Required value: verbs must contain at least one value",
    ],
    [
      "no groups",
      ROLES,
      { ...rule, apiGroups: [] },
      "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
    ],
    [
      "no resources",
      ROLES,
      { ...rule, resources: [] },
      "rules[0].resources: Required value: resource rules must supply at least one resource",
    ],
    [
      "paths in a Role",
      ROLES,
      path,
      'rules[0].nonResourceURLs: Invalid value: []string{"/metrics"}: namespaced rules cannot apply to non-resource URLs',
    ],
    [
      "paths and resources",
      `${RBAC}/clusterroles`,
      { ...path, ...rule },
      'rules[0].nonResourceURLs: Invalid value: []string{"/metrics"}: rules cannot apply to both regular resources and non-resource URLs',
    ],
  ])("%s", (_, url, one, text) => expect(wrong(url, { rules: [one] })).toBe(text));

  test("names may hold all that a path can", () => {
    cluster.ok("POST", ROLES, { metadata: { name: "system:It's_fine" }, rules: [rule] });
    expect(wrong(ROLES, { metadata: { name: "a/b%" }, rules: [rule] })).toBe(
      `[metadata.name: Invalid value: "a/b%": may not contain '/', metadata.name: Invalid value: "a/b%": may not contain '%']`,
    );
  });

  const roleRef = { kind: "Role", name: "reader" };
  test.each<[string, string, object, string]>([
    [
      "another kind",
      BINDINGS,
      { roleRef: { kind: "Pod", name: "a" } },
      'roleRef.kind: Unsupported value: "Pod": supported values: "Role", "ClusterRole"',
    ],
    [
      "a Role for all",
      `${RBAC}/clusterrolebindings`,
      { roleRef },
      'roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"',
    ],
    ["no name", BINDINGS, { roleRef: { kind: "Role" } }, "roleRef.name: Required value"],
    [
      "an odd subject",
      BINDINGS,
      { roleRef, subjects: [{ kind: "Robot", name: "a" }] },
      'subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"',
    ],
    [
      "a group without a name",
      BINDINGS,
      { roleRef, subjects: [{ kind: "Group" }] },
      '[subjects[0].name: Required value, subjects[0].name: Invalid value: "": group name cannot be empty]',
    ],
    [
      "an account of no namespace",
      `${RBAC}/clusterrolebindings`,
      { roleRef: { kind: "ClusterRole", name: "view" }, subjects: [{ kind: "ServiceAccount", name: "bot" }] },
      "subjects[0].namespace: Required value",
    ],
  ])("%s", (_, url, body, text) => expect(wrong(url, body)).toBe(text));

  test("defaults, columns, and a roleRef that stays", () => {
    cluster.ok("POST", ROLES, { metadata: { name: "reader" }, rules: [rule] });
    const made = cluster.ok("POST", BINDINGS, {
      metadata: { name: "readers" },
      roleRef,
      subjects: [
        { kind: "User", name: "jane" },
        { kind: "Group", name: "dev" },
        { kind: "ServiceAccount", name: "bot", namespace: "lab" },
      ],
    });
    expect(made).toMatchObject({
      roleRef: { apiGroup: GROUP, ...roleRef },
      subjects: [{ apiGroup: GROUP }, { apiGroup: GROUP }, { kind: "ServiceAccount" }],
    });
    expect(cluster.cells(`${BINDINGS}/readers`)).toEqual({
      Name: "readers",
      Role: "Role/reader",
      Age: "0s",
      Users: "jane",
      Groups: "dev",
      ServiceAccounts: "lab/bot",
    });
    const refused = cluster.refused("PATCH", `${BINDINGS}/readers`, { roleRef: { name: "writer" } }, MERGE);
    expect(refused).toBe(
      `422 RoleBinding.rbac.authorization.k8s.io "readers" is invalid: roleRef: Invalid value: rbac.RoleRef{APIGroup:"rbac.authorization.k8s.io", Kind:"Role", Name:"writer"}: cannot change roleRef`,
    );
  });
});

describe("nobody grants what they do not have", () => {
  const jane = user("jane");
  const grant = (name: string, rules: object[], to: string): void => {
    cluster.ok("POST", `${RBAC}/clusterroles`, { metadata: { name }, rules });
    cluster.ok("POST", `${RBAC}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { kind: "ClusterRole", name },
      subjects: [{ kind: "User", name: to }],
    });
  };
  const manage = {
    apiGroups: [GROUP],
    resources: ["roles", "rolebindings", "clusterroles"],
    verbs: ["create", "update", "get"],
  };
  grant("manager", [manage, { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }], "jane");
  const create = (who: typeof jane, url: string, body: object): string => {
    const answer = who && cluster.as(who, "POST", url, body);
    return answer["code"] === undefined ? "created" : answer.message!;
  };

  test("in a Role", () => {
    const rules = [{ apiGroups: ["", "apps"], resources: ["pods", "deployments"], verbs: ["get", "delete"] }];
    expect(create(jane, ROLES, { metadata: { name: "more" }, rules })).toBe(
      'roles.rbac.authorization.k8s.io "more" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["deployments"], Verbs:["get" "delete"]}\n' +
        '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}\n' +
        '{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "delete"]}\n' +
        '{APIGroups:["apps"], Resources:["pods"], Verbs:["get" "delete"]}',
    );
    const less = [{ apiGroups: [""], resources: ["pods"], resourceNames: ["web"], verbs: ["get"] }];
    expect(create(jane, ROLES, { metadata: { name: "less" }, rules: less })).toBe("created");
  });

  test("by a binding, unless with the verb bind", () => {
    const body = { metadata: { name: "b" }, roleRef: { kind: "ClusterRole", name: "system:monitoring" } };
    expect(create(jane, BINDINGS, body)).toBe(
      'rolebindings.rbac.authorization.k8s.io "b" is forbidden: user "jane" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
        '{APIGroups:[""], Resources:["nodes/metrics"], Verbs:["get"]}\n' +
        ["/healthz/*", "/livez/*", "/metrics", "/metrics/slis", "/readyz/*"]
          .map((url) => `{NonResourceURLs:["${url}"], Verbs:["get"]}`)
          .join("\n"),
    );
    expect(create(jane, BINDINGS, { ...body, roleRef: { kind: "Role", name: "ghost" } })).toBe(
      'roles.rbac.authorization.k8s.io "ghost" not found',
    );
    const bind = {
      apiGroups: [GROUP],
      resources: ["clusterroles"],
      resourceNames: ["system:monitoring"],
      verbs: ["bind"],
    };
    grant("binder", [bind], "jane");
    expect(create(jane, BINDINGS, body)).toBe("created");
  });

  test("by aggregation, unless with everything", () => {
    const body = {
      metadata: { name: "gathered" },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: "b" } }] },
      rules: [],
    };
    expect(create(jane, `${RBAC}/clusterroles`, body)).toBe(
      'clusterroles.rbac.authorization.k8s.io "gathered" is forbidden: must have cluster-admin privileges to use the aggregationRule',
    );
    const escalate = { apiGroups: [GROUP], resources: ["clusterroles", "roles"], verbs: ["escalate"] };
    grant("escalator", [escalate], "jane");
    expect(create(jane, `${RBAC}/clusterroles`, body)).toBe("created");
    const all = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];
    expect(create(jane, ROLES, { metadata: { name: "all" }, rules: all })).toBe("created");
  });

  test("the rules of a role that is not there are told as an error", () => {
    grant("role-maker", [manage], "jim");
    cluster.ok("POST", `${RBAC}/clusterrolebindings`, {
      metadata: { name: "jim-ghost" },
      roleRef: { kind: "ClusterRole", name: "ghost" },
      subjects: [{ kind: "User", name: "jim" }],
    });
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
    expect(create(user("jim"), ROLES, { metadata: { name: "r" }, rules })).toMatch(
      /\n\{APIGroups:\[""\], Resources:\["pods"\], Verbs:\["get"\]\}; resolution errors: \[clusterroles\.rbac\.authorization\.k8s\.io "ghost" not found\]$/,
    );
  });
});

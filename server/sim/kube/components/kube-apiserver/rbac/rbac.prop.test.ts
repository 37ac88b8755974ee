import fc from "fast-check";
import { expect, test } from "vitest";
import type { PolicyRule, RoleBinding, Subject, UserInfo } from "../../../api/index.ts";
import { account, GuardedCluster, user } from "../testing.ts";
import { authorizeByRoles } from "./rbac-authorizer.ts";

const API = "/apis/rbac.authorization.k8s.io/v1";
const NAMESPACES = ["default", "lab"];
const RESOURCES = ["pods", "pods/log", "deployments", "deployments/scale", "secrets"];
const USERS: readonly UserInfo[] = [
  user("jane"),
  user("jim", "dev"),
  user("root", "dev", "ops"),
  account("default", "bot"),
  account("lab", "bot"),
];

const some = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...items], { minLength: 1 });
const rule: fc.Arbitrary<PolicyRule> = fc.record(
  {
    verbs: some(["get", "list", "create", "*"]),
    apiGroups: some(["", "apps", "*"]),
    resources: some([...RESOURCES, "*", "*/log", "*/scale"]),
    resourceNames: fc.subarray(["web"]),
  },
  { requiredKeys: ["verbs", "apiGroups", "resources"] },
);
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.constantFrom("jane", "jim").map((name) => ({ kind: "User", apiGroup: "rbac.authorization.k8s.io", name })),
  fc
    .constantFrom("dev", "ops", "system:serviceaccounts:lab")
    .map((name) => ({ kind: "Group", apiGroup: "rbac.authorization.k8s.io", name })),
  fc.constantFrom(...NAMESPACES).map((namespace) => ({ kind: "ServiceAccount", name: "bot", namespace })),
);
const roleName = fc.constantFrom("a", "b", "gone");
const world = fc.record({
  clusterRoles: fc.record({ a: fc.array(rule, { maxLength: 2 }), b: fc.array(rule, { maxLength: 2 }) }),
  roles: fc.record({ a: fc.array(rule, { maxLength: 2 }) }),
  clusterBindings: fc.array(fc.record({ role: roleName, subjects: fc.array(subject, { maxLength: 2 }) }), {
    maxLength: 3,
  }),
  bindings: fc.array(
    fc.record({
      namespace: fc.constantFrom(...NAMESPACES),
      kind: fc.constantFrom("Role", "ClusterRole"),
      role: roleName,
      subjects: fc.array(subject, { maxLength: 2 }),
    }),
    { maxLength: 4 },
  ),
});

interface Asked {
  readonly user: UserInfo;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The same decision by going through all bindings and rules, without any index. */
function expected(
  bindings: readonly RoleBinding[],
  rulesOf: (binding: RoleBinding) => readonly PolicyRule[],
  asked: Asked,
): boolean {
  const is = (one: Subject, namespace: string): boolean => {
    if (one.kind === "User") return one.name === asked.user.name;
    if (one.kind === "Group") return asked.user.groups.some((group) => group === one.name);
    return asked.user.name === ["system:serviceaccount", one.namespace ?? namespace, one.name].join(":");
  };
  const full = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const fits = ({ verbs, apiGroups = [], resources = [], resourceNames = [] }: PolicyRule): boolean =>
    verbs.some((verb) => verb === "*" || verb === asked.verb) &&
    apiGroups.some((group) => group === "*" || group === asked.group) &&
    resources.some(
      (resource) =>
        resource === "*" || resource === full || (asked.subresource !== "" && resource === `*/${asked.subresource}`),
    ) &&
    (resourceNames.length === 0 || resourceNames.some((name) => name === asked.name));
  return bindings.some(({ metadata: { namespace }, subjects = [], ...binding }) => {
    if (namespace !== undefined && namespace !== asked.namespace) return false;
    if (!subjects.some((one) => is(one, namespace ?? ""))) return false;
    return rulesOf({ ...binding, metadata: { namespace } } as RoleBinding).some(fits);
  });
}

test("the index of bindings decides as a walk through all of them", () => {
  const cluster = new GuardedCluster();
  cluster.ok("POST", "/api/v1/namespaces", { metadata: { name: "lab" } });
  fc.assert(
    fc.property(world, ({ clusterRoles, roles, clusterBindings, bindings }) => {
      const all: RoleBinding[] = [];
      const empty = (path: string): void => void cluster.call("DELETE", `${API}/${path}`);
      for (const path of ["clusterroles", "clusterrolebindings"]) empty(path);
      for (const namespace of NAMESPACES)
        for (const path of ["roles", "rolebindings"]) empty(`namespaces/${namespace}/${path}`);
      for (const [name, rules] of Object.entries(clusterRoles))
        cluster.ok("POST", `${API}/clusterroles`, { metadata: { name }, rules });
      for (const namespace of NAMESPACES)
        for (const [name, rules] of Object.entries(roles))
          cluster.ok("POST", `${API}/namespaces/${namespace}/roles`, { metadata: { name }, rules });
      for (const [at, { role, subjects }] of clusterBindings.entries())
        all.push(
          cluster.ok("POST", `${API}/clusterrolebindings`, {
            metadata: { name: `b${at}` },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
            subjects,
          }),
        );
      for (const [at, { namespace, kind, role, subjects }] of bindings.entries())
        all.push(
          cluster.ok("POST", `${API}/namespaces/${namespace}/rolebindings`, {
            metadata: { name: `b${at}` },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
            subjects,
          }),
        );
      const rulesOf = ({ roleRef: { kind, name } }: RoleBinding): readonly PolicyRule[] =>
        (kind === "ClusterRole" ? clusterRoles : roles)[name as "a"] ?? [];
      for (const one of USERS)
        for (const verb of ["get", "create"])
          for (const [group, resource] of [
            ["", "pods"],
            ["apps", "deployments"],
            ["", "secrets"],
          ] as const)
            for (const subresource of ["", "log", "scale"])
              for (const namespace of ["", ...NAMESPACES])
                for (const name of ["", "web"]) {
                  const asked = { user: one, verb, group, version: "v1", resource, subresource, namespace, name };
                  expect({ asked, allowed: authorizeByRoles(cluster.api, asked).allowed }).toEqual({
                    asked,
                    allowed: expected(all, rulesOf, asked),
                  });
                }
    }),
    { numRuns: 40 },
  );
});

import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { texts, text } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { Aggregate, GoError, NoResourceMatch } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";

export const GROUP = "rbac.authorization.k8s.io";

const VERBS = [
  "get",
  "delete",
  "list",
  "create",
  "update",
  "patch",
  "watch",
  "proxy",
  "deletecollection",
  "use",
  "bind",
  "escalate",
  "impersonate",
  "*",
];

/** Verbs that only some types know (kubectl pkg/cmd/create/create_role.go specialVerbs). */
const SPECIAL: Readonly<Record<string, readonly (readonly [group: string, resource: string])[]>> = {
  use: [
    ["policy", "podsecuritypolicies"],
    ["extensions", "podsecuritypolicies"],
  ],
  bind: [
    [GROUP, "roles"],
    [GROUP, "clusterroles"],
  ],
  escalate: [
    [GROUP, "roles"],
    [GROUP, "clusterroles"],
  ],
  impersonate: [
    ["", "users"],
    ["", "serviceaccounts"],
    ["", "groups"],
    ["authentication.k8s.io", "userextras"],
  ],
};

/** A type with perhaps a part of it: `pods/log`. */
interface Target {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

/** Verbs without repetition; `*` stands for all. */
export function verbsOf(given: readonly string[]): readonly string[] {
  return given.includes("*") ? ["*"] : [...new Set(given)];
}

/** What is wrong with verbs and types; nothing if they fit. Warns of what is unusual. */
export function checkVerbs(
  verbs: readonly string[],
  targets: readonly Target[],
): { readonly failure?: Failure; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  for (const verb of verbs) {
    const special = SPECIAL[verb];
    if (!VERBS.includes(verb)) warnings.push(`Warning: '${verb}' is not a standard resource verb\n`);
    if (!special) continue;
    for (const { group, resource } of targets)
      if (!special.some(([g, r]) => g === group && r === resource))
        return { failure: { error: `can not apply '${verb}' to '${resource}' in group '${group}'` }, warnings };
  }
  return { warnings };
}

/** Looks up `--resource`s: TYPE[.GROUP][/PART]; throws what the server does not have. */
export async function targetsOf(factory: Factory, given: readonly string[]): Promise<readonly Target[]> {
  const found: Target[] = [];
  const errors: GoError[] = [];
  const words = given.some((word) => word === "*") ? ["*"] : given;
  for (const word of words) {
    const [type = "", subresource = ""] = word.split(/\/(.*)/s);
    if (type === "*") {
      found.push({ group: "", resource: "*", subresource });
      continue;
    }
    const [resource = "", group = ""] = type.split(/\.(.*)/s);
    try {
      const mapper = await factory.mapper();
      const known = await mapper.resourceFor({ resource, group, version: "" });
      found.push({ group: known.group, resource: known.name, subresource });
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      if (error instanceof NoResourceMatch && resource.includes("*")) found.push({ group, resource, subresource });
      else errors.push(error instanceof NoResourceMatch ? new GoError(error.message) : error);
    }
  }
  // A list of errors in a list of errors: `error: ` is lost on the way.
  if (errors.length > 0) throw new Aggregate([new Aggregate(errors)]);
  return found;
}

/** One rule for each group of types, in the order in which the groups were named. */
export function policyRules(
  verbs: readonly string[],
  targets: readonly Target[],
  resourceNames: readonly string[],
  nonResourceUrls: readonly string[] = [],
): JsonObject[] {
  const groups = new Map<string, string[]>();
  for (const { group, resource, subresource } of targets) {
    const name = subresource === "" ? resource : `${resource}/${subresource}`;
    const members = groups.get(group) ?? [];
    if (!members.includes(name)) members.push(name);
    groups.set(group, members);
  }
  const rules: JsonObject[] = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      verbs: [...verbs],
      apiGroups: [group],
      resources,
      ...(resourceNames.length > 0 ? { resourceNames: [...resourceNames] } : {}),
    }));
  if (nonResourceUrls.length > 0) rules.push({ verbs: [...verbs], nonResourceURLs: [...nonResourceUrls] });
  return rules;
}

export const SUBJECT_FLAGS = {
  group: texts("Groups to bind to the role."),
  serviceaccount: texts("Service accounts to bind to the role: NAMESPACE:NAME."),
  user: texts("Users to bind to the role."),
};

export const CLUSTER_ROLE = text("The ClusterRole to bind.");

/** The subjects of a binding. */
export function subjects(flags: {
  readonly user: readonly string[];
  readonly group: readonly string[];
  readonly serviceaccount: readonly string[];
}): JsonObject[] | Failure {
  const found: JsonObject[] = [
    ...flags.user.map((name) => ({ kind: "User", apiGroup: GROUP, name })),
    ...flags.group.map((name) => ({ kind: "Group", apiGroup: GROUP, name })),
  ];
  for (const account of flags.serviceaccount) {
    const parts = account.split(":");
    if (parts.length !== 2 || parts[0] === "" || parts[1] === "")
      return { error: "serviceaccount must be <namespace>:<name>" };
    found.push({ kind: "ServiceAccount", name: parts[1]!, namespace: parts[0]! });
  }
  return found;
}

import type { Process } from "../../../../sim/host/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { texts, text } from "../../cobra/flag.ts";
import type { Invocation } from "../../cobra/command.ts";
import { GoError } from "../../errors/go-error.ts";
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

export async function warnOfVerbs(process: Process, verbs: readonly string[]): Promise<void> {
  for (const verb of verbs)
    if (!VERBS.includes(verb)) await process.error(`Warning: '${verb}' is not a standard resource verb\n`);
}

/** Looks up `--resource`s, TYPE[.GROUP][/PART], and says what does not go with the verbs (create_role.go validateResource). */
export async function targetsFor(
  { factory }: Pick<Invocation, "factory">,
  verbs: readonly string[],
  given: readonly string[],
): Promise<readonly Target[] | Failure> {
  const targets: Target[] = [];
  for (const word of given.includes("*") ? ["*"] : given) {
    const [type = "", subresource = ""] = word.split(/\/(.*)/s);
    const [resource = "", group = ""] = type.split(/\.(.*)/s);
    if (resource === "") return { error: "resource must be specified if apiGroup/subresource specified" };
    targets.push({ group, resource, subresource });
  }
  const mapper = await factory.mapper();
  const found: Target[] = [];
  // Behind a type that stands for all, nothing is checked any more.
  let all = false;
  for (const { group, resource, subresource } of targets) {
    all ||= resource === "*";
    let target: Target = { group, resource, subresource };
    let unknown: GoError | undefined;
    try {
      const known = await mapper.resourceFor({ resource, group, version: "" });
      target = { group: known.group, resource: known.name, subresource };
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      unknown = error;
    }
    found.push(target);
    if (all) continue;
    for (const verb of verbs) {
      const special = SPECIAL[verb];
      if (!special) continue;
      if (!special.some(([g, r]) => g === target.group && r === target.resource))
        return { error: `can not perform '${verb}' on '${target.resource}' in group '${target.group}'` };
      unknown = undefined;
    }
    if (unknown) throw unknown;
  }
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
      ...(resourceNames.length > 0 ? { resourceNames: [...new Set(resourceNames)] } : {}),
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

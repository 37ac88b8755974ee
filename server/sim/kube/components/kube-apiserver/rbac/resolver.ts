import {
  anyKind,
  quote,
  type ClusterRole,
  type KubeObject,
  type PolicyRule,
  type ResolvedRules,
  type Role,
  type RoleBinding,
  type RoleRef,
  type Subject,
  type UserInfo,
} from "../../../api/index.ts";
import type { ApiServer } from "../../../api/index.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "../../../kinds/index.ts";

type Store = Pick<ApiServer["store"], "get" | "indexed" | "listen">;

const KINDS = {
  clusterRoles: anyKind(clusterRoles),
  clusterRoleBindings: anyKind(clusterRoleBindings),
  roles: anyKind(roles),
  roleBindings: anyKind(roleBindings),
} as const;

/** A role that somebody has through a binding; without rules: the binding names a role that is not there. */
export interface Grant {
  readonly rules: readonly PolicyRule[] | undefined;
  readonly binding: RoleBinding;
  /** The first of the binding's subjects that the user is. */
  readonly subject: Subject;
}

/** What users have, by namespace, until a role or binding is written: components ask with the same user all the time. */
type Known = WeakMap<UserInfo, Map<string, readonly Grant[]>>;

const known = new WeakMap<Store, { grants: Known }>();

function knownOf(store: Store): Known {
  let cache = known.get(store);
  if (!cache) {
    const fresh = { grants: new WeakMap() as Known };
    for (const kind of Object.values(KINDS)) store.listen(kind, () => (fresh.grants = new WeakMap()));
    known.set(store, (cache = fresh));
  }
  return cache.grants;
}

/** The roles of a user in a namespace, remembered for as long as the user is the same object and no role changes. */
export function grants(store: Store, user: UserInfo, namespace: string): readonly Grant[] {
  const users = knownOf(store);
  let spaces = users.get(user);
  if (!spaces) users.set(user, (spaces = new Map<string, readonly Grant[]>()));
  let found = spaces.get(namespace);
  if (!found) spaces.set(namespace, (found = [...findGrants(store, user, namespace)]));
  return found;
}

/**
 * The roles of a user: those that ClusterRoleBindings give, then those of a namespace (pkg/registry/rbac/validation
 * DefaultRuleResolver.VisitRulesFor). Bindings stand in an index of the store under their subjects, so that this costs
 * a few look-ups however many there are.
 */
function* findGrants(store: Store, user: UserInfo, namespace: string): Generator<Grant> {
  const subjects = [`User ${user.name}`, ...user.groups.map((group) => `Group ${group}`)];
  yield* bound(store, user, subjects, "");
  if (namespace !== "") yield* bound(store, user, subjects, namespace);
}

function* bound(store: Store, user: UserInfo, subjects: readonly string[], namespace: string): Generator<Grant> {
  const kind = namespace === "" ? KINDS.clusterRoleBindings : KINDS.roleBindings;
  const seen = new Set<KubeObject>();
  for (const key of subjects)
    for (const object of store.indexed(kind, "rbac/subject", subjectKeys, `${namespace} ${key}`)) {
      if (seen.has(object)) continue;
      seen.add(object);
      const binding = object as RoleBinding;
      const subject = binding.subjects?.find((one) => isUser(one, user, namespace));
      if (subject) yield { rules: rulesOf(store, binding.roleRef, namespace), binding, subject };
    }
}

/** The rules of a role; undefined if it is not there. */
export function rulesOf(store: Store, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
  const role = (
    kind === "ClusterRole" ? store.get(KINDS.clusterRoles, "", name) : store.get(KINDS.roles, namespace, name)
  ) as Role | ClusterRole | undefined;
  return role && (role.rules ?? []);
}

/** All rules of a user; `missing` says how a role that is not there is told of. */
export function resolve(
  store: Store,
  user: UserInfo,
  namespace: string,
  missing: (role: RoleRef) => string = missingRole,
): ResolvedRules {
  const rules: PolicyRule[] = [];
  const errors: string[] = [];
  for (const grant of grants(store, user, namespace))
    if (grant.rules) rules.push(...grant.rules);
    else errors.push(missing(grant.binding.roleRef));
  return { rules, errors };
}

/** The same as the storage of roles says it, which escalation checks ask. */
export function missingInStorage({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}s.rbac.authorization.k8s.io ${quote(name)} not found`;
}

/** As listers call what they do not find. */
export function missingRole({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io ${quote(name)} not found`;
}

/** `ClusterRoleBinding "x" of ClusterRole "y" to User "z"` */
export function grantText({ binding: { metadata, roleRef }, subject }: Grant): string {
  const { namespace = "", name } = metadata;
  const title = namespace === "" ? `ClusterRoleBinding ${quote(name)}` : `RoleBinding ${quote(`${name}/${namespace}`)}`;
  const who = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace || namespace}` : subject.name;
  return `${title} of ${roleRef.kind} ${quote(roleRef.name)} to ${subject.kind} ${quote(who)}`;
}

function isUser({ kind, name, namespace: own }: Subject, user: UserInfo, namespace: string): boolean {
  if (kind === "User") return user.name === name;
  if (kind === "Group") return user.groups.includes(name);
  return kind === "ServiceAccount" && user.name === accountName(own || namespace, name);
}

/** Under which users and groups a binding stands, after its namespace. */
function subjectKeys(object: KubeObject): readonly string[] {
  const { metadata, subjects = [] } = object as RoleBinding;
  const { namespace = "" } = metadata;
  return subjects.map((subject) =>
    subject.kind === "ServiceAccount"
      ? `${namespace} User ${accountName(subject.namespace || namespace, subject.name)}`
      : `${namespace} ${subject.kind} ${subject.name}`,
  );
}

function accountName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

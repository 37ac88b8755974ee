import {
  goStrings, goStruct, invalid, invalidEach, names, notSupported, required, type FieldErrors, type PolicyRule, type RoleBinding,
  type RoleRef, type Subject,
} from "../../api/index.ts"; // prettier-ignore

export const GROUP = "rbac.authorization.k8s.io";

/** Names of roles and bindings may hold all that a path can (apimachinery/pkg/api/validation/path). */
export const pathSegment: names.Rule = (name) => {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
};

export function validateRules(rules: readonly PolicyRule[] | null, namespaced: boolean): FieldErrors {
  return (rules ?? []).flatMap((rule, at) => validateRule(rule, namespaced, `rules[${at}]`));
}

/** pkg/apis/rbac/validation ValidatePolicyRule. */
function validateRule(rule: PolicyRule, namespaced: boolean, path: string): FieldErrors {
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const found: FieldErrors = [];
  if (!verbs?.length) found.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const urls = `${path}.nonResourceURLs`;
    const shown = goStrings(nonResourceURLs);
    if (namespaced) found.push(invalid(urls, shown, "namespaced rules cannot apply to non-resource URLs"));
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      found.push(invalid(urls, shown, "rules cannot apply to both regular resources and non-resource URLs"));
    return found;
  }
  if (apiGroups.length === 0)
    found.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (resources.length === 0)
    found.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  return found;
}

export function validateBinding({ roleRef, subjects = [] }: RoleBinding, namespaced: boolean): FieldErrors {
  const found: FieldErrors = [];
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  if (roleRef.apiGroup !== GROUP) found.push(notSupported("roleRef.apiGroup", roleRef.apiGroup, [GROUP]));
  if (!kinds.includes(roleRef.kind)) found.push(notSupported("roleRef.kind", roleRef.kind, kinds));
  if (!roleRef.name) found.push(required("roleRef.name"));
  else found.push(...invalidEach("roleRef.name", roleRef.name, pathSegment(roleRef.name)));
  return [...found, ...subjects.flatMap((subject, at) => validateSubject(subject, namespaced, `subjects[${at}]`))];
}

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldErrors {
  const { kind, name, apiGroup = "", namespace = "" } = subject;
  const found: FieldErrors = name === "" ? [required(`${path}.name`)] : [];
  switch (kind) {
    case "ServiceAccount":
      if (name !== "") found.push(...invalidEach(`${path}.name`, name, names.subdomain(name)));
      if (apiGroup !== "") found.push(notSupported(`${path}.apiGroup`, apiGroup, [""]));
      if (!namespaced && namespace === "") found.push(required(`${path}.namespace`));
      return found;
    case "User":
    case "Group":
      if (name === "") found.push(invalid(`${path}.name`, name, `${kind.toLowerCase()} name cannot be empty`));
      if (apiGroup !== GROUP) found.push(notSupported(`${path}.apiGroup`, apiGroup, [GROUP]));
      return found;
    default:
      return [...found, notSupported(`${path}.kind`, kind, ["ServiceAccount", "User", "Group"])];
  }
}

export function validateRoleRefUpdate(next: RoleRef, old: RoleRef): FieldErrors {
  const { apiGroup, kind, name } = next;
  if (apiGroup === old.apiGroup && kind === old.kind && name === old.name) return [];
  const shown = goStruct("rbac.RoleRef", { APIGroup: apiGroup, Kind: kind, Name: name });
  return [invalid("roleRef", shown, "cannot change roleRef")];
}

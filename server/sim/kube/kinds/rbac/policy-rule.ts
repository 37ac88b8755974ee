import { quote, type PolicyRule } from "../../api/index.ts";

/** What is asked of rules: a verb on a resource (`pods/log`), or on a path. */
export type Question =
  | { readonly verb: string; readonly path: string }
  | {
      readonly verb: string;
      readonly path?: undefined;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly name: string;
    };

/** Whether a rule allows something (plugin/pkg/auth/authorizer/rbac RuleAllows). */
export function allows(rule: PolicyRule, question: Question): boolean {
  if (!matches(rule.verbs, question.verb)) return false;
  if (question.path !== undefined) return rule.nonResourceURLs?.some((url) => coversUrl(url, question.path)) ?? false;
  const { group, resource, subresource, name } = question;
  return (
    matches(rule.apiGroups, group) &&
    matchesResource(rule.resources, resource, subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

function matches(allowed: readonly string[] | undefined, asked: string): boolean {
  return allowed !== undefined && (allowed.includes(asked) || allowed.includes("*"));
}

/** `*` is all resources with their subresources, `*` + `/scale` one subresource of all. */
function matchesResource(allowed: readonly string[] | undefined, resource: string, subresource: string): boolean {
  if (matches(allowed, subresource === "" ? resource : `${resource}/${subresource}`)) return true;
  return subresource !== "" && allowed !== undefined && allowed.includes(`*/${subresource}`);
}

function coversUrl(url: string, asked: string): boolean {
  if (url === "*" || url === asked) return true;
  return url.endsWith("*") && asked.startsWith(url.replace(/\*+$/, ""));
}

/** The rules of `wanted`, taken apart, that no rule of `owned` covers (component-helpers/auth/rbac/validation Covers). */
export function missingRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return breakDownAll(wanted).filter((rule) => !owned.some((owner) => covers(owner, rule)));
}

export function breakDownAll(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return rules.flatMap((rule) => [...breakDown(rule)]);
}

/** One rule for each resource, name and verb of a rule. */
function* breakDown(rule: PolicyRule): Generator<PolicyRule> {
  const { apiGroups = [], resources = [], verbs, resourceNames = [], nonResourceURLs = [] } = rule;
  for (const group of apiGroups)
    for (const resource of resources)
      for (const verb of verbs) {
        const one = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (resourceNames.length === 0) yield one;
        for (const name of resourceNames) yield { ...one, resourceNames: [name] };
      }
  for (const url of nonResourceURLs) for (const verb of verbs) yield { nonResourceURLs: [url], verbs: [verb] };
}

function covers(owner: PolicyRule, rule: PolicyRule): boolean {
  if (!rule.verbs.every((verb) => matches(owner.verbs, verb))) return false;
  if (rule.nonResourceURLs)
    return rule.nonResourceURLs.every((url) => owner.nonResourceURLs?.some((own) => coversUrl(own, url)) ?? false);
  const { resourceNames: names = [] } = owner;
  return (
    rule.apiGroups!.every((group) => matches(owner.apiGroups, group)) &&
    rule.resources!.every((resource) => {
      const slash = resource.indexOf("/");
      return slash < 0
        ? matches(owner.resources, resource)
        : matchesResource(owner.resources, resource.slice(0, slash), resource.slice(slash + 1));
    }) &&
    (names.length === 0 || (rule.resourceNames?.every((name) => names.includes(name)) ?? false))
  );
}

/** Rules about the same resource as one, with all their verbs (validation.CompactRules). */
export function compactRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const simple = new Map<string, { rule: PolicyRule; verbs: string[] }>();
  const out: PolicyRule[] = [];
  for (const rule of rules) {
    if (rule.apiGroups?.length !== 1 || rule.resources?.length !== 1 || (rule.resourceNames?.length ?? 0) > 1) {
      out.push(rule);
      continue;
    }
    const key = `${rule.apiGroups[0]!} ${rule.resources[0]!} ${rule.resourceNames?.[0] ?? ""}`;
    const known = simple.get(key);
    if (!known) simple.set(key, { rule, verbs: [...rule.verbs] });
    else known.verbs.push(...rule.verbs);
  }
  return [...out, ...[...simple.values()].map(({ rule, verbs }) => ({ ...rule, verbs }))];
}

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get"]}` (pkg/apis/rbac/v1 CompactString). */
export function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  }).flatMap(([name, list]) => (list?.length ? [`${name}:${goList(list)}`] : []));
  return `{${parts.join(", ")}}`;
}

/** `%q` of a list: `["a" "b"]`. */
export function goList(list: readonly string[]): string {
  return `[${list.map(quote).join(" ")}]`;
}

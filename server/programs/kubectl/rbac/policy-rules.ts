import type { PolicyRule } from "../../../sim/kube/api/index.ts";
import { breakDownAll, compactRules } from "../../../sim/kube/kinds/index.ts";

/** Rules as kubectl lists them: one for each resource, in the order of their Go texts (component-helpers rbac SortableRuleSlice). */
export function listedRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return compactRules(breakDownAll(rules))
    .map((rule) => ({ rule, text: goText(rule) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ rule }) => rule);
}

/** The four columns of a rule: `deployments.apps/scale`, `[]`, `[]`, `[get list]`. */
export function ruleColumns(rule: PolicyRule): string {
  const { resources = [], apiGroups = [], nonResourceURLs, resourceNames, verbs } = rule;
  return [combined(resources, apiGroups), goValue(nonResourceURLs), goValue(resourceNames), goValue(verbs)].join("\t");
}

/** describe.CombineResourceGroup: the first of both. */
function combined([resource]: readonly string[], [group = ""]: readonly string[]): string {
  if (resource === undefined) return "";
  const slash = resource.indexOf("/");
  const type = slash < 0 ? resource : resource.slice(0, slash);
  return `${type}${group === "" ? "" : `.${group}`}${slash < 0 ? "" : resource.slice(slash)}`;
}

function goText({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  const lists = [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map(goValue);
  const names = ["Verbs", "APIGroups", "Resources", "ResourceNames", "NonResourceURLs"];
  return `&PolicyRule{${names.map((name, at) => `${name}:${lists[at]!},`).join("")}}`;
}

/** `%v` of a list. */
function goValue(list: readonly string[] = []): string {
  return `[${list.join(" ")}]`;
}

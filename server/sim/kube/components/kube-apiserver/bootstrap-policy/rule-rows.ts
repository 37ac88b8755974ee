import type { PolicyRule } from "../../../api/index.ts";

/**
 * A rule in short: groups, resources, verbs and perhaps names of objects, each a list of words in the order in which the
 * server shows them. The group `core` is the one without a name; `path` makes the resources paths.
 */
export type RuleRow = readonly [groups: string, resources: string, verbs: string, names?: string];

export const READ = "get list watch";
export const WRITE = "create delete deletecollection patch update";
export const ALL = "create delete deletecollection get list patch update watch";
export const EVENTS: RuleRow = ["core events.k8s.io", "events", "create patch update"];

export function policyRule([groups, resources, verbs, names]: RuleRow): PolicyRule {
  const list = resources.split(" ");
  if (groups === "path") return { nonResourceURLs: list, verbs: verbs.split(" ") };
  return {
    apiGroups: groups.split(" ").map((group) => (group === "core" ? "" : group)),
    ...(names === undefined ? {} : { resourceNames: names.split(" ") }),
    resources: list,
    verbs: verbs.split(" "),
  };
}

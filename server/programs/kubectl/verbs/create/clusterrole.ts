import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { list, mapping } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";
import { GROUP, policyRules, targetsFor, verbsOf, warnOfVerbs } from "./rbac.ts";
import { RESOURCE_FLAGS } from "./role.ts";

export const clusterRole = generator({
  use: "create clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]",
  summary: "Create a cluster role",
  about: "Create a cluster role.",
  examples: "# Reading pods everywhere\nkubectl create clusterrole reader --verb=get,list,watch --resource=pods",
  flags: {
    ...RESOURCE_FLAGS,
    "aggregation-rule": mapping("Labels of cluster roles to take the rules from: KEY=VALUE."),
    "non-resource-url": list("Paths that are no types: /healthz."),
  },
  mapping: { group: GROUP, version: "v1", resource: "clusterroles", kind: "ClusterRole", namespaced: false },
  async build({ name, flags, invocation }): Promise<JsonObject | Failure> {
    if (name === "") return { error: "name must be specified" };
    const head = { kind: "ClusterRole", apiVersion: `${GROUP}/v1`, metadata: objectMeta(name) };
    const verbs = verbsOf(flags.verb);
    const aggregated = flags["aggregation-rule"];
    if (aggregated.size > 0) {
      if (flags["non-resource-url"].length + verbs.length + flags.resource.length + flags["resource-name"].length > 0)
        return {
          error: "aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames",
        };
      const matchLabels = Object.fromEntries([...aggregated].sort(([a], [b]) => (a < b ? -1 : 1)));
      return { ...head, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } };
    }
    if (verbs.length === 0) return { error: "at least one verb must be specified" };
    if (flags.resource.length === 0 && flags["non-resource-url"].length === 0)
      return { error: "one of resource or nonResourceURL must be specified" };
    const { resource, "resource-name": names } = flags;
    if (resource.length > 0) await warnOfVerbs(invocation.process, verbs);
    const targets = resource.length > 0 ? await targetsFor(invocation, verbs, resource) : [];
    if (isFailure(targets)) return targets;
    const urls = [...new Set(flags["non-resource-url"])];
    if (urls.length > 0) {
      const wrong = verbs.find(
        (verb) => !["*", "delete", "get", "head", "options", "patch", "post", "put"].includes(verb),
      );
      if (wrong !== undefined) return { error: `invalid verb: '${wrong}' for nonResourceURL` };
      for (const url of urls) {
        if (url !== "*" && !url.startsWith("/")) return { error: "nonResourceURL should start with /" };
        if (url.slice(0, -1).includes("*"))
          return { error: `nonResourceURL only supports wildcard matches when '*' is at the end` };
      }
    }
    return { ...head, rules: policyRules(verbs, targets, names, urls) };
  },
});

import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { list, texts } from "../../cobra/flag.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";
import { GROUP, policyRules, targetsFor, verbsOf, warnOfVerbs } from "./rbac.ts";

export const RESOURCE_FLAGS = {
  resource: list("The types: pods, deployments.apps, pods/log."),
  "resource-name": texts("Only objects with these names."),
  verb: list("What may be done: get, list, watch, create, update, patch, delete, …"),
};

export const role = generator({
  use: "create role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]",
  summary: "Create a role with single rule",
  about: "Create a role with a single rule.",
  examples: "# Reading pods\nkubectl create role reader --verb=get,list,watch --resource=pods",
  flags: RESOURCE_FLAGS,
  mapping: { group: GROUP, version: "v1", resource: "roles", kind: "Role", namespaced: true },
  async build({ name, namespace, flags, invocation }): Promise<JsonObject | Failure> {
    if (name === "") return { error: "name must be specified" };
    const verbs = verbsOf(flags.verb);
    if (verbs.length === 0) return { error: "at least one verb must be specified" };
    await warnOfVerbs(invocation.process, verbs);
    if (flags.resource.length === 0) return { error: "at least one resource must be specified" };
    const targets = await targetsFor(invocation, verbs, flags.resource);
    if (isFailure(targets)) return targets;
    return {
      kind: "Role",
      apiVersion: `${GROUP}/v1`,
      metadata: objectMeta(name, { namespace }),
      rules: policyRules(verbs, targets, flags["resource-name"]),
    };
  },
});

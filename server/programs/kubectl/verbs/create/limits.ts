import { canonicalQuantity, type JsonObject } from "../../../../sim/kube/api/index.ts";
import { bool, integer, text } from "../../cobra/flag.ts";
import type { Failure } from "../../output/index.ts";
import { generator } from "./generator.ts";
import { objectMeta } from "./meta.ts";
import { parseSelectorToLabelSelector } from "./selector.ts";

export const quota = generator({
  use: "create quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
  summary: "Create a quota with the specified name",
  about: "Create a resource quota with the specified name.",
  aliases: ["resourcequota"],
  examples: "# At most two pods and one CPU\nkubectl create quota small --hard=pods=2,cpu=1",
  flags: {
    hard: text("The limits: RESOURCE=QUANTITY,…"),
    scopes: text("What the quota counts: BestEffort,NotTerminating,…"),
  },
  mapping: { group: "", version: "v1", resource: "resourcequotas", kind: "ResourceQuota", namespaced: true },
  failure: "failed to create quota: ",
  build({ name, namespace, flags }): JsonObject | Failure {
    if (name === "") return { error: "name must be specified" };
    const hard: Record<string, string> = {};
    for (const pair of flags.hard === "" ? [] : flags.hard.split(",")) {
      const parts = pair.split("=");
      if (parts.length !== 2) return { error: `Invalid argument syntax ${pair}, expected <resource>=<value>` };
      const quantity = canonicalQuantity(parts[1]!);
      if (typeof quantity !== "string")
        return { error: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'" };
      hard[parts[0]!] = quantity;
    }
    const scopes = flags.scopes === "" ? [] : flags.scopes.split(",");
    return {
      kind: "ResourceQuota",
      apiVersion: "v1",
      metadata: objectMeta(name, { namespace }),
      spec: {
        ...(Object.keys(hard).length > 0
          ? { hard: Object.fromEntries(Object.entries(hard).sort(([a], [b]) => (a < b ? -1 : 1))) }
          : {}),
        ...(scopes.length > 0 ? { scopes } : {}),
      },
      status: {},
    };
  },
});

export const podDisruptionBudget = generator({
  use: "create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
  summary: "Create a pod disruption budget with the specified name",
  about: "Create a pod disruption budget with the specified name.",
  aliases: ["pdb"],
  examples: "# At least one must stay\nkubectl create pdb web --selector=app=web --min-available=1",
  flags: {
    "max-unavailable": text("How many pods, or percent of them, may be missing."),
    "min-available": text("How many pods, or percent of them, must stay."),
    selector: text("The labels of the pods."),
  },
  mapping: {
    group: "policy",
    version: "v1",
    resource: "poddisruptionbudgets",
    kind: "PodDisruptionBudget",
    namespaced: true,
  },
  failure: "failed to create poddisruptionbudgets: ",
  build({ name, namespace, flags }): JsonObject | Failure {
    const { selector, "min-available": min, "max-unavailable": max } = flags;
    if (name === "") return { error: "name must be specified" };
    if (selector === "") return { error: "a selector must be specified" };
    if (max === "" && min === "") return { error: "one of min-available or max-unavailable must be specified" };
    if (max !== "" && min !== "") return { error: "min-available and max-unavailable cannot be both specified" };
    const pattern = /^\d+$|^\d+%$/;
    if (min !== "" && !pattern.test(min)) return { error: "invalid format specified for min-available" };
    if (max !== "" && !pattern.test(max)) return { error: "invalid format specified for max-unavailable" };
    const parsed = parseSelectorToLabelSelector(selector);
    if ("error" in parsed) return { error: parsed["error"] as string };
    const amount = (value: string): number | string => (value.endsWith("%") ? value : Number(value));
    return {
      kind: "PodDisruptionBudget",
      apiVersion: "policy/v1",
      metadata: objectMeta(name, { namespace }),
      spec: {
        ...(min === "" ? {} : { minAvailable: amount(min) }),
        selector: parsed,
        ...(max === "" ? {} : { maxUnavailable: amount(max) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    };
  },
});

export const priorityClass = generator({
  use: "create priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
  summary: "Create a priority class with the specified name",
  about: "Create a priority class with the specified name, value, default and description.",
  aliases: ["pc"],
  examples: '# A high one\nkubectl create priorityclass high --value=1000 --description="important"',
  flags: {
    description: text("When to use the class."),
    "global-default": bool("Whether it is the class of pods that name none."),
    "preemption-policy": text("Whether others are removed for such pods: PreemptLowerPriority or Never.", {
      initial: "PreemptLowerPriority",
    }),
    value: integer("The priority.", 0, { bits: 32 }),
  },
  mapping: {
    group: "scheduling.k8s.io",
    version: "v1",
    resource: "priorityclasses",
    kind: "PriorityClass",
    namespaced: false,
  },
  failure: "failed to create priorityclass: ",
  build({ name, flags }): JsonObject | Failure {
    const policy = flags["preemption-policy"];
    return {
      kind: "PriorityClass",
      apiVersion: "scheduling.k8s.io/v1",
      metadata: objectMeta(name),
      value: flags.value,
      ...(flags["global-default"] ? { globalDefault: true } : {}),
      ...(flags.description === "" ? {} : { description: flags.description }),
      preemptionPolicy: policy,
    };
  },
});

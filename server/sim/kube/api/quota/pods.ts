import { parseRfc3339, SECOND, type Time } from "../../../kernel/index.ts";
import type { Quantity } from "../quantity.ts";
import { quantityNanos } from "../quantity.ts";
import type { ScopeRequirement } from "../types/limits.ts";
import type { Pod, PodSpec } from "../types/pod.ts";
import { add, amountsOf, pieces, type Amounts } from "./amounts.ts";
import type { Evaluator } from "./evaluator.ts";
import { podResources } from "./pod-resources.ts";

const COUNT = "count/pods";
const COMPUTE = ["cpu", "memory", "ephemeral-storage"];
const NAMES = new Set([
  COUNT,
  "pods",
  ...COMPUTE,
  ...COMPUTE.map((name) => `requests.${name}`),
  ...COMPUTE.map((name) => `limits.${name}`),
]);
/** With a quota on one of these each container must say how much it wants. */
const DEMANDED = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/** pkg/quota/v1/evaluator/core/pods.go */
export const podEvaluator: Evaluator = {
  matching: (names) => names.filter((name) => NAMES.has(name) || isHugePages(name) || isExtended(name)),
  handles: (operation, subresource) =>
    subresource === "" ? operation === "CREATE" : subresource === "resize" && operation === "UPDATE",
  usage: (object, now) => podUsage(object as Pod, now),
  inScope: (requirement, object) => inScope(requirement, (object as Pod).spec),
  missing: (required, object) => missing(required, (object as Pod).spec),
  frees: (object, previous, now) => isCharged(previous as Pod, now) && !isCharged(object as Pod, now),
};

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-") || name.startsWith("requests.hugepages-");
}

/** Resources of devices, which quotas call `requests.example.com/gpu`. */
function isExtended(name: string): boolean {
  return name.startsWith("requests.") && name.includes("/") && !name.includes("kubernetes.io/");
}

function podUsage(pod: Pod, now: Time): Amounts {
  const usage = new Map<string, Quantity>([[COUNT, pieces(1)]]);
  if (isCharged(pod, now)) add(usage, compute(podResources(pod.spec, "requests"), podResources(pod.spec, "limits")));
  return usage;
}

/** Pods that have ended, or should be gone by now, cost nothing but their place in the store (QuotaV1Pod). */
function isCharged({ metadata, status }: Pod, now: Time): boolean {
  if (status.phase === "Failed" || status.phase === "Succeeded") return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= (parseRfc3339(deletionTimestamp) ?? now) + deletionGracePeriodSeconds * SECOND;
}

function compute(requests: Amounts, limits: Amounts): Map<string, Quantity> {
  const usage = new Map<string, Quantity>([["pods", pieces(1)]]);
  for (const [name, amount] of requests) {
    if (COMPUTE.includes(name) || name.startsWith("hugepages-")) usage.set(name, amount);
    if (COMPUTE.includes(name) || name.startsWith("hugepages-") || name.includes("/"))
      usage.set(`requests.${name}`, amount);
  }
  for (const [name, amount] of limits) if (COMPUTE.includes(name)) usage.set(`limits.${name}`, amount);
  return usage;
}

function missing(required: readonly string[], { containers, initContainers = [] }: PodSpec): string | undefined {
  const lacking = new Map<string, Set<string>>();
  for (const { name, resources } of [...containers, ...initContainers]) {
    const given = compute(amountsOf(resources.requests), amountsOf(resources.limits));
    for (const resource of required)
      if (DEMANDED.includes(resource) && !given.has(resource))
        lacking.set(resource, (lacking.get(resource) ?? new Set()).add(name));
  }
  if (lacking.size === 0) return undefined;
  const parts = [...lacking.keys()].sort().map((name) => `${name} for: ${[...lacking.get(name)!].sort().join(",")}`);
  return `must specify ${parts.join("; ")}`;
}

function inScope(requirement: ScopeRequirement, spec: PodSpec): boolean {
  switch (requirement.scopeName) {
    case "Terminating":
      return (spec.activeDeadlineSeconds ?? -1) >= 0;
    case "NotTerminating":
      return (spec.activeDeadlineSeconds ?? -1) < 0;
    case "BestEffort":
      return isBestEffort(spec);
    case "NotBestEffort":
      return !isBestEffort(spec);
    case "PriorityClass":
      return hasPriority(requirement, spec.priorityClassName ?? "");
    case "CrossNamespacePodAffinity":
      return looksAtOtherNamespaces(spec);
    default:
      return false;
  }
}

function isBestEffort({ containers, initContainers = [] }: PodSpec): boolean {
  return [...containers, ...initContainers].every(({ resources: { requests, limits } }) =>
    ["cpu", "memory"].every((name) => quantityNanos(requests?.[name]) <= 0n && quantityNanos(limits?.[name]) <= 0n),
  );
}

function hasPriority({ operator, values = [] }: ScopeRequirement, name: string): boolean {
  if (operator === "Exists") return name !== "";
  if (operator === "DoesNotExist") return name === "";
  return operator === "In" ? name !== "" && values.includes(name) : name === "" || !values.includes(name);
}

function looksAtOtherNamespaces({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((rules) =>
    [
      ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined),
  );
}

import { rfc3339, type Time } from "../../../kernel/index.ts";
import type { Condition } from "../../api/index.ts";

/** What a namespace that goes away says of its contents, in this order (pkg/controller/namespace/deletion/status_condition_utils.go). */
const FINE: readonly (readonly [type: string, reason: string, message: string])[] = [
  ["NamespaceDeletionDiscoveryFailure", "ResourcesDiscovered", "All resources successfully discovered"],
  ["NamespaceDeletionGroupVersionParsingFailure", "ParsedGroupVersions", "All legacy kube types successfully parsed"],
  [
    "NamespaceDeletionContentFailure",
    "ContentDeleted",
    "All content successfully deleted, may be waiting on finalization",
  ],
  ["NamespaceContentRemaining", "ContentRemoved", "All content successfully removed"],
  ["NamespaceFinalizersRemaining", "ContentHasNoFinalizers", "All content-preserving finalizers finished"],
];

/** What is left in a namespace, by resource (`pods.`, `deployments.apps`) and by finalizer, and what could not be deleted. */
export interface Remains {
  readonly resources: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  readonly failures: readonly string[];
}

export function deletionConditions(old: readonly Condition[] = [], remains: Remains, now: Time): readonly Condition[] {
  const troubles = troublesOf(remains);
  const conditions = [...old];
  for (const [type, reason, message] of FINE) {
    const trouble = troubles.get(type);
    const next = trouble ? { type, status: "True", ...trouble } : { type, status: "False", reason, message };
    const at = conditions.findIndex((condition) => condition.type === type);
    const before = conditions[at];
    const since = before?.status === next.status ? before.lastTransitionTime : rfc3339(now);
    const condition: Condition = { ...next, lastTransitionTime: since };
    if (at < 0) conditions.push(condition);
    else conditions[at] = condition;
  }
  return conditions;
}

function troublesOf({ resources, finalizers, failures }: Remains): Map<string, { reason: string; message: string }> {
  const troubles = new Map<string, { reason: string; message: string }>();
  if (failures.length > 0)
    troubles.set("NamespaceDeletionContentFailure", {
      reason: "ContentDeletionFailed",
      message: `Failed to delete all resource types, ${failures.length} remaining: ${failures.toSorted().join(", ")}`,
    });
  const left = [...resources].map(([resource, count]) => `${resource} has ${count} resource instances`).sort();
  if (left.length > 0)
    troubles.set("NamespaceContentRemaining", {
      reason: "SomeResourcesRemain",
      message: `Some resources are remaining: ${left.join(", ")}`,
    });
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  if (held.length > 0)
    troubles.set("NamespaceFinalizersRemaining", {
      reason: "SomeFinalizersRemain",
      message: `Some content in the namespace has finalizers remaining: ${held.join(", ")}`,
    });
  return troubles;
}

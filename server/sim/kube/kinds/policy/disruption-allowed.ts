import type { ObservedCondition } from "../../api/index.ts";

/** The condition DisruptionAllowed of a budget that lets so many Pods go (pkg/apis/policy/... UpdateDisruptionAllowedCondition). */
export function allowedCondition(allowed: number, generation: number | undefined): ObservedCondition {
  return {
    type: "DisruptionAllowed",
    status: allowed > 0 ? "True" : "False",
    ...(generation !== undefined && { observedGeneration: generation }),
    reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
  };
}

/** The list with a condition set; the time is that of its last change of status (apimeta.SetStatusCondition). */
export function withObservedCondition(
  conditions: readonly ObservedCondition[],
  condition: ObservedCondition,
  now: string,
): readonly ObservedCondition[] {
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[at];
  if (!old) return [...conditions, { ...condition, lastTransitionTime: now }];
  const lastTransitionTime = old.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  return conditions.with(at, { ...condition, lastTransitionTime });
}

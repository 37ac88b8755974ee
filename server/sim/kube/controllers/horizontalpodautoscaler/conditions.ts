import type { Condition } from "../../api/index.ts";

/** The list with a condition set; its time changes with its status only (setConditionInList). */
export function withCondition(
  conditions: readonly Condition[],
  { type, status, reason, message }: { type: string; status: string; reason: string; message: string },
  now: string,
): readonly Condition[] {
  const at = conditions.findIndex((condition) => condition.type === type);
  const old = conditions[at];
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime! : now;
  const next = { type, status, lastTransitionTime, reason, message };
  return old ? conditions.with(at, next) : [...conditions, next];
}

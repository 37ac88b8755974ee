import type { JobCondition } from "../../api/index.ts";

export function jobCondition(type: string, status: string, reason: string, message: string, now: string): JobCondition {
  return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
}

/** The same condition as another type, now. */
export function followedBy(condition: JobCondition, type: string, now: string): JobCondition {
  return jobCondition(type, "True", condition.reason ?? "", condition.message ?? "", now);
}

/** The list with a condition set; one that is false is not added. The same list if that changes nothing (ensureJobConditionStatus). */
export function withCondition(conditions: readonly JobCondition[], condition: JobCondition): readonly JobCondition[] {
  const at = conditions.findIndex(({ type }) => type === condition.type);
  if (at < 0) return condition.status === "False" ? conditions : [...conditions, condition];
  const old = conditions[at]!;
  const same = old.status === condition.status && old.reason === condition.reason && old.message === condition.message;
  return same ? conditions : conditions.with(at, condition);
}

export function trueCondition(conditions: readonly JobCondition[], type: string): JobCondition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === "True");
}

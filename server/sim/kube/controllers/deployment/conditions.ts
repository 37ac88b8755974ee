import type { DeploymentCondition } from "../../api/index.ts";

export type Conditions = readonly DeploymentCondition[];

/** The reasons of the condition Progressing (pkg/controller/deployment/util). */
export const TIMED_OUT = "ProgressDeadlineExceeded";
export const NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
export const PAUSED = "DeploymentPaused";

export function conditionOf(conditions: Conditions | undefined, type: string): DeploymentCondition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function newCondition(
  type: string,
  status: string,
  reason: string,
  message: string,
  now: string,
): DeploymentCondition {
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

/** Sets a condition, behind all others, unless one with the same status and reason is there (SetDeploymentCondition). */
export function withCondition(conditions: Conditions, condition: DeploymentCondition): Conditions {
  const old = conditionOf(conditions, condition.type);
  if (old?.status === condition.status && old.reason === condition.reason) return conditions;
  const { lastTransitionTime } = old?.status === condition.status ? old : condition;
  return [...withoutCondition(conditions, condition.type), { ...condition, lastTransitionTime }];
}

export function withoutCondition(conditions: Conditions, type: string): Conditions {
  return conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
}

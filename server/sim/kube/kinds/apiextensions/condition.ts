import type { CustomResourceDefinition, CustomResourceDefinitionCondition, TimeText } from "../../api/index.ts";

export type Condition = Omit<CustomResourceDefinitionCondition, "lastTransitionTime">;

export function findCondition(
  { status }: CustomResourceDefinition,
  type: string,
): CustomResourceDefinitionCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(definition: CustomResourceDefinition, type: string): boolean {
  return findCondition(definition, type)?.status === "True";
}

/** The definition with a condition set; its time moves only when its status does (apihelpers SetCRDCondition). */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Condition,
  now: TimeText,
): CustomResourceDefinition {
  const { conditions } = definition.status;
  const old = findCondition(definition, condition.type);
  const { type, status, reason, message } = condition;
  const next = {
    lastTransitionTime: old?.status === status ? old.lastTransitionTime : now,
    ...(message === undefined ? {} : { message }),
    ...(reason === undefined ? {} : { reason }),
    status,
    type,
  };
  const others = old
    ? (conditions ?? []).map((one) => (one.type === type ? next : one))
    : [...(conditions ?? []), next];
  return { ...definition, status: { ...definition.status, conditions: others } };
}

import type { Time } from "../../../kernel/index.ts";
import type { Pod, StatefulSet } from "../../api/index.ts";
import { isPodAvailable } from "../pod-state.ts";
import type { Revisions } from "./index.ts";
import { isRunningAndReady, isTerminating, revisionOf } from "./pods.ts";

/** What a set says of its Pods (computeReplicaStatus, completeRollingUpdate); `replaced` were deleted just now. */
export function setStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisionCount }: Revisions,
  replaced: number,
  now: Time,
): StatefulSet["status"] {
  const { minReadySeconds = 0, updateStrategy } = set.spec;
  const lasting = pods.filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isRunningAndReady);
  const at = (name: string): number => lasting.filter((pod) => revisionOf(pod) === name).length;
  const updated = at(update.metadata.name);
  const complete = updateStrategy.type === "RollingUpdate" && updated === pods.length && ready.length === pods.length;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready.length || undefined,
    currentReplicas: (complete ? updated : at(current.metadata.name) - replaced) || undefined,
    updatedReplicas: updated || undefined,
    currentRevision: (complete ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
    conditions: set.status.conditions,
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length,
  };
}

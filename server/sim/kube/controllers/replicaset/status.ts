import type { Time } from "../../../kernel/index.ts";
import { rfc3339 } from "../../../kernel/index.ts";
import {
  matchesLabels,
  selectorOfLabels,
  type Condition,
  type KubeObject,
  type Pod,
  type PodTemplateSpec,
  type ReplicaSet,
} from "../../api/index.ts";
import { availableFrom, isPodReady } from "../pod-state.ts";

const FAILURE = "ReplicaFailure";

/** What ReplicaSets and ReplicationControllers have in common. */
export interface Replicated extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly template?: PodTemplateSpec;
  };
  readonly status: ReplicaSet["status"];
}

/** What a ReplicaSet says about its active Pods; `failure` is why some could not be made or deleted (calculateStatus). */
export function replicaSetStatus(
  set: Replicated,
  active: readonly Pod[],
  failure: string | undefined,
  now: Time,
): ReplicaSet["status"] {
  const { minReadySeconds = 0, template, replicas = 0 } = set.spec;
  const labels = selectorOfLabels(template?.metadata.labels);
  // Go leaves out a number of zero.
  let [labelled, ready, available] = [0, 0, 0];
  for (const pod of active) {
    if (matchesLabels(labels, pod.metadata.labels)) labelled++;
    const from = availableFrom(pod, minReadySeconds);
    if (from !== undefined || isPodReady(pod)) ready++;
    if (from !== undefined && from < now) available++;
  }
  const conditions = (set.status.conditions ?? []).filter(({ type }) => type !== FAILURE || failure !== undefined);
  if (failure !== undefined && !conditions.some(({ type }) => type === FAILURE))
    conditions.push(failed(active.length - replicas, failure, now));
  return {
    replicas: active.length,
    fullyLabeledReplicas: labelled || undefined,
    readyReplicas: ready || undefined,
    availableReplicas: available || undefined,
    observedGeneration: set.metadata.generation,
    conditions: conditions.length > 0 ? conditions : undefined,
  };
}

function failed(difference: number, message: string, now: Time): Condition {
  const reason = difference < 0 ? "FailedCreate" : "FailedDelete";
  return { type: FAILURE, status: "True", lastTransitionTime: rfc3339(now), reason, message };
}

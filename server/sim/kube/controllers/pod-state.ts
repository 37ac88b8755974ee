import { parseRfc3339, SECOND, type Time } from "../../kernel/index.ts";
import type { Pod, PodCondition } from "../api/index.ts";

/** Questions that controllers ask of a Pod (pkg/api/v1/pod/util.go, pkg/controller/controller_utils.go). */

export function podCondition({ status }: Pod, type: string): PodCondition | undefined {
  const { conditions } = status;
  if (conditions) for (const condition of conditions) if (condition.type === type) return condition;
  return undefined;
}

export function isPodReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

/** All its containers have ended for good. */
export function isPodTerminal({ status }: Pod): boolean {
  return status.phase === "Failed" || status.phase === "Succeeded";
}

/** It counts for those who want a number of Pods: it neither ended nor is about to. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** When a Pod that is ready now will have been so for `minReadySeconds`; undefined if it is not ready. */
export function availableFrom(pod: Pod, minReadySeconds: number): Time | undefined {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return undefined;
  if (minReadySeconds === 0) return -Infinity;
  const since = ready.lastTransitionTime ? parseRfc3339(ready.lastTransitionTime) : undefined;
  return since === undefined ? undefined : since + minReadySeconds * SECOND;
}

export function isPodAvailable(pod: Pod, minReadySeconds: number, now: Time): boolean {
  const from = availableFrom(pod, minReadySeconds);
  return from !== undefined && from < now;
}

/**
 * The conditions of a Pod with one of them set; the same list if that changes nothing. The time of the transition is
 * `now` if the status changes (UpdatePodCondition).
 */
export function withPodCondition(
  conditions: readonly PodCondition[] = [],
  condition: PodCondition,
  now: string,
): readonly PodCondition[] {
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[at];
  if (!old) return [...conditions, { lastProbeTime: null, ...condition, lastTransitionTime: now }];
  const same = old.status === condition.status;
  if (same && old.reason === condition.reason && old.message === condition.message) return conditions;
  const set = { lastProbeTime: null, ...condition, lastTransitionTime: same ? (old.lastTransitionTime ?? now) : now };
  return conditions.with(at, set);
}

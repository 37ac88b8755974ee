import type { Deployment } from "../../api/index.ts";
import { scaledValue } from "../int-or-percent.ts";

/** How far a rolling update may go (pkg/controller/deployment/util). */

const UNLIMITED = 2 ** 31 - 1;

export function replicasOf({ spec }: { readonly spec: { readonly replicas?: number } }): number {
  return spec.replicas ?? 0;
}

export function isRollingUpdate({ spec }: Deployment): boolean {
  return spec.strategy.type === "RollingUpdate";
}

/** Pods above the wanted number. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** Pods that may be missing from the wanted number. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicas);
}

/** Both limits; where they round to nothing, one Pod may be missing, because a quota could forbid a further one. */
function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { rollingUpdate } = deployment.spec.strategy;
  const replicas = replicasOf(deployment);
  const surge = scaledValue(rollingUpdate?.maxSurge, replicas, "up");
  const unavailable = scaledValue(rollingUpdate?.maxUnavailable, replicas, "down");
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export function hasProgressDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== UNLIMITED;
}

export function hasRevisionHistoryLimit({ spec }: Deployment): boolean {
  return spec.revisionHistoryLimit !== undefined && spec.revisionHistoryLimit !== UNLIMITED;
}

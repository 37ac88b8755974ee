import { maxUnavailable, replicasOf } from "./limits.ts";
import { active, byAge, total, wanted } from "./replica-sets.ts";
import type { Rollout } from "./rollout.ts";

/**
 * One step of a rolling update (pkg/controller/deployment/rolling.go): the newest set grows as far as the surge allows;
 * if it cannot, the old ones shrink as far as enough Pods stay available. True if something was scaled.
 */
export function rollOn(rollout: Rollout): boolean {
  return growNewest(rollout) || shrinkOld(rollout);
}

function growNewest(rollout: Rollout): boolean {
  const newest = rollout.newest!;
  const replicas = replicasOf(rollout.deployment);
  const size = replicasOf(newest) > replicas ? replicas : rollout.newestSize(newest);
  return rollout.scale(newest, size);
}

function shrinkOld(rollout: Rollout): boolean {
  const newest = rollout.newest!;
  if (wanted(rollout.old) === 0) return false;
  const minimum = replicasOf(rollout.deployment) - maxUnavailable(rollout.deployment);
  const newUnavailable = replicasOf(newest) - (newest.status.availableReplicas ?? 0);
  const most = wanted(rollout.sets) - minimum - newUnavailable;
  if (most <= 0) return false;
  const cleaned = removeUnhealthy(rollout, most);
  const removed = removeAvailable(rollout, minimum);
  return cleaned + removed > 0;
}

/** Old Pods that are not available go first: they would block the update, and nobody misses them. */
function removeUnhealthy(rollout: Rollout, most: number): number {
  let removed = 0;
  for (const set of active(rollout.old).sort(byAge)) {
    const unhealthy = replicasOf(set) - (set.status.availableReplicas ?? 0);
    const step = Math.min(most - removed, unhealthy);
    if (step <= 0) continue;
    rollout.scale(set, replicasOf(set) - step);
    removed += step;
  }
  return removed;
}

function removeAvailable(rollout: Rollout, minimum: number): number {
  const most = total(rollout.sets, "availableReplicas") - minimum;
  let removed = 0;
  for (const set of active(rollout.old).sort(byAge)) {
    const step = Math.min(replicasOf(set), most - removed);
    if (step <= 0) break;
    rollout.scale(set, replicasOf(set) - step);
    removed += step;
  }
  return removed;
}

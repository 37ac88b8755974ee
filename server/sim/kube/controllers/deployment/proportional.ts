import type { Deployment, ReplicaSet } from "../../api/index.ts";
import { annotatedMaxReplicas, desiredReplicas } from "./annotations.ts";
import { isRollingUpdate, maxSurge, replicasOf } from "./limits.ts";
import { active, byAge, bySize, wanted } from "./replica-sets.ts";
import type { Rollout } from "./rollout.ts";

/** Whether somebody changed the number of replicas since the sets were sized (isScalingEvent). */
export function isScalingEvent({ deployment, sets }: Rollout): boolean {
  return active(sets).some((set) => {
    const desired = desiredReplicas(set);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/**
 * Scales the one set that has Pods; in the middle of a rollout, all of them in proportion, so that a bad template does
 * not get a larger share than it had (pkg/controller/deployment/sync.go scale).
 */
export function scaleProportionally(rollout: Rollout): void {
  const { deployment, sets, newest, old } = rollout;
  const only = activeOrLatest(newest, old, sets);
  if (only) return void rollout.scale(only, replicasOf(deployment));
  if (newest && isSaturated(deployment, newest)) {
    for (const set of active(old)) rollout.scale(set, 0);
    return;
  }
  if (!isRollingUpdate(deployment)) return;
  const replicas = replicasOf(deployment);
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - wanted(active(sets));
  const order = active(sets).sort((a, b) => bySize(a, b, toAdd > 0 ? "newer" : "older"));
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of order) {
    const share = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added);
    sizes.set(set, replicasOf(set) + share);
    added += share;
  }
  // What rounding left over goes to the largest.
  const [largest] = order;
  if (largest && toAdd !== 0) sizes.set(largest, Math.max(0, sizes.get(largest)! + toAdd - added));
  for (const [set, size] of sizes) rollout.resize(set, size);
}

/** The set to scale if at most one has Pods (FindActiveOrLatest). */
function activeOrLatest(
  newest: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  sets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  const [first, ...others] = active(sets);
  if (first) return others.length === 0 ? first : undefined;
  return newest ?? old.toSorted(byAge).at(-1);
}

/** The set has all Pods of the Deployment, and they are available. */
function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const replicas = replicasOf(deployment);
  const available = set.status.availableReplicas ?? 0;
  return replicasOf(set) === replicas && desiredReplicas(set) === replicas && available === replicas;
}

/** What a set gets of the replicas to add, or gives of those to remove (GetReplicaSetProportion). */
function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  const allowed = toAdd - added;
  if (allowed === 0) return 0;
  const share = fraction(set, deployment);
  return toAdd > 0 ? Math.min(share, allowed) : Math.max(share, allowed);
}

function fraction(set: ReplicaSet, deployment: Deployment): number {
  const size = replicasOf(set);
  const replicas = replicasOf(deployment);
  if (replicas === 0) return -size;
  const before = annotatedMaxReplicas(set) ?? deployment.status.replicas ?? 0;
  if (before === 0) return 0;
  const scaled = (size * (replicas + maxSurge(deployment))) / before;
  // Halves go away from zero, as in Go.
  return Math.sign(scaled) * Math.round(Math.abs(scaled)) - size;
}

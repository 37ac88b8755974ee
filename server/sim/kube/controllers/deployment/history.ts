import { isNotFound } from "../../api/index.ts";
import { replicaSets } from "../../kinds/index.ts";
import { hasRevisionHistoryLimit, replicasOf } from "./limits.ts";
import { byRevision } from "./replica-sets.ts";
import type { Rollout } from "./rollout.ts";

/** Deletes the oldest sets beyond the history that the Deployment keeps (cleanupDeployment). */
export function trimHistory({ deployment, old, client }: Rollout): void {
  if (!hasRevisionHistoryLimit(deployment)) return;
  const alive = old.filter(({ metadata }) => !metadata.deletionTimestamp);
  const surplus = alive.length - deployment.spec.revisionHistoryLimit!;
  if (surplus <= 0) return;
  for (const set of alive.sort(byRevision).slice(0, surplus)) {
    const { metadata, status } = set;
    const unseen = (metadata.generation ?? 0) > (status.observedGeneration ?? 0);
    if (status.replicas !== 0 || replicasOf(set) !== 0 || unseen) continue;
    try {
      client.delete(replicaSets, metadata.namespace ?? "", metadata.name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

import { pods } from "../../kinds/index.ts";
import { isPodTerminal } from "../pod-state.ts";
import { replicasOf } from "./limits.ts";
import { active, total } from "./replica-sets.ts";
import type { Rollout } from "./rollout.ts";

/** One step of the strategy Recreate: all old Pods end before the first new one begins (pkg/controller/deployment/recreate.go). */
export function recreate(rollout: Rollout): void {
  rollout.syncRevision();
  let scaled = false;
  for (const set of active(rollout.old)) scaled = rollout.scale(set, 0) || scaled;
  if (scaled || oldPodsRun(rollout)) return;
  rollout.scale(rollout.ensureNewest(), replicasOf(rollout.deployment));
}

function oldPodsRun({ client, old }: Rollout): boolean {
  if (total(old, "replicas") > 0) return true;
  return old.some(({ metadata }) => client.owned(pods, metadata.uid).some((pod) => !isPodTerminal(pod)));
}

import type { Deployment, ReplicaSet } from "../../api/index.ts";
import { newCondition, withCondition, type Conditions } from "./conditions.ts";
import { maxUnavailable, replicasOf } from "./limits.ts";
import { total, wanted } from "./replica-sets.ts";

export type DeploymentStatus = Deployment["status"] & { readonly conditions: Conditions };

/** What a Deployment says of its sets (calculateStatus). Numbers of zero are left out, as by Go. */
export function deploymentStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  now: string,
): DeploymentStatus {
  const available = total(sets, "availableReplicas");
  const enough = available >= replicasOf(deployment) - maxUnavailable(deployment);
  const availability = enough
    ? newCondition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    : newCondition(
        "Available",
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
        now,
      );
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: count(total(sets, "replicas")),
    updatedReplicas: count(newest ? newest.status.replicas : 0),
    readyReplicas: count(total(sets, "readyReplicas")),
    availableReplicas: count(available),
    unavailableReplicas: count(Math.max(0, wanted(sets) - available)),
    collisionCount: deployment.status.collisionCount,
    conditions: withCondition(deployment.status.conditions ?? [], availability),
  };
}

function count(number: number): number | undefined {
  return number === 0 ? undefined : number;
}

/** All Pods are of the present template and available, and none of an old one is left (DeploymentComplete). */
export function isComplete({ spec, metadata }: Deployment, status: Deployment["status"]): boolean {
  const replicas = spec.replicas ?? 0;
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

/** Something got better since the last status (DeploymentProgressing). */
export function isProgressing(old: Deployment["status"], status: Deployment["status"]): boolean {
  const oldPods = ({ replicas = 0, updatedReplicas = 0 }: Deployment["status"]): number => replicas - updatedReplicas;
  return (
    (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    oldPods(status) < oldPods(old) ||
    (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

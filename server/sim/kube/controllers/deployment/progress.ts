import { parseRfc3339, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Deployment, ReplicaSet } from "../../api/index.ts";
import {
  conditionOf, NEW_SET_AVAILABLE, newCondition, PAUSED, TIMED_OUT, withCondition, withoutCondition, type Conditions,
} from "./conditions.ts"; // prettier-ignore
import { hasProgressDeadline } from "./limits.ts";
import type { Rollout } from "./rollout.ts";
import { deploymentStatus, isComplete, isProgressing, type DeploymentStatus } from "./status.ts";

const PROGRESSING = "Progressing";
const FAILURE = "ReplicaFailure";

/** Writes the status of a Deployment that rolls on, with what is to be said of its progress (pkg/controller/deployment/progress.go). */
export function writeRolloutStatus(rollout: Rollout): boolean {
  const { deployment, newest, sets, now } = rollout;
  const status = deploymentStatus(deployment, newest, sets, now);
  const conditions = withFailure(progress(rollout, status), newest, sets);
  return rollout.writeStatus({ ...status, conditions });
}

function progress({ deployment, newest, client, now }: Rollout, status: DeploymentStatus): Conditions {
  const { conditions } = status;
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, PROGRESSING);
  const current = conditionOf(deployment.status.conditions, PROGRESSING);
  const done = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === NEW_SET_AVAILABLE;
  if (done) return conditions;
  const subject = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, newCondition(PROGRESSING, "True", NEW_SET_AVAILABLE, message, now));
  }
  if (isProgressing(deployment.status, status)) {
    const condition = newCondition(PROGRESSING, "True", "ReplicaSetUpdated", `${subject} is progressing.`, now);
    const since = current?.status === "True" ? current.lastTransitionTime : now;
    return [...withoutCondition(conditions, PROGRESSING), { ...condition, lastTransitionTime: since }];
  }
  if (isTimedOut(deployment, status, client.server.kernel.now)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, newCondition(PROGRESSING, "False", TIMED_OUT, message, now));
  }
  return conditions;
}

function isTimedOut({ spec }: Deployment, { conditions }: DeploymentStatus, now: number): boolean {
  const condition = conditionOf(conditions, PROGRESSING);
  if (!condition || condition.reason === NEW_SET_AVAILABLE) return false;
  if (condition.reason === TIMED_OUT) return true;
  const since = parseRfc3339(condition.lastUpdateTime ?? "") ?? now;
  return since + spec.progressDeadlineSeconds! * SECOND < now;
}

/** That Pods cannot be made shows on the Deployment, too: what the newest set says, or else any. */
function withFailure(conditions: Conditions, newest: ReplicaSet | undefined, sets: readonly ReplicaSet[]): Conditions {
  for (const set of newest ? [newest, ...sets] : sets) {
    const failure = set.status.conditions?.find(({ type }) => type === FAILURE);
    if (failure) return withCondition(conditions, { ...failure, lastUpdateTime: failure.lastTransitionTime });
  }
  return withoutCondition(conditions, FAILURE);
}

/** How long until a rollout that does not get on is to be looked at again (requeueStuckDeployment). */
export function deadlineIn({ deployment, client }: Rollout): Duration | undefined {
  const condition = conditionOf(deployment.status.conditions, PROGRESSING);
  if (!hasProgressDeadline(deployment) || !condition || condition.reason === TIMED_OUT) return undefined;
  if (isComplete(deployment, deployment.status)) return undefined;
  const { now } = client.server.kernel;
  const since = parseRfc3339(condition.lastUpdateTime ?? "") ?? now;
  const left = since + deployment.spec.progressDeadlineSeconds! * SECOND - now;
  return Math.max(left, 0) + SECOND;
}

/** Time in which a Deployment is paused does not count; it says so, and when it goes on (checkPausedConditions). */
export function writePaused(rollout: Rollout): void {
  const { deployment, now } = rollout;
  const { conditions = [] } = deployment.status;
  const current = conditionOf(conditions, PROGRESSING);
  if (!hasProgressDeadline(deployment) || current?.reason === TIMED_OUT) return;
  const paused = deployment.spec.paused ?? false;
  if (paused === (current?.reason === PAUSED)) return;
  const condition = paused
    ? newCondition(PROGRESSING, "Unknown", PAUSED, "Deployment is paused", now)
    : newCondition(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed", now);
  rollout.writeStatus({ ...deployment.status, conditions: withCondition(conditions, condition) });
}

import type { Deployment, ReplicaSet, StringMap } from "../../api/index.ts";
import { maxSurge, replicasOf } from "./limits.ts";

/** The annotations by which a Deployment and its ReplicaSets remember revisions and sizes. */

export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
export const ROLLBACK_TO = "deprecated.deployment.rollback.to";

/** What a Deployment does not hand on to its ReplicaSets. */
const OWN = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);
const HISTORY_LENGTH = 2_000;

export function revisionOf({ metadata }: ReplicaSet): number {
  return integer(metadata.annotations?.[REVISION]) ?? 0;
}

export function desiredReplicas({ metadata }: ReplicaSet): number | undefined {
  return integer(metadata.annotations?.[DESIRED_REPLICAS]);
}

export function annotatedMaxReplicas({ metadata }: ReplicaSet): number | undefined {
  return integer(metadata.annotations?.[MAX_REPLICAS]);
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

/** The annotations of a set with the sizes of its Deployment; the same ones if they are right. */
export function withReplicas(annotations: StringMap = {}, deployment: Deployment): StringMap {
  const desired = String(replicasOf(deployment));
  const most = String(replicasOf(deployment) + maxSurge(deployment));
  if (annotations[DESIRED_REPLICAS] === desired && annotations[MAX_REPLICAS] === most) return annotations;
  return { ...annotations, [DESIRED_REPLICAS]: desired, [MAX_REPLICAS]: most };
}

/**
 * The annotations of the newest set: its Deployment's, and the revision, which only rises. A set that comes back keeps
 * account of the revisions that it was before (SetNewReplicaSetAnnotations).
 */
export function newestAnnotations(deployment: Deployment, annotations: StringMap = {}, revision: number): StringMap {
  const result: Record<string, string> = { ...annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!OWN.has(key)) result[key] = value;
  const text = annotations[REVISION];
  const before = text === undefined ? 0 : integer(text);
  if (before === undefined || before >= revision) return result;
  result[REVISION] = String(revision);
  if (text !== undefined) result[REVISION_HISTORY] = withRevision(annotations[REVISION_HISTORY] ?? "", text);
  return result;
}

/** `1,3` with another one; the oldest go when the list gets long. */
function withRevision(history: string, revision: string): string {
  const revisions = history === "" ? [] : history.split(",");
  revisions.push(revision);
  while (revisions.length > 1 && revisions.join(",").length > HISTORY_LENGTH) revisions.shift();
  return revisions.join(",");
}

/** The annotations of a Deployment that goes back to what a set was made from (SetDeploymentAnnotationsTo). */
export function rolledBackAnnotations(deployment: Deployment, set: ReplicaSet): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => OWN.has(key));
  const others = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  return Object.fromEntries([...own, ...others]);
}

import { sameJson, type Deployment, type PodTemplateSpec, type ReplicaSet } from "../../api/index.ts";
import { revisionOf } from "./annotations.ts";
import { replicasOf } from "./limits.ts";

/** Questions about the ReplicaSets of a Deployment, and their orders (pkg/controller/deployment/util, controller_utils.go). */

export const HASH_LABEL = "pod-template-hash";

/** Whether two templates are the same but for the label that the controller gives them. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return sameJson(withoutHash(a), withoutHash(b));
}

export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: hash, ...labels } = template.metadata.labels ?? {};
  if (hash === undefined) return template;
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The set of the Deployment's present template: the oldest, if there were several. */
export function newestOf(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return sets.toSorted(byAge).find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
}

export function active(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return sets.filter((set) => replicasOf(set) > 0);
}

/** How many Pods sets are meant to have. */
export function wanted(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + replicasOf(set), 0);
}

/** How many Pods sets have, by a number of their status. */
export function total(sets: readonly ReplicaSet[], which: "replicas" | "readyReplicas" | "availableReplicas"): number {
  return sets.reduce((sum, { status }) => sum + (status[which] ?? 0), 0);
}

export function byAge({ metadata: a }: ReplicaSet, { metadata: b }: ReplicaSet): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}

/** Larger ones first; of equal ones the older or the newer. */
export function bySize(a: ReplicaSet, b: ReplicaSet, then: "older" | "newer"): number {
  return replicasOf(b) - replicasOf(a) || (then === "older" ? byAge(a, b) : byAge(b, a));
}

export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  return revisionOf(a) - revisionOf(b) || byAge(a, b);
}

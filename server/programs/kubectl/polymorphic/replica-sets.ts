import { sameJson, type Deployment, type PodTemplateSpec, type ReplicaSet } from "../../../sim/kube/api/index.ts";

const HASH_LABEL = "pod-template-hash";
export const REVISION = "deployment.kubernetes.io/revision";

export interface ReplicaSets {
  /** Of the template that the Deployment has now. */
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

/** The ReplicaSets that a Deployment owns, told apart (kubectl pkg/util/deployment GetAllReplicaSets). */
export function replicaSetsOf(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSets {
  const own = sets.filter(({ metadata }) =>
    metadata.ownerReferences?.some(({ controller, uid }) => controller === true && uid === deployment.metadata.uid),
  );
  const current = own.toSorted(byAge).find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
  return { current, old: own.filter((set) => set !== current) };
}

/** Equal but for the label that tells ReplicaSets apart. */
export function sameTemplate(left: PodTemplateSpec, right: PodTemplateSpec): boolean {
  return sameJson(withoutHash(left), withoutHash(right));
}

export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [HASH_LABEL]: hash, ...labels } = template.metadata?.labels ?? {};
  return hash === undefined ? template : { ...template, metadata: { ...template.metadata, labels } };
}

/** A ReplicaSet's revision; undefined if its annotation is no number. */
export function revisionOf({ metadata }: Pick<ReplicaSet, "metadata">): number | undefined {
  const text = metadata.annotations?.[REVISION];
  if (text === undefined) return 0;
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [left, right] = [a.metadata, b.metadata];
  if (left.creationTimestamp !== right.creationTimestamp)
    return left.creationTimestamp < right.creationTimestamp ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}

import {
  isStatus, referenceTo, sameJson, type Client, type EventRecorder, type Kind, type KubeObject, type OwnerReference, type Pod,
  type StatefulSet,
} from "../../api/index.ts"; // prettier-ignore
import { pods, statefulSets } from "../../kinds/index.ts";
import { controllerReference } from "../owner-reference.ts";
import { claimName, ordinalOf, podName, startOrdinal } from "./pods.ts";

/** The PersistentVolumeClaims of a StatefulSet's Pods, by its volumeClaimTemplates and its retention policy. */
export class PodClaims {
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(client: Client, recorder: EventRecorder) {
    this.#client = client;
    this.#recorder = recorder;
  }

  /** Undefined while the server serves no claims: then Pods wait for ever for theirs. */
  get #kind(): Kind | undefined {
    return this.#client.server.registry.find("", "v1", "persistentvolumeclaims");
  }

  /** Makes the claims of an ordinal that are missing. Throws what the server refuses one with. */
  create(set: StatefulSet, ordinal: number): void {
    const kind = this.#kind;
    if (!kind) return;
    const { namespace = "" } = set.metadata;
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const name = claimName(template.metadata.name ?? "", set, ordinal);
      if (this.#client.get(kind, namespace, name)) continue;
      const { annotations } = template.metadata;
      const labels = { ...template.metadata.labels, ...set.spec.selector?.matchLabels };
      const event = (type: "Normal" | "Warning", reason: string, message: string): void =>
        this.#recorder.event(referenceTo(statefulSets, set), type, reason, message);
      const of = podName(set, ordinal);
      try {
        const claim = {
          metadata: { name, namespace, labels, ...(annotations && { annotations }) },
          spec: template.spec,
        };
        this.#client.create(kind, claim);
        event(
          "Normal",
          "SuccessfulCreate",
          `create Claim ${name} Pod ${of} in StatefulSet ${set.metadata.name} success`,
        );
      } catch (error) {
        if (!isStatus(error)) throw error;
        const where = `create Claim ${name} for Pod ${of} in StatefulSet ${set.metadata.name}`;
        event("Warning", "FailedCreate", `${where} failed error: ${error.message}`);
        throw error;
      }
    }
  }

  /** A claim belongs to a Pod of that name that is gone: it will go, too, and must not be used (PodClaimIsStale). */
  areStale(set: StatefulSet, ordinal: number): boolean {
    if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== "Delete") return false;
    const name = podName(set, ordinal);
    return this.#claims(set, ordinal).some(({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.kind === "Pod" && owner.name === name),
    );
  }

  /** Makes claims belong to the set or the Pod, so that they go with them if the policy says so. */
  retain(set: StatefulSet, pod: Pod): void {
    const kind = this.#kind;
    const ordinal = ordinalOf(set, pod);
    if (!kind || ordinal === undefined) return;
    for (const claim of this.#claims(set, ordinal)) {
      const owners = claimOwners(claim.metadata.ownerReferences ?? [], set, pod, ordinal);
      if (sameJson(owners, claim.metadata.ownerReferences ?? [])) continue;
      this.#client.update(kind, { ...claim, metadata: { ...claim.metadata, ownerReferences: owners } });
    }
  }

  #claims(set: StatefulSet, ordinal: number): KubeObject[] {
    const kind = this.#kind;
    if (!kind) return [];
    return (set.spec.volumeClaimTemplates ?? []).flatMap(({ metadata }) => {
      const claim = this.#client.get(kind, set.metadata.namespace ?? "", claimName(metadata.name ?? "", set, ordinal));
      return claim ? [claim] : [];
    });
  }
}

/** updateClaimOwnerRefForSetAndPod */
function claimOwners(
  owners: readonly OwnerReference[],
  set: StatefulSet,
  pod: Pod,
  ordinal: number,
): readonly OwnerReference[] {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const others = owners.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
  if (others.some(({ controller }) => controller)) return others;
  const start = startOrdinal(set);
  const surplus = ordinal < start || ordinal >= start + (set.spec.replicas ?? 0);
  if (whenScaled === "Delete" && surplus) return [...others, controllerReference(pods, pod)];
  return whenDeleted === "Delete" && !(whenScaled === "Delete" && surplus)
    ? [...others, controllerReference(statefulSets, set)]
    : others;
}

import {
  compareQuantities, matchesLabels, referenceTo, validSelector, type PersistentVolume, type PersistentVolumeClaim,
} from "../../api/index.ts"; // prettier-ignore
import { classOfVolume } from "../core/persistentvolume.ts";
import { classOfClaim, persistentVolumeClaims } from "../core/persistentvolumeclaim.ts";

// What the binder and the scheduler share (component-helpers/storage/volume).

export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
export const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
export const STORAGE_PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const BETA_STORAGE_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";
/** The provisioner of classes whose volumes somebody makes by hand. */
export const NO_PROVISIONER = "kubernetes.io/no-provisioner";

/** Whether a volume is meant for a claim: by its name alone where the volume names no uid yet. */
export function isVolumeBoundToClaim({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = spec;
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

export function hasAccessModes({ spec }: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));
}

export interface MatchOptions {
  /** For the controller, where the scheduler decides: only a volume that is meant for the claim already. */
  readonly delayed?: boolean;
  /** For the scheduler: whether its node can reach a volume. */
  readonly reaches?: (volume: PersistentVolume) => boolean;
  /** Volumes that others of the Pod's claims have got. */
  readonly taken?: ReadonlySet<string>;
}

/** The volume for a claim: the one that is meant for it, else the smallest that will do (FindMatchingVolume). */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  { delayed = false, reaches, taken }: MatchOptions = {},
): PersistentVolume | undefined {
  const wanted = claim.spec.resources.requests?.["storage"];
  const name = classOfClaim(claim);
  const selector = claim.spec.selector && validSelector(claim.spec.selector);
  let best: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { metadata, spec } = volume;
    if (taken?.has(metadata.name) || metadata.deletionTimestamp) continue;
    if (spec.volumeMode !== claim.spec.volumeMode) continue;
    const size = spec.capacity?.["storage"];
    if (compareQuantities(size, wanted) < 0) continue;
    if (isVolumeBoundToClaim(volume, claim)) return reaches && !reaches(volume) ? undefined : volume;
    if (delayed || spec.claimRef || (selector && !matchesLabels(selector, metadata.labels))) continue;
    if (classOfVolume(volume) !== name || (reaches && !reaches(volume)) || !hasAccessModes(volume, claim)) continue;
    if (!best || compareQuantities(size, best.spec.capacity?.["storage"]) < 0) best = volume;
  }
  return best;
}

/** The volume with a reference to its claim, or itself if it has one (GetBindVolumeToClaim). */
export function boundVolume(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const byController = !isVolumeBoundToClaim(volume, claim);
  const complete = !byController && volume.spec.claimRef?.uid === claim.metadata.uid;
  if (complete) return volume;
  return {
    ...volume,
    metadata: byController ? annotated(volume.metadata, BOUND_BY_CONTROLLER, "yes") : volume.metadata,
    spec: { ...volume.spec, claimRef: referenceTo(persistentVolumeClaims, claim) },
  };
}

/** Metadata with an annotation; itself if it has it already. */
export function annotated<Meta extends PersistentVolume["metadata"]>(metadata: Meta, key: string, value: string): Meta {
  if (metadata.annotations?.[key] === value) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [key]: value } };
}

import { sameJson, type Client, type PersistentVolume, type PersistentVolumeClaim } from "../../api/index.ts";
import { persistentVolumeClaims, persistentVolumes } from "../../kinds/index.ts";
import { annotated, BIND_COMPLETED, BOUND_BY_CONTROLLER, boundVolume } from "../../kinds/index.ts";

/** Binds both to each other, the volume first (pv_controller.go bind). */
export function bind(client: Client, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const next = boundVolume(volume, claim);
  let bound = next === volume ? volume : client.update(persistentVolumes, next);
  bound = setVolumePhase(client, bound, "Bound");
  let known = claim;
  let metadata = claim.metadata;
  if (claim.spec.volumeName !== volume.metadata.name) metadata = annotated(metadata, BOUND_BY_CONTROLLER, "yes");
  metadata =
    metadata.annotations?.[BIND_COMPLETED] === undefined ? annotated(metadata, BIND_COMPLETED, "yes") : metadata;
  if (metadata !== claim.metadata || claim.spec.volumeName !== volume.metadata.name)
    known = client.update(persistentVolumeClaims, {
      ...claim,
      metadata,
      spec: { ...claim.spec, volumeName: volume.metadata.name },
    });
  setClaimPhase(client, known, "Bound", bound);
}

/** Undoes a binding: of one that the user made only the uid goes (unbindVolume). */
export function unbind(client: Client, volume: PersistentVolume): void {
  const { [BOUND_BY_CONTROLLER]: byController, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef, ...spec } = volume.spec;
  const { uid: _, ...reserved } = claimRef ?? {};
  const free = client.update(persistentVolumes, {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: byController === undefined ? { ...spec, claimRef: reserved } : spec,
  });
  setVolumePhase(client, free, "Available");
}

export function setVolumePhase(
  client: Client,
  volume: PersistentVolume,
  phase: string,
  message = "",
): PersistentVolume {
  if (volume.status.phase === phase) return volume;
  const { message: _, ...status } = volume.status;
  return client.updateStatus(persistentVolumes, {
    ...volume,
    status: { ...status, phase, ...(message === "" ? {} : { message }) },
  });
}

/** What a claim has got; nothing without a volume (updateClaimStatus). */
export function setClaimPhase(
  client: Client,
  claim: PersistentVolumeClaim,
  phase: string,
  volume?: PersistentVolume,
): PersistentVolumeClaim {
  const { accessModes: _, capacity: before, ...rest } = claim.status;
  // What a bound claim has got does not follow the volume: growing is another controller's work.
  const capacity = claim.status.phase === "Bound" && before ? before : volume?.spec.capacity;
  const status = volume ? { ...rest, phase, accessModes: volume.spec.accessModes, capacity } : { ...rest, phase };
  if (sameJson(status, claim.status)) return claim;
  return client.updateStatus(persistentVolumeClaims, { ...claim, status });
}

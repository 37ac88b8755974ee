import { referenceTo, type Client, type EventRecorder, type PersistentVolume } from "../../api/index.ts";
import { persistentVolumes, PROVISIONED_BY } from "../../kinds/index.ts";
import { setVolumePhase } from "./bind.ts";

/** What the hostPath plugin removes; all else is somebody's data (pkg/volume/hostpath hostPathDeleter). */
const HOST_PATH_DELETES = /\/tmp\/.+/;

/** The claim of a volume is gone: what becomes of the volume is its policy's affair (pv_controller.go reclaimVolume). */
export function reclaim(client: Client, recorder: EventRecorder, volume: PersistentVolume): void {
  const fail = (reason: string, message: string): void => {
    if (volume.status.phase === "Failed") return;
    const failed = setVolumePhase(client, volume, "Failed", message);
    recorder.event(referenceTo(persistentVolumes, failed), "Warning", reason, message);
  };
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case "Retain":
      return;
    case "Recycle":
      return volume.spec.hostPath || volume.spec.nfs
        ? fail("VolumeFailedRecycle", "drydock: recycling volumes is not simulated")
        : fail("VolumeFailedRecycle", "No recycler plugin found for the volume!");
    case "Delete": {
      const outcome = deleteAsset(volume);
      if (outcome === "external") return;
      if (outcome !== "deleted") return fail("VolumeFailedDelete", outcome);
      return client.delete(persistentVolumes, "", volume.metadata.name);
    }
    default:
      return fail("VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy");
  }
}

/**
 * Removes what is behind a volume with the plugin that can: whoever provisioned it from outside does that himself. A
 * hostPath is one of the controller manager's container, where nothing of the nodes is.
 */
function deleteAsset({ metadata, spec }: PersistentVolume): string {
  const provisioner = metadata.annotations?.[PROVISIONED_BY] ?? "";
  if (provisioner !== "" && !provisioner.startsWith("kubernetes.io/")) return "external";
  if (!spec.hostPath)
    return `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`;
  const { path } = spec.hostPath;
  return HOST_PATH_DELETES.test(path)
    ? "deleted"
    : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}

import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from "../../api/index.ts";
import { persistentVolumeClaims, persistentVolumes } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";

/** The volume behind a Pod's claim. */
export interface ClaimedVolume {
  readonly claim: PersistentVolumeClaim;
  readonly volume: PersistentVolume;
}

/** The name of the claim behind a volume; that of an ephemeral one is made of the Pod's and the volume's. */
export function claimName({ metadata }: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  if (persistentVolumeClaim) return persistentVolumeClaim.claimName;
  return ephemeral ? `${metadata.name}-${name}` : undefined;
}

/** Looks a claim up with its volume; the error is that of desired_state_of_world_populator.go createVolumeSpec. */
export function claimedVolume(kubelet: Kubelet, pod: Pod, name: string): ClaimedVolume | { readonly error: string } {
  const { namespace = "" } = pod.metadata;
  const failed = (why: string): { readonly error: string } => ({
    error: `error processing PVC ${namespace}/${name}: ${why}`,
  });
  const { client, open } = kubelet.api;
  if (!client || !open) return failed("failed to fetch PVC from API server: the API server cannot be reached");
  const claim = client.get(persistentVolumeClaims, namespace, name);
  if (!claim) return failed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (claim.metadata.deletionTimestamp) return failed("can't start pod because PVC is being deleted");
  const { volumeName } = claim.spec;
  if (claim.status.phase !== "Bound" || !volumeName) return failed("PVC is not bound");
  const volume = client.get(persistentVolumes, "", volumeName);
  if (!volume)
    return failed(`failed to fetch PV ${volumeName} from API server: persistentvolumes "${volumeName}" not found`);
  const { claimRef } = volume.spec;
  if (!claimRef)
    return failed(
      `found PV object ${volumeName} with nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`,
    );
  if (claimRef.uid !== claim.metadata.uid)
    return failed(
      `found PV object ${volumeName} with a pv.Spec.ClaimRef.UID ${claimRef.uid ?? ""} that does not point to claim.UID ${claim.metadata.uid}`,
    );
  return { claim, volume };
}

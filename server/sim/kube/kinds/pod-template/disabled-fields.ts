import type { Draft, PodSpec } from "../../api/index.ts";

/**
 * Takes away what belongs to features that are off in v1.33: the server reads such fields, and forgets them without a word
 * (pkg/api/pod/util.go dropDisabledFields). PodLevelResources, DynamicResourceAllocation, ContainerStopSignals,
 * ClusterTrustBundleProjection and ImageVolume; a volume of an image stays without source, which the validation refuses.
 */
export function dropDisabledFields(spec: Draft<PodSpec>): void {
  const fields = spec as Record<string, unknown>;
  delete fields["resources"];
  delete fields["resourceClaims"];
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  // A Pod without containers is told so later.
  for (const container of [
    ...initContainers,
    ...((containers as typeof containers | undefined) ?? []),
    ...ephemeralContainers,
  ]) {
    delete (container.resources as Record<string, unknown>)["claims"];
    if (container.lifecycle?.stopSignal === undefined) continue;
    delete container.lifecycle.stopSignal;
    if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
  }
  for (const volume of spec.volumes ?? []) {
    delete (volume as Record<string, unknown>)["image"];
    for (const source of volume.projected?.sources ?? [])
      delete (source as Record<string, unknown>)["clusterTrustBundle"];
  }
}

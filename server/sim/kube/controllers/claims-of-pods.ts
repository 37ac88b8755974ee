import type { KubeObject, Pod } from "../api/index.ts";

/** An index of Pods by the claims that their volumes name: `default/data`. */
export const CLAIM_INDEX = "claim";

export function claimKeys(object: KubeObject): readonly string[] {
  const { metadata, spec } = object as Pod;
  const claims = (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
  return [...new Set(claims)].map((claim) => `${metadata.namespace ?? ""}/${claim}`);
}

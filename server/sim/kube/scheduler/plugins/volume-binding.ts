import { unresolvable, type Plugin } from "../plugin.ts";
import { claimNames, findPodVolumes, podClaims } from "../volumes.ts";

/** Claims must have volumes that the node can reach, or get them there (plugins/volumebinding). */
export const volumeBinding: Plugin = {
  name: "VolumeBinding",
  preFilter(pod, { client }) {
    if (claimNames(pod).length === 0) return undefined;
    const claims = podClaims(client, pod);
    return "why" in claims ? unresolvable(claims.why) : undefined;
  },
  filter(pod, { client }) {
    if (claimNames(pod).length === 0) return undefined;
    const claims = podClaims(client, pod);
    if ("why" in claims) return () => unresolvable(claims.why);
    return ({ node }) => {
      const found = findPodVolumes(client, claims, node);
      return "reasons" in found ? unresolvable(...found.reasons) : undefined;
    };
  },
};

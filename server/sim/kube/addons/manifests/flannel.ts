import { FLANNEL_YAML } from "./flannel-yaml.ts";
import { readManifest, type Manifest } from "./manifest.ts";

const manifests = new Map<string, Manifest>();

/** flannel for a cluster's Pod subnet: whoever has another one than the published 10.244.0.0/16 edits net-conf.json. */
export function flannelManifest(podSubnet = "10.244.0.0/16"): Manifest {
  let manifest = manifests.get(podSubnet);
  if (!manifest) {
    manifest = readManifest(FLANNEL_YAML.replace('"Network": "10.244.0.0/16"', `"Network": "${podSubnet}"`));
    manifests.set(podSubnet, manifest);
  }
  return manifest;
}

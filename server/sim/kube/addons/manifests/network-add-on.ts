import type { KubeObject } from "../../kubeadm/index.ts";
import { calicoYaml } from "./calico.ts";
import { flannelManifest } from "./flannel.ts";
import { readManifest, type Manifest } from "./manifest.ts";
import { weaveYaml } from "./weave.ts";

/** The network add-ons that a cluster can be made with. */
export type NetworkAddOn = "flannel" | "calico" | "weave" | "none";

const CALICO = "v3.30.2";
const WEAVE = "2.8.1";

const read = new Map<NetworkAddOn, Manifest>();

/** What an admin applies to install it, as published; flannel's needs the cluster's Pod subnet. */
export function networkAddOn(name: NetworkAddOn, podSubnet: string): readonly KubeObject[] {
  if (name === "none") return [];
  if (name === "flannel") return flannelManifest(podSubnet).objects;
  let manifest = read.get(name);
  if (!manifest) read.set(name, (manifest = readManifest(name === "calico" ? calicoYaml(CALICO) : weaveYaml(WEAVE))));
  return manifest.objects.flatMap(itemsOf);
}

function itemsOf(object: KubeObject): readonly KubeObject[] {
  return object.kind === "List" ? (object as unknown as { readonly items: readonly KubeObject[] }).items : [object];
}

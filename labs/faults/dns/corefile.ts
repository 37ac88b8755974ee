import type { World } from "../../../server/sim/world/index.ts";
import { deletePods, editConfigMap } from "../object.ts";

/** Changes the cluster's Corefile and has CoreDNS read it at once: all its Pods are deleted. */
export async function editCorefile(world: World, edit: (text: string) => string): Promise<void> {
  await editConfigMap(world, "kube-system", "coredns", "Corefile", edit);
  await deletePods(world, "kube-system", "k8s-app=kube-dns");
}

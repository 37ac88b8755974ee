import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { deletePods, remove } from "../object.ts";

export const corednsNoPermission = defineFault({
  name: "coredns-no-permission",
  area: "dns",
  words: "CoreDNS may no longer read the cluster's Services and endpoints",
  schema: z.strictObject({}),
  symptom:
    "Services no longer resolve once the CoreDNS Pods start anew: they wait for the API, are not ready, and log what is forbidden",
  repair: "bind ClusterRole system:coredns to ServiceAccount coredns of kube-system again",
  async apply(world) {
    await remove(world, "clusterrolebinding/system:coredns");
    await deletePods(world, "kube-system", "k8s-app=kube-dns");
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Prefix } from "../machine.ts";
import { deletePods, editConfigMap } from "../object.ts";

export const wrongClusterCidr = defineFault({
  name: "wrong-cluster-cidr",
  area: "kube-proxy",
  words: "kube-proxy takes another network for the Pods' own",
  schema: z.strictObject({
    cidr: Prefix.default("10.142.0.0/16").describe("the network that clusterCIDR of ConfigMap kube-proxy gets"),
  }),
  symptom:
    "Pods behind a Service see a node's address in place of their clients': traffic of Pods counts as coming from outside",
  repair: "correct clusterCIDR in ConfigMap kube-proxy and delete the kube-proxy Pods",
  async apply(world, { cidr }) {
    await editConfigMap(world, "kube-system", "kube-proxy", "config.conf", (text) =>
      text.replace(/^( *clusterCIDR:).*$/m, `$1 ${cidr}`),
    );
    await deletePods(world, "kube-system", "k8s-app=kube-proxy");
  },
});

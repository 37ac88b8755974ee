import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Prefix } from "../machine.ts";
import { deletePods, editConfigMap } from "../object.ts";

export const wrongPodCidr = defineFault({
  name: "wrong-pod-cidr",
  area: "cni",
  words: "flannel works with another Pod network than the cluster's nodes have their ranges from",
  schema: z.strictObject({
    network: Prefix.default("10.242.0.0/16").describe("the network that flannel's ConfigMap gets"),
  }),
  symptom:
    "the flannel Pods crash (their node's range is not in the network), and Pods of different nodes lose each other",
  repair:
    "correct net-conf.json in ConfigMap kube-flannel-cfg to the controller manager's --cluster-cidr and restart the DaemonSet",
  async apply(world, { network }) {
    await editConfigMap(world, "kube-flannel", "kube-flannel-cfg", "net-conf.json", (text) =>
      text.replace(/("Network": ")[^"]*/, `$1${network}`),
    );
    await deletePods(world, "kube-flannel", "app=flannel");
  },
});

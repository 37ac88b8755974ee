import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, Labels, Namespace, ObjectName } from "../object.ts";

export const networkAddOnMissing = defineFault({
  name: "network-add-on-missing",
  area: "cni",
  words: "The DaemonSet of the network add-on leaves nodes out",
  schema: z.strictObject({
    namespace: Namespace.default("kube-flannel").describe("its namespace"),
    daemonset: ObjectName.default("kube-flannel-ds").describe("the DaemonSet"),
    nodeSelector: Labels.default({ network: "flannel" }).describe("labels that nodes would need"),
  }),
  symptom: "no Pod of the add-on on any node: new nodes and restarted ones have no Pod network",
  repair: "take the nodeSelector out of the DaemonSet, or label the nodes if it is meant",
  async apply(world, { namespace, daemonset, nodeSelector }) {
    await change(world, `daemonset/${daemonset}`, namespace, () => ({
      spec: { template: { spec: { nodeSelector } } },
    }));
  },
});

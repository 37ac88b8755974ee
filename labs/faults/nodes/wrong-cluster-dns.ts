import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address, editFile, MachineName, type } from "../machine.ts";

export const wrongClusterDns = defineFault({
  name: "wrong-cluster-dns",
  area: "nodes",
  words: "The kubelet tells new Pods another DNS server than the cluster's",
  schema: z.strictObject({ on: MachineName, address: Address.describe("the server that Pods get") }),
  symptom: "names time out in Pods that this node started since; Pods of other nodes resolve",
  repair: "correct clusterDNS in /var/lib/kubelet/config.yaml, restart the kubelet and recreate the Pods",
  async apply(world, { on, address }) {
    editFile(world, on, "/var/lib/kubelet/config.yaml", (text) =>
      text.replace(/^(clusterDNS:\n)(?:[ ]*- .*\n)+/m, `$1- ${address}\n`),
    );
    await type(world, on, "systemctl restart kubelet");
  },
});

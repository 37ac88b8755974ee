import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const cniConfigMissing = defineFault({
  name: "cni-config-missing",
  area: "cni",
  words: "A node has lost its CNI configuration",
  schema: z.strictObject({ on: MachineName }),
  symptom:
    "the node becomes NotReady (cni plugin not initialized) and its new Pods stay in ContainerCreating; running ones go on",
  repair:
    "put the configuration back into /etc/cni/net.d: from a backup or another node, or restart the CNI's Pod on the node, which writes it",
  async apply(world, { on }) {
    await type(world, on, "mkdir -p /root/backup && mv /etc/cni/net.d/* /root/backup/");
  },
});

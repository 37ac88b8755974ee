import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName, type } from "../machine.ts";

export const cniConfigBroken = defineFault({
  name: "cni-config-broken",
  area: "cni",
  words: "A node's CNI configuration is not valid JSON",
  schema: z.strictObject({ on: MachineName }),
  symptom: "the node becomes NotReady, its new Pods stay in ContainerCreating; the containerd journal names the file",
  repair:
    "correct the file in /etc/cni/net.d (`python3 -m json.tool` or jq tells where), or have the CNI's Pod write it again",
  async apply(world, { on }) {
    const path = (await type(world, on, "ls /etc/cni/net.d/*.conflist | head -1")).trim();
    editFile(world, on, path, (text) => text.replace(/\n}\s*$/, "\n"));
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName, type } from "../machine.ts";

export const kubeletWrongServer = defineFault({
  name: "kubelet-wrong-server",
  area: "nodes",
  words: "The kubelet talks to the API server at the wrong address or port",
  schema: z.strictObject({
    on: MachineName,
    server: z
      .string()
      .regex(/^https?:[\w:/.-]+$/, "expected a URL such as https://172.30.1.2:6553")
      .describe("the URL that /etc/kubernetes/kubelet.conf gets"),
  }),
  symptom:
    "the node is NotReady (Kubelet stopped posting node status) although the kubelet runs; its journal says which address it cannot reach",
  repair: "correct server: in /etc/kubernetes/kubelet.conf and `systemctl restart kubelet`",
  async apply(world, { on, server }) {
    editFile(world, on, "/etc/kubernetes/kubelet.conf", (text) => text.replace(/^( *server:).*$/m, `$1 ${server}`));
    await type(world, on, "systemctl restart kubelet");
  },
});

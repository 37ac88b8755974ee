import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName, type } from "../machine.ts";

export const kubeletWrongRuntimeEndpoint = defineFault({
  name: "kubelet-wrong-runtime-endpoint",
  area: "nodes",
  words: "The kubelet looks for the container runtime's socket in the wrong place",
  schema: z.strictObject({
    on: MachineName,
    endpoint: z
      .string()
      .regex(/^[\w:/.-]+$/, "expected an endpoint such as unix:///var/run/crio/crio.sock")
      .default("unix:///var/run/crio/crio.sock")
      .describe("the endpoint that it gets"),
  }),
  symptom: "the node is NotReady, the kubelet restarts again and again; its journal names the socket",
  repair: "correct --container-runtime-endpoint in /var/lib/kubelet/kubeadm-flags.env and `systemctl restart kubelet`",
  async apply(world, { on, endpoint }) {
    editFile(world, on, "/var/lib/kubelet/kubeadm-flags.env", (text) =>
      text.replace(/(--container-runtime-endpoint=)[^ "]+/, `$1${endpoint}`),
    );
    await type(world, on, "systemctl restart kubelet");
  },
});

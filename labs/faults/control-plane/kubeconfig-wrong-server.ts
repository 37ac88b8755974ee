import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName, type } from "../machine.ts";

export const kubeconfigWrongServer = defineFault({
  name: "kubeconfig-wrong-server",
  area: "control-plane",
  words: "A kubeconfig of the control plane names the wrong address or port of the API server",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    file: z.enum(["admin.conf", "scheduler.conf", "controller-manager.conf"]).describe("the file in /etc/kubernetes"),
    server: z
      .string()
      .regex(/^https?:\/\/[\w.:-]+$/, "expected a URL such as https://172.30.1.2:6553")
      .describe("the URL that it gets"),
  }),
  symptom:
    "whoever uses the file cannot reach the API server: kubectl is refused (admin.conf), or new Pods stay Pending (scheduler.conf)",
  repair: "correct server in the file to the address of the other kubeconfigs, and restart the component that reads it",
  async apply(world, { on, file, server }) {
    editFile(world, on, `/etc/kubernetes/${file}`, (text) => text.replace(/^( *server:).*$/m, `$1 ${server}`));
    if (file === "admin.conf") return;
    const component = `kube-${file.replace(".conf", "")}`;
    await type(world, on, `crictl stop $(crictl ps -q --name ${component})`);
  },
});

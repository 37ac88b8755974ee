import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { MachineName, type } from "../machine.ts";

export const staticPodManifestMissing = defineFault({
  name: "static-pod-manifest-missing",
  area: "control-plane",
  words: "The manifest of a control plane component was moved away",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    component: z
      .enum(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"])
      .describe("the component"),
  }),
  symptom:
    "the component's Pod is gone: nothing is scheduled (kube-scheduler) or reconciled (kube-controller-manager), or kubectl is refused",
  repair: "move the file back from /root into /etc/kubernetes/manifests",
  async apply(world, { on, component }) {
    await type(world, on, `mv /etc/kubernetes/manifests/${component}.yaml /root/`);
  },
});

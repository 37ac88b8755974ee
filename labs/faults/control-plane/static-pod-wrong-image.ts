import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName } from "../machine.ts";

export const staticPodWrongImage = defineFault({
  name: "static-pod-wrong-image",
  area: "control-plane",
  words: "A control plane component's static Pod names an image that does not exist",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    component: z
      .enum(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"])
      .describe("the component"),
    image: z.string().regex(/^\S+$/).describe("the image that it gets"),
  }),
  symptom: "the component's Pod cannot start: ErrImagePull, to be seen with crictl and in the kubelet's journal",
  repair:
    "correct image in /etc/kubernetes/manifests; `kubeadm config images list` and other manifests show the right version",
  async apply(world, { on, component, image }) {
    editFile(world, on, `/etc/kubernetes/manifests/${component}.yaml`, (text) =>
      text.replace(/^( *image:).*$/m, `$1 ${image}`),
    );
  },
});

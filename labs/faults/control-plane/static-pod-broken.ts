import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName } from "../machine.ts";

export const staticPodBroken = defineFault({
  name: "static-pod-broken",
  area: "control-plane",
  words: "A flag of a control plane component is wrong in its static Pod's manifest",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    component: z
      .enum(["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"])
      .describe("the component"),
    flag: z
      .string()
      .regex(/^[\w-]+$/, "expected a flag's name without its dashes")
      .describe("the flag"),
    value: z.string().describe("the value that it gets"),
  }),
  symptom: "the component's container exits again and again: nothing is scheduled or reconciled, or kubectl is refused",
  repair:
    "`crictl logs` or /var/log/pods names the flag: correct the manifest in /etc/kubernetes/manifests; the kubelet starts the Pod anew",
  async apply(world, { on, component, flag, value }) {
    editFile(world, on, `/etc/kubernetes/manifests/${component}.yaml`, (text) =>
      text.includes(`- --${flag}=`)
        ? text.replace(new RegExp(`^( *- --${flag}=).*$`, "m"), `$1${value}`)
        : text.replace(new RegExp(`^( *)- ${component}$`, "m"), `$&\n$1- --${flag}=${value}`),
    );
  },
});

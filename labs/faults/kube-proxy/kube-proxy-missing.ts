import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, Labels } from "../object.ts";

export const kubeProxyMissing = defineFault({
  name: "kube-proxy-missing",
  area: "kube-proxy",
  words: "The DaemonSet of kube-proxy leaves nodes out",
  schema: z.strictObject({
    nodeSelector: Labels.default({ "kubernetes.io/os": "lnux" }).describe("labels that nodes would need"),
  }),
  symptom: "no kube-proxy Pod on any node: Services keep the rules that they had, new or changed ones do not work",
  repair: "correct the nodeSelector of DaemonSet kube-proxy in kube-system to kubernetes.io/os: linux",
  async apply(world, { nodeSelector }) {
    await change(world, "daemonset/kube-proxy", "kube-system", () => ({
      spec: { template: { spec: { nodeSelector } } },
    }));
  },
});

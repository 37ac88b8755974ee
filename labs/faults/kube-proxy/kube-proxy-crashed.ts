import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { deletePods, editConfigMap } from "../object.ts";

export const kubeProxyCrashed = defineFault({
  name: "kube-proxy-crashed",
  area: "kube-proxy",
  words: "A field of kube-proxy's configuration is wrong, and its Pods were restarted",
  schema: z.strictObject({
    field: z.string().regex(/^\w+$/).default("mode").describe("the field of config.conf in ConfigMap kube-proxy"),
    value: z.string().default("iptabels").describe("the value that it gets"),
  }),
  symptom: "the kube-proxy Pods are in CrashLoopBackOff: Services keep the rules that they had, new ones do not work",
  repair: "`kubectl logs` names the field: correct ConfigMap kube-proxy and delete the Pods",
  async apply(world, { field, value }) {
    await editConfigMap(world, "kube-system", "kube-proxy", "config.conf", (text) =>
      text.replace(new RegExp(`^( *${field}:).*$`, "m"), `$1 ${JSON.stringify(value)}`),
    );
    await deletePods(world, "kube-system", "k8s-app=kube-proxy");
  },
});

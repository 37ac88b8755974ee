import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { editFile, MachineName } from "../machine.ts";

export const etcdWrongUrl = defineFault({
  name: "etcd-wrong-url",
  area: "control-plane",
  words: "The API server looks for etcd at the wrong address",
  schema: z.strictObject({
    on: MachineName.default("controlplane").describe("the control plane's machine"),
    url: z
      .string()
      .regex(/^https?:\/\/[\w.:-]+$/, "expected a URL such as https://127.0.0.1:2397")
      .default("https://127.0.0.1:2397")
      .describe("the URL that --etcd-servers gets"),
  }),
  symptom: "kubectl is refused: kube-apiserver restarts again and again, its log says that etcd refuses connections",
  repair: "correct --etcd-servers in /etc/kubernetes/manifests/kube-apiserver.yaml to etcd's --listen-client-urls",
  async apply(world, { on, url }) {
    editFile(world, on, "/etc/kubernetes/manifests/kube-apiserver.yaml", (text) =>
      text.replace(/^( *- --etcd-servers=).*$/m, `$1${url}`),
    );
  },
});

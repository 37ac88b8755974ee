import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, Labels } from "../object.ts";

export const dnsServiceSelector = defineFault({
  name: "dns-service-selector",
  area: "dns",
  words: "The Service of the cluster's DNS selects no CoreDNS Pod",
  schema: z.strictObject({
    labels: Labels.default({ "k8s-app": "coredns" }).describe("labels that its selector gets"),
  }),
  symptom: "no Pod resolves any name, although the CoreDNS Pods run; Service kube-dns has no endpoints",
  repair: "give Service kube-dns the selector k8s-app: kube-dns",
  async apply(world, { labels }) {
    await change(world, "service/kube-dns", "kube-system", () => ({ spec: { selector: labels } }));
  },
});

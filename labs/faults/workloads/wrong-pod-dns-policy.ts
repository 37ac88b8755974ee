import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Address } from "../machine.ts";
import { change, Namespace, ObjectName } from "../object.ts";

export const wrongPodDnsPolicy = defineFault({
  name: "wrong-pod-dns-policy",
  area: "workloads",
  words: "A Deployment's Pods ask the node's DNS server instead of the cluster's",
  schema: z.strictObject({
    deployment: ObjectName.describe("the Deployment"),
    namespace: Namespace,
    policy: z
      .enum(["Default", "None"])
      .default("Default")
      .describe("dnsPolicy: the node's own server, or what dnsConfig says"),
    nameserver: Address.default("1.1.1.1").describe("the server of dnsConfig, for None"),
  }),
  symptom: "its Pods resolve external names, but no Service",
  repair: "dnsPolicy: ClusterFirst (ClusterFirstWithHostNet with hostNetwork)",
  async apply(world, { deployment, namespace, policy, nameserver }) {
    const dns =
      policy === "None" ? { dnsPolicy: policy, dnsConfig: { nameservers: [nameserver] } } : { dnsPolicy: policy };
    await change(world, `deployment/${deployment}`, namespace, () => ({ spec: { template: { spec: dns } } }));
  },
});

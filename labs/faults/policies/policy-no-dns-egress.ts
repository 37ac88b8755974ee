import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Namespace, ObjectName } from "../object.ts";
import { makePolicy } from "./policy.ts";

export const policyNoDnsEgress = defineFault({
  name: "policy-no-dns-egress",
  area: "policies",
  words: "A NetworkPolicy allows Pods to reach each other, but not the cluster's DNS",
  schema: z.strictObject({ namespace: Namespace, name: ObjectName.default("only-inside").describe("the policy") }),
  symptom: "names time out in the namespace's Pods, addresses of its own Pods work",
  repair: "allow egress to kube-system on port 53, UDP and TCP",
  async apply(world, { namespace, name }) {
    await makePolicy(world, namespace, name, {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: {} }] }],
    });
  },
});

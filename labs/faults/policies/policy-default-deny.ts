import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { Namespace, ObjectName } from "../object.ts";
import { makePolicy } from "./policy.ts";

export const policyDefaultDeny = defineFault({
  name: "policy-default-deny",
  area: "policies",
  words: "A NetworkPolicy denies everything in a namespace",
  schema: z.strictObject({
    namespace: Namespace,
    name: ObjectName.default("default-deny").describe("the policy"),
    directions: z
      .array(z.enum(["Ingress", "Egress"]))
      .min(1)
      .default(["Ingress"])
      .describe("what it denies"),
  }),
  symptom: "connections to (or from) the namespace's Pods time out, although Service and endpoints are right",
  repair: "add a policy that allows what belongs there, or delete the one that denies",
  async apply(world, { namespace, name, directions }) {
    await makePolicy(world, namespace, name, { podSelector: {}, policyTypes: directions });
  },
});

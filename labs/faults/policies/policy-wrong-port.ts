import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { NetworkPolicy } from "../../../server/sim/kube/api/index.ts";
import { change } from "../object.ts";
import { PolicyName } from "./policy.ts";

export const policyWrongPort = defineFault({
  name: "policy-wrong-port",
  area: "policies",
  words: "A NetworkPolicy allows another port than the Pods listen on",
  schema: z.strictObject({ ...PolicyName, port: z.int().describe("the port that it allows") }),
  symptom: "clients time out, although the policy names them; the Service's port is not what policies see",
  repair: "allow the containers' own port (targetPort), not the Service's",
  async apply(world, { policy, namespace, port }) {
    await change<NetworkPolicy>(world, `networkpolicy/${policy}`, namespace, ({ spec }) => ({
      spec: {
        ingress: (spec.ingress ?? []).map((rule) => ({ ...rule, ports: [{ protocol: "TCP", port }] })),
      },
    }));
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { NetworkPolicy } from "../../../server/sim/kube/api/index.ts";
import { change, Labels } from "../object.ts";
import { PolicyName } from "./policy.ts";

export const policyWrongPodSelector = defineFault({
  name: "policy-wrong-pod-selector",
  area: "policies",
  words: "A NetworkPolicy lets other Pods in than the clients",
  schema: z.strictObject({ ...PolicyName, labels: Labels.describe("labels that its podSelectors of clients get") }),
  symptom: "clients time out, although a policy seems to allow them",
  repair: "compare the podSelector below from with the labels of the clients",
  async apply(world, { policy, namespace, labels }) {
    await change<NetworkPolicy>(world, `networkpolicy/${policy}`, namespace, ({ spec }) => ({
      spec: {
        ingress: (spec.ingress ?? []).map((rule) => ({
          ...rule,
          from: rule.from?.map((peer) => (peer.podSelector ? { ...peer, podSelector: { matchLabels: labels } } : peer)),
        })),
      },
    }));
  },
});

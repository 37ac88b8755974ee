import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { NetworkPolicy } from "../../../server/sim/kube/api/index.ts";
import { change, Labels } from "../object.ts";
import { PolicyName } from "./policy.ts";

export const policyWrongNamespaceSelector = defineFault({
  name: "policy-wrong-namespace-selector",
  area: "policies",
  words: "A NetworkPolicy lets another namespace in than the clients'",
  schema: z.strictObject({ ...PolicyName, labels: Labels.describe("labels that its namespaceSelectors get") }),
  symptom: "clients of the namespace that is meant time out",
  repair: "compare the namespaceSelector with `kubectl get namespaces --show-labels`",
  async apply(world, { policy, namespace, labels }) {
    await change<NetworkPolicy>(world, `networkpolicy/${policy}`, namespace, ({ spec }) => ({
      spec: {
        ingress: (spec.ingress ?? []).map((rule) => ({
          ...rule,
          from: rule.from?.map((peer) =>
            peer.namespaceSelector ? { ...peer, namespaceSelector: { matchLabels: labels } } : peer,
          ),
        })),
      },
    }));
  },
});

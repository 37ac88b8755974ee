import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, Namespace, ObjectName } from "../object.ts";

export const ingressControllerScaledDown = defineFault({
  name: "ingress-controller-scaled-down",
  area: "ingress",
  words: "The Ingress controller has no Pods",
  schema: z.strictObject({
    namespace: Namespace.default("ingress-nginx").describe("its namespace"),
    deployment: ObjectName.default("ingress-nginx-controller").describe("the Deployment"),
  }),
  symptom: "connections to the controller's Service are refused, for every Ingress",
  repair: "`kubectl -n ingress-nginx scale deployment ingress-nginx-controller --replicas=1`",
  async apply(world, { namespace, deployment }) {
    await change(world, `deployment/${deployment}`, namespace, () => ({ spec: { replicas: 0 } }));
  },
});

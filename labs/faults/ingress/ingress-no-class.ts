import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change } from "../object.ts";
import { IngressName } from "./ingress.ts";

export const ingressNoClass = defineFault({
  name: "ingress-no-class",
  area: "ingress",
  words: "An Ingress names no class, so that no controller serves it",
  schema: z.strictObject({ ...IngressName }),
  symptom: "the controller answers 404; `kubectl get ingress` shows <none> as its class",
  repair: "set spec.ingressClassName to a name of `kubectl get ingressclasses`",
  async apply(world, { ingress, namespace }) {
    await change(world, `ingress/${ingress}`, namespace, () => ({ spec: { ingressClassName: null } }));
  },
});

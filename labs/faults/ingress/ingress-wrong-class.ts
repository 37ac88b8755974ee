import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change, ObjectName } from "../object.ts";
import { IngressName } from "./ingress.ts";

export const ingressWrongClass = defineFault({
  name: "ingress-wrong-class",
  area: "ingress",
  words: "An Ingress names a class that no controller serves",
  schema: z.strictObject({ ...IngressName, className: ObjectName.default("ngnix").describe("the class that it gets") }),
  symptom: "the controller answers 404; the Ingress has a class that `kubectl get ingressclasses` does not list",
  repair: "set spec.ingressClassName to a name of `kubectl get ingressclasses`",
  async apply(world, { ingress, namespace, className }) {
    await change(world, `ingress/${ingress}`, namespace, () => ({ spec: { ingressClassName: className } }));
  },
});

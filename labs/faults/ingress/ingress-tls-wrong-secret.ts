import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Ingress } from "../../../server/sim/kube/api/index.ts";
import { change, ObjectName } from "../object.ts";
import { IngressName } from "./ingress.ts";

export const ingressTlsWrongSecret = defineFault({
  name: "ingress-tls-wrong-secret",
  area: "ingress",
  words: "An Ingress names a TLS Secret that does not exist",
  schema: z.strictObject({
    ...IngressName,
    secret: ObjectName.default("web-tsl").describe("the Secret that its tls entries get"),
  }),
  symptom: 'clients get the controller\'s own "Kubernetes Ingress Controller Fake Certificate", and refuse it',
  repair: "correct secretName to a Secret of type kubernetes.io/tls in the Ingress's namespace",
  async apply(world, { ingress, namespace, secret }) {
    await change<Ingress>(world, `ingress/${ingress}`, namespace, ({ spec }) => ({
      spec: { tls: (spec.tls ?? []).map((entry) => ({ ...entry, secretName: secret })) },
    }));
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change } from "../object.ts";

export const corednsScaledDown = defineFault({
  name: "coredns-scaled-down",
  area: "dns",
  words: "CoreDNS has no Pods",
  schema: z.strictObject({}),
  symptom: "no Pod resolves any name; Service kube-dns has no endpoints",
  repair: "`kubectl -n kube-system scale deployment coredns --replicas=2`",
  async apply(world) {
    await change(world, "deployment/coredns", "kube-system", () => ({ spec: { replicas: 0 } }));
  },
});

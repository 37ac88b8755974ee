import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { change } from "../object.ts";
import { ServiceName } from "./service.ts";

export const serviceLocalPolicy = defineFault({
  name: "service-local-policy",
  area: "services",
  words: "A Service takes outside traffic only on nodes with a Pod of its own",
  schema: z.strictObject({ ...ServiceName }),
  symptom: "the node port answers on some nodes and times out on the others",
  repair: "externalTrafficPolicy: Cluster, or a Pod on every node",
  async apply(world, { service, namespace }) {
    await change(world, `service/${service}`, namespace, () => ({ spec: { externalTrafficPolicy: "Local" } }));
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Service } from "../../../server/sim/kube/api/index.ts";
import { change } from "../object.ts";
import { ServiceName } from "./service.ts";

export const serviceWrongType = defineFault({
  name: "service-wrong-type",
  area: "services",
  words: "A Service has another type than its clients need",
  schema: z.strictObject({
    ...ServiceName,
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("ClusterIP").describe("the type that it gets"),
  }),
  symptom: "clients inside the cluster work, those outside are refused: there is no node port",
  repair: "make it a NodePort (or LoadBalancer) again, with the node port that clients use",
  async apply(world, { service, namespace, type }) {
    await change<Service>(world, `service/${service}`, namespace, ({ spec }) => ({
      spec: { type, ports: (spec.ports ?? []).map((port) => ({ ...port, nodePort: undefined })) },
    }));
  },
});

import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Service } from "../../../server/sim/kube/api/index.ts";
import { change } from "../object.ts";
import { ServiceName } from "./service.ts";

export const serviceWrongNodePort = defineFault({
  name: "service-wrong-node-port",
  area: "services",
  words: "A Service has another node port than its clients use",
  schema: z.strictObject({
    ...ServiceName,
    nodePort: z.int().min(30_000).max(32_767).describe("the node port that its first port gets"),
  }),
  symptom: "the known port of the nodes is refused; another one answers",
  repair: "set nodePort of the Service back",
  async apply(world, { service, namespace, nodePort }) {
    await change<Service>(world, `service/${service}`, namespace, ({ spec }) => ({
      spec: { ports: (spec.ports ?? []).map((own, at) => (at === 0 ? { ...own, nodePort } : own)) },
    }));
  },
});

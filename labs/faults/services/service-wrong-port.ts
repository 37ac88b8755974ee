import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Service } from "../../../server/sim/kube/api/index.ts";
import { change } from "../object.ts";
import { ServiceName } from "./service.ts";

export const serviceWrongPort = defineFault({
  name: "service-wrong-port",
  area: "services",
  words: "A Service listens on another port than its clients use",
  schema: z.strictObject({ ...ServiceName, port: z.int().describe("the port that its first port becomes") }),
  symptom: "connections to the Service's usual port are refused, although it has endpoints",
  repair: "correct port of the Service",
  async apply(world, { service, namespace, port }) {
    await change<Service>(world, `service/${service}`, namespace, ({ spec }) => ({
      spec: { ports: (spec.ports ?? []).map((own, at) => (at === 0 ? { ...own, port } : own)) },
    }));
  },
});

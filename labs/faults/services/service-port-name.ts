import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Service } from "../../../server/sim/kube/api/index.ts";
import { change } from "../object.ts";
import { ServiceName } from "./service.ts";

export const servicePortName = defineFault({
  name: "service-port-name",
  area: "services",
  words: "A Service names a port of its Pods that they do not have",
  schema: z.strictObject({ ...ServiceName, name: z.string().describe("the port's name that it gets as targetPort") }),
  symptom: "connections to the Service are refused: its endpoints have no port",
  repair: "use a name of the container's ports, or the number",
  async apply(world, { service, namespace, name }) {
    await change<Service>(world, `service/${service}`, namespace, ({ spec }) => ({
      spec: { ports: (spec.ports ?? []).map((port) => ({ ...port, targetPort: name })) },
    }));
  },
});

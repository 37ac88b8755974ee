import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import { ObjectName } from "../object.ts";
import { changePaths, IngressName } from "./ingress.ts";

export const ingressWrongBackend = defineFault({
  name: "ingress-wrong-backend",
  area: "ingress",
  words: "An Ingress sends to a Service or port that does not exist",
  schema: z.strictObject({
    ...IngressName,
    service: ObjectName.optional().describe("the Service that its paths get"),
    port: z.int().optional().describe("the port of it that they get"),
  }),
  symptom: "the controller answers 503; `kubectl describe ingress` shows what it does not find",
  repair: "correct service.name and service.port of the paths",
  async apply(world, { service, port, ...name }) {
    await changePaths(world, name, (path) => ({
      ...path,
      backend: {
        service: {
          ...path.backend.service!,
          ...(service === undefined ? {} : { name: service }),
          ...(port === undefined ? {} : { port: { number: port } }),
        },
      },
    }));
  },
});

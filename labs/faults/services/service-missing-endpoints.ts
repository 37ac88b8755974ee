import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Deployment } from "../../../server/sim/kube/api/index.ts";
import { change, Namespace, ObjectName } from "../object.ts";

export const serviceMissingEndpoints = defineFault({
  name: "service-missing-endpoints",
  area: "services",
  words: "The Pods behind a Service never become ready: their readiness probe asks the wrong thing",
  schema: z.strictObject({
    deployment: ObjectName.describe("the Deployment"),
    namespace: Namespace,
    path: z.string().default("/ready").describe("the path that the probe asks for"),
    port: z.int().default(8081).describe("the port that it asks at"),
  }),
  symptom: "connections to the Service are refused; its Pods run with 0/1 ready",
  repair: "correct the probe of the Deployment: `kubectl describe pod` shows what it asks and what it gets",
  async apply(world, { deployment, namespace, path, port }) {
    await change<Deployment>(world, `deployment/${deployment}`, namespace, ({ spec }) => ({
      spec: {
        strategy: { type: "Recreate", rollingUpdate: null },
        template: {
          spec: {
            containers: spec.template.spec.containers.map((container) => ({
              ...container,
              readinessProbe: { httpGet: { path, port }, periodSeconds: 5 },
            })),
          },
        },
      },
    }));
  },
});

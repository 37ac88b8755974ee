import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { Service } from "../../../server/sim/kube/api/index.ts";
import { Scene } from "../../../grader/index.ts";
import { Address } from "../machine.ts";
import { change, find, make, remove } from "../object.ts";
import { ServiceName } from "./service.ts";

export const serviceStaleEndpoints = defineFault({
  name: "service-stale-endpoints",
  area: "services",
  words: "A Service has no selector, and its endpoints were written by hand for a Pod that is gone",
  schema: z.strictObject({ ...ServiceName, address: Address.describe("the address in its endpoints") }),
  symptom:
    "connections to the Service time out or find no host; `kubectl get endpointslices` shows an address that no Pod has",
  repair: "give the Service its selector back and delete the EndpointSlice",
  async apply(world, { service, namespace, address }) {
    const { spec } = find<Service>(world, `service/${service}`, namespace);
    await change(world, `service/${service}`, namespace, () => ({ spec: { selector: null } }));
    for (const { metadata } of new Scene(world).objects.slicesOf(find<Service>(world, `service/${service}`, namespace)))
      await remove(world, `endpointslice/${metadata.name}`, namespace);
    // Else they would be mirrored into a slice again.
    await remove(world, `endpoints/${service}`, namespace);
    await make(world, {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${service}-manual`, namespace, labels: { "kubernetes.io/service-name": service } },
      addressType: "IPv4",
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: (spec.ports ?? []).map(({ name = "", port, targetPort, protocol = "TCP" }) => ({
        name,
        protocol,
        port: typeof targetPort === "number" ? targetPort : port,
      })),
    });
  },
});

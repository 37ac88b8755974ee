import { z } from "zod";
import { defineFault } from "../define-fault.ts";
import type { JsonValue, Service } from "../../../server/sim/kube/api/index.ts";
import { Address } from "../machine.ts";
import { find, make, remove } from "../object.ts";

export const dnsServiceIp = defineFault({
  name: "dns-service-ip",
  area: "dns",
  words: "The Service of the cluster's DNS was made anew with another address than Pods ask",
  schema: z.strictObject({ address: Address.default("10.96.0.53").describe("the address that it gets") }),
  symptom: "no Pod resolves any name: /etc/resolv.conf names an address that no Service has",
  repair: "make Service kube-dns anew with the address of the kubelets' clusterDNS as clusterIP",
  async apply(world, { address }) {
    const { metadata, spec } = find<Service>(world, "service/kube-dns", "kube-system");
    await remove(world, "service/kube-dns", "kube-system");
    const { name, namespace, labels = {}, annotations = {} } = metadata;
    await make(world, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: namespace!, labels, annotations },
      spec: { selector: spec.selector!, ports: spec.ports as unknown as JsonValue, clusterIP: address },
    });
  },
});

import type { EndpointSlice, Node, Service } from "../../api/index.ts";
import { Client } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, nodes, serviceCidrs, services } from "../../kinds/index.ts";
import { endpointsByPort, SERVICE_NAME } from "./endpoints.ts";
import type { ServiceMap, ServiceState } from "./service-map.ts";
import { isOurs, servicePorts } from "./service-port.ts";

export const ZONE_LABEL = "topology.kubernetes.io/zone";

/** Reads what the informers hold; who may list was asked when the watches were opened. */
function reader({ api }: Cluster): Client {
  return new Client(api, { user: { name: "", groups: [] }, userAgent: "kube-proxy" });
}

/** A Node as it is now. */
export function nodeOf(cluster: Cluster, name: string): Node | undefined {
  return reader(cluster).get(nodes, "", name);
}

/** The ranges of addresses that Services get theirs from. */
export function serviceCIDRsOf(cluster: Cluster): readonly string[] {
  const found = reader(cluster)
    .list(serviceCidrs)
    .flatMap(({ spec }) => spec.cidrs ?? []);
  return [...new Set(found)].sort();
}

/** A Service with its EndpointSlices as they are now. */
export function serviceState(cluster: Cluster, key: string, nodeName: string): ServiceState {
  const [namespace, name] = key.split("/") as [string, string];
  const client = reader(cluster);
  const service = client.get(services, namespace, name);
  const slices = client.indexed(endpointSlices, "service", serviceKeys, key);
  return stateOf(key, service, slices, nodeName);
}

/** Tells a proxier of every Service and EndpointSlice. */
export function loadServices(cluster: Cluster, nodeName: string, proxier: ServiceMap): void {
  const client = reader(cluster);
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of client.list(endpointSlices))
    for (const key of serviceKeys(slice)) {
      const known = slices.get(key);
      if (known) known.push(slice);
      else slices.set(key, [slice]);
    }
  const found = new Map(client.list(services).map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  for (const key of new Set([...found.keys(), ...slices.keys()]))
    proxier.set(key, stateOf(key, found.get(key), slices.get(key) ?? [], nodeName));
}

function serviceKeys(object: { readonly metadata: EndpointSlice["metadata"] }): readonly string[] {
  const name = object.metadata.labels?.[SERVICE_NAME];
  return name === undefined ? [] : [`${object.metadata.namespace}/${name}`];
}

function stateOf(
  key: string,
  service: Service | undefined,
  slices: readonly EndpointSlice[],
  nodeName: string,
): ServiceState {
  const own = slices.filter(({ metadata }) => isOurs(metadata.labels));
  return { ports: service ? servicePorts(service) : [], endpoints: endpointsByPort(key, own, nodeName) };
}

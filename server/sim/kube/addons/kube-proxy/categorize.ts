import type { Endpoint } from "./endpoints.ts";
import { usesClusterEndpoints, usesLocalEndpoints, type ServicePort } from "./service-port.ts";

export interface Categories {
  /** For traffic policy Cluster. */
  readonly cluster: readonly Endpoint[];
  /** For traffic policy Local: those on this node. */
  readonly local: readonly Endpoint[];
  /** All that this node may send to: these get a chain. */
  readonly reachable: readonly Endpoint[];
  /** Whether there is any, here or elsewhere. */
  readonly any: boolean;
}

const fallback = ({ serving, terminating }: Endpoint): boolean => serving && terminating;

/**
 * Which endpoints a service port uses on a node: those that are ready, else those that terminate and still serve, for both
 * policies by itself; hints of zones count if every ready endpoint has some and one is for the node's zone
 * (pkg/proxy/topology.go CategorizeEndpoints). Node hints are behind an alpha gate in v1.33 and off.
 */
export function categorize(endpoints: readonly Endpoint[], port: ServicePort, zone: string | undefined): Categories {
  let cluster: readonly Endpoint[] = [];
  let any = false;
  let hinted = false;
  if (usesClusterEndpoints(port)) {
    const ready = endpoints.filter((endpoint) => endpoint.ready);
    hinted = zone !== undefined && followsHints(ready, zone);
    cluster = hinted ? ready.filter(({ zoneHints }) => zoneHints.includes(zone!)) : ready;
    if (cluster.length === 0) cluster = endpoints.filter(fallback);
    any = cluster.length > 0;
  }
  if (!usesLocalEndpoints(port)) return { cluster, local: [], reachable: cluster, any };
  any ||= endpoints.some((endpoint) => endpoint.ready || fallback(endpoint));
  const here = endpoints.filter((endpoint) => endpoint.local);
  let local = here.filter((endpoint) => endpoint.ready);
  const terminating = local.length === 0;
  if (terminating) local = here.filter((endpoint) => !endpoint.ready && fallback(endpoint));
  if (!usesClusterEndpoints(port)) return { cluster, local, reachable: local, any };
  if (!hinted && (!terminating || local.length === 0)) return { cluster, local, reachable: cluster, any };
  const both = new Map([...cluster, ...local].map((endpoint) => [endpoint.text, endpoint]));
  return { cluster, local, reachable: [...both.values()], any };
}

function followsHints(ready: readonly Endpoint[], zone: string): boolean {
  return (
    ready.every(({ zoneHints }) => zoneHints.length > 0) && ready.some(({ zoneHints }) => zoneHints.includes(zone))
  );
}

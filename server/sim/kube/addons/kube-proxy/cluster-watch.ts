import { Client, sameJson, type EndpointSlice, type Node, type ObjectChange, type Service } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, nodes, services } from "../../kinds/index.ts";
import { SERVICE_NAME } from "./endpoints.ts";
import { isOurs, servicePorts } from "./service-port.ts";

/** What kube-proxies want to hear of a cluster. Services are named as `default/web`. */
export interface ClusterListener {
  /** A Service was written; `changed`: its ports are others now (ServiceChangeTracker). */
  service(name: string, changed: boolean): void;
  /** An EndpointSlice of these Services was written; `udp`: it has UDP ports. */
  endpoints(names: readonly string[], udp: boolean): void;
  /** A Node's labels are others now: hints of zones may say other things. */
  node(name: string): void;
}

export function watchCluster({ api }: Cluster, listener: ClusterListener): void {
  const client = new Client(api, { user: { name: "", groups: [] }, userAgent: "kube-proxy" });
  client.watch(services, (change) => serviceChanged(change, listener));
  client.watch(endpointSlices, (change) => sliceChanged(change, listener));
  client.watch(nodes, (change) => nodeChanged(change, listener));
}

function serviceChanged({ type, object, previous }: ObjectChange<Service>, listener: ClusterListener): void {
  const before = previous ? servicePorts(previous) : [];
  const after = type === "DELETED" ? [] : servicePorts(object);
  listener.service(`${object.metadata.namespace}/${object.metadata.name}`, !sameJson(before, after));
}

function sliceChanged({ type, object, previous }: ObjectChange<EndpointSlice>, listener: ClusterListener): void {
  if (object.addressType !== "IPv4") return;
  const versions = [previous, type === "DELETED" ? undefined : object].filter(
    (one): one is EndpointSlice => one !== undefined && isOurs(one.metadata.labels),
  );
  const names = new Set(versions.flatMap(serviceOf));
  const udp = versions.some(({ ports }) => ports?.some(({ protocol }) => protocol === "UDP"));
  if (names.size > 0) listener.endpoints([...names], udp);
}

function nodeChanged({ type, object, previous }: ObjectChange<Node>, listener: ClusterListener): void {
  if (type === "MODIFIED" && sameJson(previous?.metadata.labels ?? {}, object.metadata.labels ?? {})) return;
  listener.node(object.metadata.name);
}

function serviceOf({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[SERVICE_NAME];
  return name === undefined || name === "" ? [] : [`${metadata.namespace}/${name}`];
}

import type { Service, ServicePort } from "../../server/sim/kube/api/index.ts";
import { portsWords } from "../probe/target.ts";
import type { Probe } from "../probe/probe.ts";
import { nodeAddresses } from "../probe/node-ports.ts";
import type { Scene } from "../scene/scene.ts";
import { noEndpoints, readyEndpoints } from "./endpoints.ts";
import type { Explanation } from "./explanation.ts";
import { headedFor } from "./headed.ts";
import { explainHop } from "./hop.ts";
import { podTrouble } from "./pod.ts";

interface FoundService {
  readonly service: Service;
  /** Undefined: the Service has no such port. */
  readonly port: ServicePort | undefined;
  readonly nodePort: boolean;
}

/** The Service that an address and port belong to: by cluster address, external address, or node port. */
export function serviceAt(scene: Scene, address: string, number: number, protocol: string): FoundService | undefined {
  if (!scene.hasCluster) return undefined;
  const isNode = nodeAddresses(scene).some((node) => node.address === address);
  for (const service of scene.objects.services()) {
    const { clusterIPs = [], externalIPs = [], ports = [] } = service.spec;
    const ingress = (service.status.loadBalancer.ingress ?? []).flatMap(({ ip }) => ip ?? []);
    const same = ports.filter((port) => (port.protocol ?? "TCP") === protocol);
    if ([...clusterIPs, ...externalIPs, ...ingress].includes(address))
      return { service, port: same.find(({ port }) => port === number), nodePort: false };
    const port = isNode ? same.find(({ nodePort }) => nodePort === number) : undefined;
    if (port) return { service, port, nodePort: true };
  }
  return undefined;
}

/** Why a connection to a Service went wrong: its port, its endpoints, the rules of kube-proxy, or what is behind it. */
export function explainService(scene: Scene, probe: Probe, { service, port, nodePort }: FoundService): Explanation {
  const { namespace = "", name } = service.metadata;
  const title = `Service ${namespace}/${name}`;
  const { target, trace, by, address = "" } = probe;
  if (!port)
    return {
      why: `${title} has no port ${target.port}, it has ${portsWords(service.spec.ports)}`,
      see: `kubectl -n ${namespace} get service ${name}`,
    };
  const see = `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}`;
  const endpoints = readyEndpoints(scene, service, port);
  if (endpoints.length === 0) return { why: `${title} ${noEndpoints(scene, service, port)}`, see };
  if (!trace) return {};
  const { dst, dport = 0 } = headedFor(trace, by);
  if (dst === address && dport === target.port)
    return untranslated(
      scene,
      probe,
      service,
      nodePort,
      endpoints.map(({ node }) => node),
    );
  const rest = explainHop(scene, probe);
  const what = `${name} (${address}:${target.port}) sends to ${dst}:${dport}`;
  const known = endpoints.some((endpoint) => endpoint.address === dst && endpoint.port === dport);
  const stale = known ? "" : ", which is none of its endpoints (any more)";
  return { why: rest.why === undefined ? `${what}${stale}` : `${what}${stale}; ${rest.why}`, see: rest.see ?? see };
}

/** The last machine of the cluster that the packet came by: who should have sent it to an endpoint. */
function lastNode(scene: Scene, { trace }: Probe): string | undefined {
  const nodes = new Set(scene.objects.nodes().map(({ metadata }) => metadata.name));
  return trace?.hops.findLast(({ host }) => nodes.has(host))?.host;
}

/** A packet for an address that somebody should announce in a network of the cluster's, and that no machine of the cluster saw. */
function neverCame(scene: Scene, probe: Probe): Explanation {
  const { why } = explainHop(scene, probe);
  const rest = why === undefined ? "" : `: ${why}`;
  return {
    why: `no node of the cluster gets packets for ${probe.address ?? ""}${rest}`,
    see: "kubectl get nodes -o wide",
  };
}

/** The Service has endpoints, but no rule sent the packet to one of them. */
function untranslated(
  scene: Scene,
  probe: Probe,
  { metadata, spec }: Service,
  nodePort: boolean,
  nodesWithEndpoints: readonly (string | undefined)[],
): Explanation {
  const { address = "", target, by } = probe;
  const node = lastNode(scene, probe);
  if (node === undefined) return neverCame(scene, probe);
  if (nodePort && spec.externalTrafficPolicy === "Local" && !nodesWithEndpoints.includes(node))
    return {
      why: `externalTrafficPolicy of Service ${metadata.namespace ?? ""}/${metadata.name} is Local, and none of its endpoints is on ${node}`,
      see: `kubectl -n ${metadata.namespace ?? ""} get pods -o wide`,
    };
  const hop = explainHop(scene, probe);
  // Somebody's own rule ended it before those of kube-proxy could do anything.
  if (by?.at === "rule" && by.ref?.chain?.startsWith("KUBE-") === false) return hop;
  const proxy = scene.objects.podsOf("kube-system", "k8s-app=kube-proxy").find((pod) => pod.spec.nodeName === node);
  const trouble = proxy ? podTrouble(proxy) : "does not run there";
  const because = trouble === undefined ? "" : `: ${proxy ? `Pod ${proxy.metadata.name}` : "kube-proxy"} ${trouble}`;
  const what = `no rule on ${node} translates ${address}:${target.port} to an endpoint`;
  if (trouble === undefined && hop.why !== undefined)
    return by?.host === node ? hop : { ...hop, why: `${what}; ${hop.why}` };
  return {
    why: `${what}${because}`,
    see: `kubectl -n kube-system get pods -l k8s-app=kube-proxy -o wide`,
  };
}

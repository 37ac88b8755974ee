import { isIpv6, type Endpoint, type EndpointPort, type Node, type Pod, type Service } from "../../api/index.ts";
import { isHeadless } from "../../kinds/index.ts";
import { isPodReady } from "../pod-state.ts";
import { bySliceHash } from "../services/hash-order.ts";
import { hasHostname, targetPort } from "../services/service-pods.ts";

export type AddressType = "IPv4" | "IPv6";

const ZONE = "topology.kubernetes.io/zone";

/** The families for which a Service has slices. */
export function addressTypes({ spec }: Service): readonly AddressType[] {
  const families = (spec.ipFamilies ?? []).filter(
    (family): family is AddressType => family === "IPv4" || family === "IPv6",
  );
  if (families.length > 0) return families;
  const { clusterIP = "" } = spec;
  if (clusterIP === "" || clusterIP === "None") return ["IPv4", "IPv6"];
  return [isIpv6(clusterIP) ? "IPv6" : "IPv4"];
}

/** A Pod as an endpoint; without addresses if it has none of that family (podToEndpoint). */
export function endpointOf(pod: Pod, node: Node | undefined, service: Service, type: AddressType): Endpoint {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const serving = isPodReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const ready = (service.spec.publishNotReadyAddresses ?? false) || (serving && !terminating);
  const zone = node?.metadata.labels?.[ZONE];
  const addresses = (pod.status.podIPs ?? []).map(({ ip }) => ip).filter((ip) => isIpv6(ip) === (type === "IPv6"));
  return {
    addresses,
    conditions: { ready, serving, terminating },
    ...(hasHostname(pod, service) && { hostname: pod.spec.hostname }),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
    // Traffic stays in the zone while it has endpoints (trafficdist.go).
    ...(zone &&
      ready &&
      service.spec.trafficDistribution === "PreferClose" && { hints: { forZones: [{ name: zone }] } }),
  };
}

/** The ports of a Service that a Pod has, with their numbers there; their order is upstream's. */
export function portsOf(pod: Pod, service: Service): EndpointPort[] {
  const { ports = [] } = service.spec;
  if (ports.length === 0 && isHeadless(service)) return [];
  const found = ports.flatMap((port): EndpointPort[] => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    const { name = "", protocol, appProtocol } = port;
    return [{ name, protocol, port: number, ...(appProtocol !== undefined && { appProtocol }) }];
  });
  return bySliceHash(found);
}

/** Equal for ports between which a slice makes no difference. */
export function portsKey(ports: readonly EndpointPort[] | null): string {
  return JSON.stringify(
    bySliceHash(ports ?? []).map(({ name = "", protocol, port, appProtocol }) => [name, protocol, port, appProtocol]),
  );
}

/** What makes two endpoints the same one, whatever its state. */
export function endpointKey({ addresses, hostname = "", targetRef }: Endpoint): string {
  const { namespace = "", name = "" } = targetRef ?? {};
  return [...(addresses ?? []).toSorted(), hostname, namespace, name].join(" ");
}

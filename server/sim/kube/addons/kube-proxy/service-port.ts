import { isIpv6, parseCidr, type Service, type ServicePort as ApiPort } from "../../api/index.ts";
import { portHash } from "./chain-names.ts";

/** One port of a Service, as far as rules are made of it (pkg/proxy/serviceport.go BaseServicePortInfo). */
export interface ServicePort {
  /** `default/web:http`; without the colon where the port has no name. Comments and chain names are made of it. */
  readonly name: string;
  /** `default/web`. */
  readonly service: string;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly hash: string;
  readonly clusterIP: string;
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  readonly loadBalancerVIPs: readonly string[];
  readonly sourceRanges: readonly string[];
  /** Session affinity by client address, for that many seconds. */
  readonly affinity?: number;
  readonly externalLocal: boolean;
  readonly internalLocal: boolean;
  /** 0: none. */
  readonly healthCheckNodePort: number;
}

/** A Service with one of these labels is somebody else's work (cmd/kube-proxy/app/server.go, the informers' selector). */
const NOT_OURS = ["service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"] as const;

export function isOurs(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels === undefined || !NOT_OURS.some((label) => label in labels);
}

/** The IPv4 ports of a Service; none for those without a ClusterIP and for ExternalName (ShouldSkipService). */
export function servicePorts(service: Service): readonly ServicePort[] {
  const { metadata, spec, status } = service;
  const clusterIP = [spec.clusterIP ?? "", ...(spec.clusterIPs ?? [])].find((ip) => ip !== "" && !isIpv6(ip));
  if (spec.clusterIP === "None" || clusterIP === undefined || spec.type === "ExternalName" || !isOurs(metadata.labels))
    return [];
  const name = `${metadata.namespace ?? ""}/${metadata.name}`;
  // apis/core/v1/service/util.go ExternallyAccessible, ExternalPolicyLocal, NeedsHealthCheck
  const accessible = spec.type === "LoadBalancer" || spec.type === "NodePort" || (spec.externalIPs?.length ?? 0) > 0;
  const externalLocal = accessible && spec.externalTrafficPolicy === "Local";
  const facts = {
    service: name,
    clusterIP,
    externalIPs: (spec.externalIPs ?? []).filter((ip) => !isIpv6(ip)),
    loadBalancerVIPs: (status.loadBalancer.ingress ?? [])
      .filter(({ ip, ipMode }) => ip !== undefined && ip !== "" && !isIpv6(ip) && (ipMode ?? "VIP") === "VIP")
      .map(({ ip }) => ip!),
    sourceRanges: (spec.loadBalancerSourceRanges ?? []).flatMap(ipv4Range),
    ...(spec.sessionAffinity === "ClientIP"
      ? { affinity: spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800 }
      : {}),
    externalLocal,
    internalLocal: spec.internalTrafficPolicy === "Local",
    healthCheckNodePort: spec.type === "LoadBalancer" && externalLocal ? (spec.healthCheckNodePort ?? 0) : 0,
  };
  return (spec.ports ?? []).map((port) => servicePort(facts, port));
}

type Facts = Omit<ServicePort, "name" | "protocol" | "hash" | "port" | "nodePort">;

function servicePort(facts: Facts, { name = "", port, nodePort = 0, protocol = "TCP" }: ApiPort): ServicePort {
  const full = name === "" ? facts.service : `${facts.service}:${name}`;
  const lower = protocol.toLowerCase() as ServicePort["protocol"];
  return { name: full, protocol: lower, hash: portHash(full, lower), port, nodePort, ...facts };
}

/** Ranges may stand among blanks (MapCIDRsByIPFamily trims them); what is no IPv4 range is left out. */
function ipv4Range(text: string): string[] {
  const cidr = text.trim();
  return !cidr.includes(":") && parseCidr(cidr) ? [cidr] : [];
}

/** What Services and endpoints find each other by (ServicePortName). */
export function portKey(name: string, protocol: string): string {
  return `${name}/${protocol}`;
}

export function isExternallyAccessible({ nodePort, loadBalancerVIPs, externalIPs }: ServicePort): boolean {
  return nodePort !== 0 || loadBalancerVIPs.length > 0 || externalIPs.length > 0;
}

/** Even with an external policy of Local, Pods and the node reach all endpoints from outside addresses: the short way. */
export function usesClusterEndpoints(port: ServicePort): boolean {
  return !port.internalLocal || isExternallyAccessible(port);
}

export function usesLocalEndpoints(port: ServicePort): boolean {
  return port.internalLocal || (port.externalLocal && isExternallyAccessible(port));
}

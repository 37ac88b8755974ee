import type { Service, ServiceSpec } from "../../../api/index.ts";

/** Questions that allocation, validation and updates of Services ask (pkg/api/service/util.go). */

export const NONE = "None";

type Like = { readonly spec: Partial<ServiceSpec> };

export function isHeadless({ spec }: Like): boolean {
  return spec.clusterIPs?.length === 1 && spec.clusterIPs[0] === NONE;
}

export function needsClusterIp({ spec }: Like): boolean {
  return spec.type !== "ExternalName";
}

export function needsNodePorts({ spec }: Like): boolean {
  return spec.type === "NodePort" || spec.type === "LoadBalancer";
}

export function needsHealthCheck({ spec }: Like): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}

export function isExternallyAccessible({ spec }: Like): boolean {
  return needsNodePorts({ spec }) || (spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0);
}

export function nodePortsOf({ spec }: Like): number[] {
  return (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort ? [nodePort] : []));
}

/** All ports of the nodes that a Service holds. */
export function heldPorts(service: Service): readonly string[] {
  const ports = nodePortsOf(service);
  const { healthCheckNodePort } = service.spec;
  return [...new Set(healthCheckNodePort ? [...ports, healthCheckNodePort] : ports)].map(String);
}

/** All cluster addresses that a Service holds. */
export function heldAddresses({ spec }: Service): readonly string[] {
  return (spec.clusterIPs ?? []).filter((address) => address !== NONE && address !== "");
}

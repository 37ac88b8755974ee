import { sameJson, type Draft, type Service } from "../../../api/index.ts";
import { needsClusterIp, needsHealthCheck, needsNodePorts, nodePortsOf } from "./facts.ts";

/** What an update takes over from the old Service although the client left it out, and what it drops. */

/** Keeps clusterIP and clusterIPs in step (storage.go normalizeClusterIPs). */
export function normalizeClusterIps({ spec }: Draft<Service>, old: Service | undefined): void {
  if (!old) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
    return;
  }
  const before = old.spec;
  if (before.clusterIPs?.length && !spec.clusterIPs?.length && before.clusterIP === spec.clusterIP)
    spec.clusterIPs = [...before.clusterIPs];
  if (before.clusterIP === spec.clusterIP || !sameJson(before.clusterIPs, spec.clusterIPs)) return;
  if (before.clusterIP && !spec.clusterIP) delete spec.clusterIPs;
  else spec.clusterIPs = [spec.clusterIP!];
}

/** Gives back what the server allocated, so that the same manifest can be sent again (patchAllocatedValues). */
export function patchAllocated(service: Draft<Service>, old: Service): void {
  const { spec } = service;
  if (needsClusterIp(old) && needsClusterIp(service)) {
    if (!spec.clusterIP && old.spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
    if (!spec.clusterIPs?.length && old.spec.clusterIPs?.length) spec.clusterIPs = [...old.spec.clusterIPs];
  }
  if (needsNodePorts(old) && needsNodePorts(service)) {
    const kept = new Set(nodePortsOf(service));
    const used = nodePortsOf(old).filter((port) => kept.has(port));
    const byName = new Map((old.spec.ports ?? []).map(({ name = "", nodePort }) => [name, nodePort]));
    for (const entry of spec.ports ?? []) {
      const before = byName.get(entry.name ?? "");
      if (!entry.nodePort && before && !used.includes(before)) entry.nodePort = before;
    }
  }
  if (needsHealthCheck(old) && needsHealthCheck(service) && !spec.healthCheckNodePort && old.spec.healthCheckNodePort)
    spec.healthCheckNodePort = old.spec.healthCheckNodePort;
}

/** Drops what the old type needed and the new one does not, unless the client changed it (strategy.go dropTypeDependentFields). */
export function dropTypeDependent(service: Draft<Service>, old: Service): void {
  const { spec } = service;
  const before = old.spec;
  if (needsClusterIp(old) && !needsClusterIp(service)) {
    if (spec.clusterIP === before.clusterIP && sameJson(spec.clusterIPs, before.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (sameJson(spec.ipFamilies, before.ipFamilies)) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  if (needsNodePorts(old) && !needsNodePorts(service)) {
    const held = new Set(nodePortsOf(old));
    if (nodePortsOf(service).every((port) => held.has(port)))
      for (const entry of spec.ports ?? []) delete entry.nodePort;
  }
  if (needsHealthCheck(old) && !needsHealthCheck(service) && spec.healthCheckNodePort === before.healthCheckNodePort)
    delete spec.healthCheckNodePort;
  if (before.type === "LoadBalancer" && spec.type !== "LoadBalancer") {
    if (spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts)
      delete spec.allocateLoadBalancerNodePorts;
    if (spec.loadBalancerClass === before.loadBalancerClass) delete spec.loadBalancerClass;
  }
  const hadPolicy = needsNodePorts(old) || (before.type === "ClusterIP" && (before.externalIPs?.length ?? 0) > 0);
  const hasPolicy = needsNodePorts(service) || (spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0);
  if (hadPolicy && !hasPolicy && spec.externalTrafficPolicy === before.externalTrafficPolicy)
    delete spec.externalTrafficPolicy;
  if (spec.type !== "LoadBalancer") service.status.loadBalancer = {};
}

import { errors, goStrings, invalid, type Draft, type KindContext, type Service } from "../../../api/index.ts";
import { needsClusterIp, needsHealthCheck, needsNodePorts, nodePortsOf, NONE } from "./facts.ts";
import { initFamilies, isUnchangedPreference } from "./ip-families.ts";
import { nextAddress, reserveAddress } from "./addresses.ts";
import type { Family } from "./ip-allocator.ts";
import { PortAllocator } from "./port-allocator.ts";

/** Addresses and ports for a new Service (pkg/registry/core/service/storage/alloc.go allocateCreate). */
export function allocate(service: Draft<Service>, context: KindContext): void {
  initFamilies(service, undefined, context);
  allocateClusterIps(service, context);
  const ports = new PortAllocator(context);
  if (needsNodePorts(service)) allocateNodePorts(service, ports);
  if (needsHealthCheck(service)) allocateHealthCheckPort(service, ports);
}

/** What a changed Service needs in addition. What it does not need any more is free when the change is stored. */
export function reallocate(service: Draft<Service>, old: Service, context: KindContext): void {
  initFamilies(service, old, context);
  reallocateClusterIps(service, old, context);
  const ports = new PortAllocator(context);
  if (needsNodePorts(service)) updateNodePorts(service, old, ports);
  if (needsHealthCheck(service) && !needsHealthCheck(old)) allocateHealthCheckPort(service, ports);
  else if (
    !needsHealthCheck(service) &&
    needsHealthCheck(old) &&
    service.spec.healthCheckNodePort === old.spec.healthCheckNodePort
  )
    delete service.spec.healthCheckNodePort;
}

function refuse({ metadata }: Draft<Service>, path: string, value: Parameters<typeof invalid>[1], why: string): Error {
  return errors.invalid({ group: "", kind: "Service" }, metadata.name, [invalid(path, value, why)]);
}

function allocateClusterIps(service: Draft<Service>, context: KindContext): void {
  const { spec } = service;
  if (!needsClusterIp(service) || spec.clusterIPs?.[0] === NONE) return;
  const addresses = (spec.clusterIPs ??= []);
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (index >= addresses.length) addresses.push("");
    addresses[index] = allocateAddress(service, family, addresses[index]!, context);
    if (index === 0) spec.clusterIP = addresses[0]!;
  }
}

function allocateAddress(service: Draft<Service>, family: string, asked: string, context: KindContext): string {
  if (asked === "") return nextAddress(context, family as Family);
  const problem = reserveAddress(context, family as Family, asked);
  if (problem === undefined) return asked;
  const shown = goStrings(service.spec.clusterIPs);
  throw refuse(service, "spec.clusterIPs", shown, `failed to allocate IP ${asked}: ${problem}`);
}

function reallocateClusterIps(service: Draft<Service>, old: Service, context: KindContext): void {
  const { spec } = service;
  if (isUnchangedPreference(service, old)) return;
  if (!needsClusterIp(old) && needsClusterIp(service)) return allocateClusterIps(service, context);
  if (old.spec.clusterIPs?.[0] === NONE || !needsClusterIp(service)) return;
  const grows = old.spec.ipFamilies?.length === 1 && spec.ipFamilies?.length === 2;
  if (!grows) return;
  const addresses = (spec.clusterIPs ??= []);
  addresses[1] = allocateAddress(service, spec.ipFamilies![1]!, addresses[1] ?? "", context);
}

/** Entries with the same port and different protocols share their node port. */
function allocateNodePorts(service: Draft<Service>, allocator: PortAllocator): void {
  const shared = new Map<number, number>();
  const ports = service.spec.ports ?? [];
  const onlyAsked = isWithoutNodePorts(service);
  for (const [index, entry] of ports.entries()) {
    if (!entry.nodePort && onlyAsked) continue;
    const known = shared.get(entry.port);
    if (known === undefined) {
      const asked = ports.find(({ port, nodePort }) => port === entry.port && nodePort)?.nodePort;
      entry.nodePort = asked === undefined ? nextPort(allocator) : reserve(service, index, asked, allocator);
      shared.set(entry.port, entry.nodePort);
    } else if (!entry.nodePort) entry.nodePort = known;
    else if (entry.nodePort !== known) reserve(service, index, entry.nodePort, allocator);
  }
}

function isWithoutNodePorts({ spec }: Draft<Service>): boolean {
  return spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts === false;
}

function nextPort(allocator: PortAllocator): number {
  const port = allocator.allocateNext();
  if (port === undefined) throw errors.internalError("failed to allocate a nodePort: range is full");
  return port;
}

function reserve(service: Draft<Service>, index: number, port: number, allocator: PortAllocator): number {
  const problem = allocator.allocate(port);
  if (problem !== undefined) throw refuse(service, `spec.ports[${index}].nodePort`, port, problem);
  return port;
}

function updateNodePorts(service: Draft<Service>, old: Service, allocator: PortAllocator): void {
  const held = new Set(nodePortsOf(old));
  const seen = new Set<string>();
  const onlyAsked = isWithoutNodePorts(service);
  for (const [index, entry] of (service.spec.ports ?? []).entries()) {
    if (!entry.nodePort) {
      if (onlyAsked) continue;
      entry.nodePort = nextPort(allocator);
    } else if (!held.has(entry.nodePort)) {
      reserve(service, index, entry.nodePort, allocator);
      held.add(entry.nodePort);
    }
    const key = `${entry.protocol ?? ""} ${entry.nodePort}`;
    if (seen.has(key)) throw errors.unknownError(`duplicate nodePort: {${key}}`);
    seen.add(key);
  }
}

function allocateHealthCheckPort({ spec }: Draft<Service>, allocator: PortAllocator): void {
  if (spec.healthCheckNodePort) {
    const problem = allocator.allocate(spec.healthCheckNodePort);
    if (problem !== undefined)
      throw errors.internalError(
        `failed to allocate requested HealthCheck NodePort ${spec.healthCheckNodePort}: ${problem}`,
      );
    return;
  }
  const port = allocator.allocateNext();
  if (port === undefined) throw errors.internalError("failed to allocate a HealthCheck NodePort 0: range is full");
  spec.healthCheckNodePort = port;
}

import { addressText, deleteFlow, listFlows, tupleAddress, type Namespace } from "../../../net/index.ts";
import type { Endpoint } from "./endpoints.ts";
import type { ServicePort } from "./service-port.ts";

const UDP = 17;

/**
 * Forgets UDP flows to a service that lead to none of its serving endpoints; returns how many
 * (pkg/proxy/conntrack/cleanup.go CleanStaleEntries). TCP flows end by themselves.
 */
export function cleanStaleFlows(
  ns: Namespace,
  services: Iterable<readonly [ServicePort, readonly Endpoint[]]>,
): number {
  const byAddress = new Map<string, ReadonlySet<string>>();
  const byNodePort = new Map<number, ReadonlySet<string>>();
  for (const [port, endpoints] of services) {
    if (port.protocol !== "udp") continue;
    const serving = new Set(endpoints.filter((endpoint) => endpoint.serving).map((endpoint) => endpoint.text));
    if (serving.size === 0) continue;
    for (const ip of [port.clusterIP, ...port.loadBalancerVIPs, ...port.externalIPs])
      byAddress.set(`${ip}:${port.port}`, serving);
    if (port.nodePort !== 0) byNodePort.set(port.nodePort, serving);
  }
  if (byAddress.size === 0) return 0;
  let count = 0;
  for (const flow of listFlows(ns)) {
    if (flow.protocol !== UDP) continue;
    const { original, reply } = flow;
    const from = `${addressText(tupleAddress(reply.src))}:${reply.sport}`;
    const serving = [
      byAddress.get(`${addressText(tupleAddress(original.dst))}:${original.dport}`),
      byNodePort.get(original.dport),
    ];
    if (!serving.some((set) => set && !set.has(from))) continue;
    deleteFlow(ns, flow);
    count++;
  }
  return count;
}

import type { EndpointSlice } from "../../api/index.ts";
import { endpointChain } from "./chain-names.ts";
import { portKey } from "./service-port.ts";

/** An address and port behind a service port (pkg/proxy/endpoint.go BaseEndpointInfo). */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** `10.244.0.2:80`. */
  readonly text: string;
  /** Its KUBE-SEP- chain. */
  readonly chain: string;
  readonly local: boolean;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zoneHints: readonly string[];
}

export const SERVICE_NAME = "kubernetes.io/service-name";

/** The endpoints of a Service's ports by `portKey`, each list in the order of their texts (endpointslicecache.go). */
export function endpointsByPort(
  service: string,
  slices: readonly EndpointSlice[],
  nodeName: string,
): Map<string, readonly Endpoint[]> {
  const found = new Map<string, Map<string, Endpoint>>();
  for (const slice of slices) {
    if (slice.addressType !== "IPv4") continue;
    for (const { name = "", port = 0, protocol = "TCP" } of slice.ports ?? []) {
      if (port === 0) continue;
      const full = name === "" ? service : `${service}:${name}`;
      const lower = protocol.toLowerCase();
      const key = portKey(full, lower);
      let set = found.get(key);
      if (!set) found.set(key, (set = new Map()));
      for (const endpoint of slice.endpoints ?? []) {
        const ip = endpoint.addresses?.[0];
        if (ip === undefined) continue;
        const text = `${ip}:${port}`;
        const terminating = endpoint.conditions.terminating ?? false;
        // The address of a Pod that goes may belong to a new one already: that one counts.
        if (set.has(text) && terminating) continue;
        set.set(text, {
          ip,
          port,
          text,
          chain: endpointChain(full, lower, text),
          local: nodeName !== "" && endpoint.nodeName === nodeName,
          ready: endpoint.conditions.ready ?? true,
          serving: endpoint.conditions.serving ?? true,
          terminating,
          zoneHints: (endpoint.hints?.forZones ?? []).map((zone) => zone.name),
        });
      }
    }
  }
  const sorted = new Map<string, readonly Endpoint[]>();
  for (const [key, set] of found)
    if (set.size > 0)
      sorted.set(
        key,
        [...set.values()].sort((a, b) => (a.text < b.text ? -1 : 1)),
      );
  return sorted;
}

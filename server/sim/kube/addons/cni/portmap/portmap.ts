import type { Process } from "../../../../host/index.ts";
import {
  address,
  deleteFlow,
  getRoute,
  listFlows,
  protocolNumber,
  writeSysctl,
  type Namespace,
} from "../../../../net/index.ts";
import { CniError, wrapped } from "../cni-error.ts";
import { Iptables } from "../iptables.ts";
import { aboutPlugin } from "../plugins-version.ts";
import type { Plugin, PluginCall } from "../skel.ts";
import { checkPorts, forwardPorts, unforwardPorts } from "./chains.ts";
import { loadPortmapConfig, type PortmapConfig, type PortMapping } from "./portmap-config.ts";

/** Leads ports of the machine to the container that the plugins before it have made (plugins/meta/portmap). */
export const portmap: Plugin = {
  name: "portmap",
  summary: "CNI plugin: leads ports of the machine to containers",
  about: (version) => aboutPlugin("portmap", version),

  add(call) {
    const config = parse(call);
    if (!config.result) throw new CniError("must be called as chained plugin");
    if (config.mappings.length > 0 && config.address !== undefined) {
      if (config.snat) enableLocalnetRouting(call.ns, config.address);
      forwardPorts(iptablesOf(call.process), config, config.address);
      forgetStaleFlows(call.ns, config.mappings);
    }
    return config.result;
  },

  del(call) {
    const config = parse(call);
    if (config.mappings.length > 0) unforwardPorts(iptablesOf(call.process), config);
  },

  check(call) {
    const config = loadPortmapConfig(call);
    if (!config.result) throw new CniError("Required prevResult missing");
    if (config.mappings.length > 0 && config.address !== undefined)
      checkPorts(iptablesOf(call.process), config, config.address);
  },
};

function parse(call: PluginCall): PortmapConfig {
  return wrapped("failed to parse config", () => loadPortmapConfig(call));
}

function iptablesOf(process: Process): Iptables {
  const found = Iptables.find(process);
  if ("error" in found) throw new CniError(`failed to open iptables: ${found.error}`);
  return found;
}

/** Lets 127.0.0.0/8 cross to the link that leads to the container. */
function enableLocalnetRouting(ns: Namespace, prefix: string): void {
  const route = getRoute(ns, { destination: address(prefix.split("/")[0]!) });
  if (typeof route === "object") writeSysctl(ns, `net/ipv4/conf/${route.link.name}/route_localnet`, "1");
}

/** Flows of UDP that were begun before the rules would go on without them (deletePortmapStaleConnections). */
function forgetStaleFlows(ns: Namespace, mappings: readonly PortMapping[]): void {
  const ports = mappings.filter(({ protocol }) => protocol.toLowerCase() === "udp").map(({ hostPort }) => hostPort);
  if (ports.length === 0) return;
  const udp = protocolNumber("udp");
  for (const flow of listFlows(ns))
    if (flow.protocol === udp && ports.includes(flow.original.dport)) deleteFlow(ns, flow);
}

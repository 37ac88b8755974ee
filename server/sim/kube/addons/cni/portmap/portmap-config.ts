import { CniError, Unsimulated } from "../cni-error.ts";
import { GoFields } from "../go-fields.ts";
import { isV4, readResult, type CniResult } from "../result.ts";
import type { PluginCall } from "../skel.ts";

/** A port of the machine that leads to one of the container. */
export interface PortMapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: string;
  readonly hostIp: string;
}

export interface PortmapConfig {
  readonly network: string;
  readonly containerId: string;
  readonly snat: boolean;
  readonly masqueradeAll: boolean;
  /** Which bit of the mark says that a packet must be masqueraded. */
  readonly markBit: number;
  readonly setMarkChain?: string;
  readonly conditions: readonly string[];
  readonly mappings: readonly PortMapping[];
  readonly result?: CniResult;
  /** The container's first IPv4 address with its prefix. */
  readonly address?: string;
}

/** Kubernetes uses 14 and 15, Calico 20 to 31. */
const DEFAULT_MARK_BIT = 13;

/** plugins/meta/portmap parseConfig. */
export function loadPortmapConfig(call: PluginCall): PortmapConfig {
  const config = new GoFields(call.config, "PortMapConf");
  const mappings = readMappings(config);
  if (config.has("markMasqBit") && config.has("externalSetMarkChain"))
    throw new CniError("Cannot specify externalSetMarkChain and markMasqBit");
  const markBit = config.has("markMasqBit") ? config.integer("markMasqBit") : DEFAULT_MARK_BIT;
  if (markBit < 0 || markBit > 31) throw new CniError("MasqMarkBit must be between 0 and 31");
  if (config.text("backend") === "nftables") throw new Unsimulated("portmap", "backend: nftables");
  const result = config.has("prevResult") ? readResult(config.raw["prevResult"]!, call.version) : undefined;
  const own = (result?.ips ?? []).filter(({ interface: index }) => {
    const at = index === undefined ? undefined : result!.interfaces[index];
    return !at || (at.name === call.ifName && at.sandbox !== undefined);
  });
  if (mappings.length > 0 && own.some(({ address }) => !isV4(address)))
    throw new Unsimulated("portmap", "port mappings over IPv6");
  const chain = config.text("externalSetMarkChain");
  return {
    network: config.text("name"),
    containerId: call.containerId,
    snat: config.flag("snat", true),
    masqueradeAll: config.flag("masqAll"),
    markBit,
    ...(chain === "" ? {} : { setMarkChain: chain }),
    conditions: config.texts("conditionsV4"),
    mappings,
    ...(result ? { result } : {}),
    ...(own[0] ? { address: own[0].address } : {}),
  };
}

function readMappings(config: GoFields): PortMapping[] {
  return config
    .struct("runtimeConfig")
    .structs("portMappings", "[]main.PortMapEntry")
    .map((entry) => {
      const [hostPort, containerPort] = [entry.integer("hostPort"), entry.integer("containerPort")];
      if (containerPort <= 0) throw new CniError(`Invalid container port number: ${containerPort}`);
      if (hostPort <= 0) throw new CniError(`Invalid host port number: ${hostPort}`);
      return { hostPort, containerPort, protocol: entry.text("protocol"), hostIp: entry.text("hostIP") };
    });
}

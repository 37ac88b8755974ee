import { deleteNftTable, type Namespace } from "../../../../net/index.ts";
import type { ProxyConfig } from "../config.ts";
import { nodePortAddresses } from "../platform.ts";
import type { ProxyRow } from "../row.ts";
import type { NftablesSettings } from "./proxier.ts";
import type { RuleSettings } from "./service-rules.ts";

/** What its rules depend on beside Services, as it was found at the start. */
export function nftablesSettings({ config, nodeIP, podCIDRs }: ProxyRow): NftablesSettings {
  return {
    masqueradeAll: config.masqueradeAll,
    detector: detectorWords(config, podCIDRs),
    nodeIP,
    masqueradeMark: 2 ** config.masqueradeBit,
    nodePortAddresses: nodePortAddresses(config, nodeIP),
  };
}

/** How local traffic is told from other (IfLocalNFT and IfNotLocalNFT of util/localdetector.go). */
function detectorWords(config: ProxyConfig, podCIDRs: readonly string[]): RuleSettings["detector"] {
  const by = (field: string, value: string | undefined): RuleSettings["detector"] =>
    value === undefined ? undefined : { local: `${field} ${value}`, notLocal: `${field} != ${value}` };
  const ipv4 = (cidrs: readonly string[]): string | undefined => cidrs.find((cidr) => !cidr.includes(":"));
  switch (config.detectLocalMode) {
    case "ClusterCIDR":
      return by("ip saddr", ipv4(config.clusterCIDRs));
    case "NodeCIDR":
      return by("ip saddr", ipv4(podCIDRs));
    case "BridgeInterface":
      return by("iifname", `"${config.bridgeInterface}"`);
    case "InterfaceNamePrefix":
      return by("iifname", `"${config.interfaceNamePrefix}*"`);
  }
}

/** Both tables go (nftables CleanupLeftovers). */
export function cleanUpNftables(ns: Namespace): void {
  for (const family of ["ip", "ip6"] as const) deleteNftTable(ns, family, "kube-proxy");
}

import { createHash } from "node:crypto";

/** Longest name of an iptables chain. */
const LONGEST = 28;

/** The chain of a container in a network: `CNI-` and a hash of both (plugins pkg/utils FormatChainName). */
export function chainName(network: string, containerId: string, prefix = ""): string {
  const hash = createHash("sha512").update(`${network}${containerId}`).digest("hex");
  return `CNI-${prefix}${hash}`.slice(0, LONGEST);
}

/** The comment of such a chain's rules. */
export function chainComment(network: string, containerId: string): string {
  return `name: "${network}" id: "${containerId}"`;
}

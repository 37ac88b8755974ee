import type { Process } from "../../../../host/index.ts";
import { addressText, networkOf, parsePrefix } from "../../../../net/index.ts";
import { chainComment, chainName } from "../chain-name.ts";
import { CniError, Unsimulated } from "../cni-error.ts";
import { Iptables } from "../iptables.ts";
import { isV4 } from "../result.ts";

const NAT = "nat";
const MULTICAST = "224.0.0.0/4";

function iptablesOf(process: Process): Iptables {
  const found = Iptables.find(process);
  if ("error" in found) throw new CniError(`failed to locate iptables: ${found.error}`);
  return found;
}

/** Rewrites the source of what leaves the container's network (pkg/ip SetupIPMasq). `prefix`: the container's address. */
export function setupMasquerade(process: Process, prefix: string, network: string, containerId: string): void {
  if (!isV4(prefix)) throw new Unsimulated("bridge", "ipMasq over IPv6");
  const iptables = iptablesOf(process);
  const chain = chainName(network, containerId);
  const comment = ["-m", "comment", "--comment", chainComment(network, containerId)];
  const { address, length } = parsePrefix(prefix)!;
  iptables.ensureChain(NAT, chain);
  iptables.appendUnique(NAT, chain, [
    "-d",
    `${addressText(networkOf(address, length))}/${length}`,
    "-j",
    "ACCEPT",
    ...comment,
  ]);
  iptables.appendUnique(NAT, chain, ["!", "-d", MULTICAST, "-j", "MASQUERADE", ...comment]);
  iptables.appendUnique(NAT, "POSTROUTING", ["-s", addressText(address), "-j", chain, ...comment]);
}

export function teardownMasquerade(process: Process, prefix: string, network: string, containerId: string): void {
  if (!isV4(prefix)) return;
  const iptables = iptablesOf(process);
  const chain = chainName(network, containerId);
  const comment = ["-m", "comment", "--comment", chainComment(network, containerId)];
  iptables.deleteIfExists(NAT, "POSTROUTING", ["-s", prefix.split("/")[0]!, "-j", chain, ...comment]);
  iptables.removeChain(NAT, chain);
}

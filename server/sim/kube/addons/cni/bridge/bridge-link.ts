import {
  addAddress,
  addressesOf,
  addressText,
  bringUp,
  contains,
  createLink,
  defaultBroadcast,
  findLink,
  getLink,
  parsePrefix,
  removeAddress,
  setAddress,
  setLink,
  writeSysctl,
  type BridgeLink,
  type LinkRow,
  type Namespace,
} from "../../../../net/index.ts";
import { quote } from "../../../api/index.ts";
import { CniError } from "../cni-error.ts";
import { granted, netlinkWords } from "../netlink-error.ts";
import { isV4 } from "../result.ts";
import type { BridgeConfig } from "./bridge-config.ts";

/** Finds or makes the bridge and brings it up (setupBridge, ensureBridge). The row is as it is before it gets a port. */
export function ensureBridge(ns: Namespace, config: BridgeConfig): BridgeLink {
  const { bridge, mtu, promiscMode } = config;
  const refuse = (why: string): CniError => new CniError(`failed to create bridge ${quote(bridge)}: ${why}`);
  const made = createLink(ns, { kind: "bridge", name: bridge, ...(mtu === 0 ? {} : { mtu }) });
  if (!made.ok && made.errno !== "EEXIST") throw refuse(`could not add ${quote(bridge)}: ${netlinkWords(made)}`);
  const link = findLink(ns, bridge)!;
  if (promiscMode) setLink(ns, link.index, { promisc: true });
  if (link.kind !== "bridge") throw refuse(`${quote(bridge)} already exists but is not a bridge`);
  writeSysctl(ns, `net/ipv6/conf/${bridge}/accept_ra`, "0");
  granted(bringUp(ns, link.index), `failed to create bridge ${quote(bridge)}`);
  return bridgeNamed(ns, bridge);
}

/** The bridge as it is now: its address may have changed with its first port. */
export function bridgeNamed(ns: Namespace, name: string): BridgeLink {
  const link = findLink(ns, name);
  if (!link) throw new CniError(`could not lookup ${quote(name)}: Link not found`);
  if (link.kind !== "bridge") throw new CniError(`${quote(name)} already exists but is not a bridge`);
  return link;
}

/**
 * Gives the bridge a gateway's address. One that it has already must be the same, unless it may be replaced. With the address
 * the bridge keeps the MAC that it was made with, whatever its ports have (ensureAddr).
 */
export function ensureGateway(ns: Namespace, bridge: BridgeLink, prefix: string, force: boolean): void {
  const wanted = parsePrefix(prefix)!;
  const v4 = isV4(prefix);
  for (const { family, local, length } of addressesOf(ns, bridge.index)) {
    if ((family === 4) !== v4) continue;
    if (`${local}/${length}` === prefix) return;
    const other = parsePrefix(`${local}/${length}`)!;
    if (!v4 && !contains(other, wanted.address) && !contains(wanted, other.address)) continue;
    if (!force)
      throw new CniError(
        `failed to set bridge addr: ${quote(bridge.name)} already has an IP address different from ${prefix}`,
      );
    granted(
      removeAddress(ns, getLink(ns, bridge.index), { local, length }),
      `failed to set bridge addr: could not remove IP address from ${quote(bridge.name)}`,
    );
  }
  granted(
    giveAddress(ns, getLink(ns, bridge.index), prefix),
    `failed to set bridge addr: could not add IP address to ${quote(bridge.name)}`,
  );
  granted(setAddress(ns, bridge.index, bridge.address), "failed to set bridge addr: could not set bridge's mac");
}

/** As vishvananda/netlink asks for an address: with a broadcast address where the subnet has room for one. */
export function giveAddress(ns: Namespace, link: LinkRow, prefix: string) {
  const { address, length } = parsePrefix(prefix)!;
  const local = addressText(address);
  const broadcast = isV4(prefix) && length < 31 ? { broadcast: defaultBroadcast(local, length) } : {};
  return addAddress(ns, link, { local, length, ...broadcast });
}

/** pkg/ip EnableIP4Forward, EnableIP6Forward. */
export function enableForwarding(ns: Namespace, v4: boolean): void {
  granted(
    writeSysctl(ns, v4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding", "1"),
    "failed to enable forwarding",
  );
}

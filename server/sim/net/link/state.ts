import { addAddress } from "../address.ts";
import { addAddressRoutes } from "../address-routes.ts";
import { dropMasqueraded } from "../conntrack/masqueraded.ts";
import { fail, ok, type Result } from "../errno.ts";
import { flushFdb } from "../fdb.ts";
import { startIpv6, stopIpv6 } from "../ipv6.ts";
import { addressesOf } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { flushNeighbours } from "../neighbour.ts";
import { scopeNumber } from "../address-row.ts";
import { flushNexthops } from "../route/nexthop.ts";
import { flushRoutes } from "../route/table.ts";
import { closeTunnelSocket, openTunnelSocket } from "../socket/tunnel.ts";
import { bridgePorts, getLink, lowerOf, peerOf, updateLink, uppersOf } from "./links.ts";
import { isOperUp, isUpper, type BridgeLink, type LinkRow, type OperState, type UpperLink } from "./row.ts";

/**
 * `ip link set up` (dev_open): what comes back by itself are connected routes, not those that were added by hand. Only a vxlan
 * may fail, whose port a program has.
 */
export function bringUp(ns: Namespace, index: number): Result {
  const link = getLink(ns, index);
  if (link.up) return ok();
  const opened = link.kind === "vxlan" ? openTunnelSocket(ns, link) : mayOpen(ns, link);
  if (!opened.ok) return opened;
  updateLink(ns, link, { up: true, activated: true });
  if (link.kind === "loopback") addAddress(ns, getLink(ns, index), { local: "127.0.0.1", length: 8 });
  const rows = addressesOf(ns, index);
  for (const row of rows) if (row.family === 4) addAddressRoutes(ns, getLink(ns, index), row, rows);
  if (link.kind === "physical") setCarrier(ns, index, link.segment !== undefined);
  else if (link.kind === "veth") {
    const peer = peerOf(ns, link);
    if (peer?.link.up) {
      setCarrier(ns, index, true);
      setCarrier(peer.ns, peer.link.index, true);
    }
  } else if (link.kind === "bridge") {
    for (const port of bridgePorts(ns, index)) checkPort(ns, port.index);
  }
  if (link.master !== undefined) checkPort(ns, index);
  startIpv6(ns, getLink(ns, index));
  if (link.uppers) followUp(ns, index);
  return ok();
}

/** Upper links open only on one that is up (macvlan_open, vlan_dev_open). */
function mayOpen(ns: Namespace, link: LinkRow): Result {
  if (!isUpper(link) || (link.kind === "vlan" && link.looseBinding)) return ok();
  return lowerOf(ns, link)?.link.up ? ok() : fail("ENETDOWN");
}

/** vlans come up with the link that they are on; macvlans only see its carrier again (vlan_device_event). */
function followUp(ns: Namespace, index: number): void {
  for (const { ns: there, link } of uppersOf(ns, getLink(ns, index))) {
    if (link.kind === "vlan" && !link.looseBinding) bringUp(there, link.index);
    followLower(there, link);
  }
}

/** An upper link has a carrier while its lower one has (netif_stacked_transfer_operstate). */
export function followLower(ns: Namespace, upper: UpperLink): void {
  const below = lowerOf(ns, upper);
  if (!below) return;
  const { carrier } = below.link;
  if (getLink(ns, upper.index).carrier === carrier) refreshOperState(ns, getLink(ns, upper.index));
  else setCarrier(ns, upper.index, carrier);
}

/** `ip link set down` (dev_close, fib_disable_ip, neigh_ifdown): only local addresses stay reachable. */
export function bringDown(ns: Namespace, index: number): void {
  const link = getLink(ns, index);
  if (!link.up) return;
  if (link.kind === "bridge") for (const port of bridgePorts(ns, index)) disablePort(ns, port.index);
  stopIpv6(ns, link);
  const down = updateLink(ns, getLink(ns, index), { up: false });
  if (link.master !== undefined) disablePort(ns, index);
  if (link.kind === "vxlan") closeTunnelSocket(ns, link);
  flushNexthops(ns, index);
  flushRoutes(
    ns,
    (route) =>
      route.family === 4 &&
      scopeNumber(route.scope) < scopeNumber("host") &&
      route.hops.length > 0 &&
      route.hops.every((hop) => hop.link === index),
  );
  flushNeighbours(ns, index, { keepPermanent: false });
  dropMasqueraded(ns, index);
  if (link.kind === "physical") setCarrier(ns, index, false);
  if (link.kind === "veth") {
    setCarrier(ns, index, false);
    const peer = peerOf(ns, down);
    if (peer) setCarrier(peer.ns, peer.link.index, false);
  }
  for (const upper of uppersOf(ns, getLink(ns, index))) {
    if (upper.link.kind === "vlan" && !upper.link.looseBinding) bringDown(upper.ns, upper.link.index);
    followLower(upper.ns, upper.link);
  }
}

/** The cable is in or out: the operational state follows, and what depends on it (linkwatch_do_dev). */
export function setCarrier(ns: Namespace, index: number, carrier: boolean): void {
  const link = getLink(ns, index);
  if (link.carrier === carrier) return;
  const changed = updateLink(ns, link, { carrier });
  refreshOperState(ns, changed);
  if (link.master !== undefined) checkPort(ns, index);
  const now = getLink(ns, index);
  for (const upper of uppersOf(ns, now)) followLower(upper.ns, upper.link);
  if (!now.up) return;
  if (!carrier) flushNexthops(ns, index);
  if (carrier) startIpv6(ns, now);
  else flushNeighbours(ns, index, { keepPermanent: true });
}

/** Sets the operational state from carrier and lower link (default_operstate in net/core/link_watch.c). */
export function refreshOperState(ns: Namespace, link: LinkRow): void {
  const operstate = operState(ns, link);
  if (operstate !== link.operstate) updateLink(ns, link, { operstate });
}

/**
 * Without a carrier, a link over another one is LOWERLAYERDOWN if that one has no carrier either. The kernel looks for it by
 * index in the link's own namespace, so that a veth whose peer went away is DOWN, or judged by a stranger.
 */
function operState(ns: Namespace, link: LinkRow): OperState {
  if (link.carrier) return link.dormant ? "DORMANT" : "UP";
  if (link.kind !== "veth" && !isUpper(link)) return "DOWN";
  const lower = ns.links.get(link.kind === "veth" ? link.peer.index : link.lower.index);
  return lower && !lower.carrier ? "LOWERLAYERDOWN" : "DOWN";
}

/** A port takes part once it and its bridge are up (br_port_carrier_check, br_stp_enable_port). */
export function checkPort(ns: Namespace, index: number): void {
  const link = getLink(ns, index);
  const bridge = ns.links.get(link.master!);
  if (!link.port || !bridge?.up) return;
  if (!isOperUp(link)) return disablePort(ns, index);
  if (link.port.state !== "disabled") return;
  updateLink(ns, link, { port: { ...link.port, state: "forwarding" } });
  selectPortStates(ns, bridge.index);
}

/** br_stp_disable_port: what was learned behind it is forgotten. */
export function disablePort(ns: Namespace, index: number): void {
  const link = getLink(ns, index);
  if (!link.port || link.port.state === "disabled") return;
  updateLink(ns, link, { port: { ...link.port, state: "disabled" } });
  flushFdb(ns, index, { learnedOnly: true });
  selectPortStates(ns, link.master!);
}

/** A bridge has a carrier while a port forwards; a fresh one has it until this is first looked at (br_port_state_selection). */
export function selectPortStates(ns: Namespace, bridge: number): void {
  const live = bridgePorts(ns, bridge).some((port) => port.port!.state === "forwarding");
  setCarrier(ns, bridge, live);
}

/** A bridge without an address of its own takes the lowest of its ports', all zeros without ports (br_stp_recalculate_bridge_id). */
export function recalculateBridge(ns: Namespace, index: number): void {
  const bridge = getLink(ns, index) as BridgeLink;
  const ports = bridgePorts(ns, index);
  if (!bridge.mtuSet) {
    const mtu = ports.length === 0 ? 1500 : Math.min(...ports.map((port) => port.mtu));
    if (mtu !== bridge.mtu) updateLink(ns, bridge, { mtu });
  }
  if (bridge.addressSet) return;
  const lowest = ports.map((port) => port.address).sort()[0] ?? "00:00:00:00:00:00";
  if (lowest === bridge.address) return;
  changeBridgeAddress(ns, index, lowest);
}

/** br_stp_change_bridge_id; looking at the ports is its side effect. */
export function changeBridgeAddress(ns: Namespace, index: number, address: string): void {
  updateLink(ns, getLink(ns, index), { address });
  selectPortStates(ns, index);
}

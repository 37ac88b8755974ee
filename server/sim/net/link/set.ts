import { fail, notSimulated, ok, type Result } from "../errno.ts";
import { addressesOf } from "../local.ts";
import { dropAddresses } from "../address.ts";
import { flushFdb } from "../fdb.ts";
import { startIpv6, stopIpv6 } from "../ipv6.ts";
import { isGroupMac, isUnicastMac, parseMac, type Mac } from "../mac.ts";
import type { Namespace } from "../namespace.ts";
import { flushNeighbours } from "../neighbour.ts";
import { flushRoutes } from "../route/table.ts";
import { dropSettings, inheritSettings } from "../sysctl/sysctl.ts";
import { leaveBridge } from "./bridge.ts";
import { findLink, getLink, lowerOf, peerId, peerOf, updateLink, uppersOf } from "./links.ts";
import { checkMtu, isLinkName, nextIndex, plug } from "./register.ts";
import { isBare, isUpper, type LinkRow } from "./row.ts";
import { bringDown, changeBridgeAddress, recalculateBridge, refreshOperState, setCarrier } from "./state.ts";
import { follow, setUpperAddress } from "./upper.ts";

/** `ip link set name`: addresses follow with their labels (inetdev_changename). */
export function renameLink(ns: Namespace, index: number, name: string): Result {
  const link = getLink(ns, index);
  if (link.name === name) return ok();
  if (!isLinkName(name)) return fail("EINVAL");
  if (findLink(ns, name)) return fail("EEXIST");
  updateLink(ns, link, { name });
  const rows = addressesOf(ns, index);
  if (rows.length > 0) {
    const relabelled = rows.map((row) =>
      row.label === undefined ? row : { ...row, label: name + row.label.slice(link.name.length) },
    );
    ns.addresses.set(index, relabelled);
  }
  return ok();
}

export function setMtu(ns: Namespace, index: number, mtu: number): Result {
  const link = getLink(ns, index);
  const checked = checkMtuOf(link, mtu);
  if (!checked.ok) return checked;
  const lowerLink = isUpper(link) ? lowerOf(ns, link)?.link : undefined;
  if (lowerLink && mtu > lowerLink.mtu) return fail(link.kind === "vlan" ? "ERANGE" : "EINVAL");
  if (link.kind === "vxlan" && link.dev !== undefined) {
    const lower = ns.links.get(link.dev);
    if (lower && mtu > lower.mtu - 50) return fail("EINVAL");
  }
  updateLink(ns, link, { mtu, mtuSet: true });
  if (link.master !== undefined) recalculateBridge(ns, link.master);
  for (const upper of uppersOf(ns, link)) if (upper.link.mtu > mtu) setMtu(upper.ns, upper.link.index, mtu);
  if (mtu < 1280 && link.mtu >= 1280) stopIpv6(ns, getLink(ns, index));
  else if (mtu >= 1280 && link.mtu < 1280) startIpv6(ns, getLink(ns, index));
  return ok();
}

/** Bounds by kind (dev_validate_mtu); loopback, dummy and ifb have none. */
function checkMtuOf(link: LinkRow, mtu: number): Result {
  if (link.kind === "loopback" || link.kind === "dummy" || link.kind === "ifb") return ok();
  if (link.kind === "tun" && link.mode === "tap" && mtu > 65521) return checkMtu(65536);
  return checkMtu(mtu);
}

/** `ip link set address`: what others were called on this link is forgotten (NETDEV_CHANGEADDR). */
export function setAddress(ns: Namespace, index: number, text: Mac): Result {
  const link = getLink(ns, index);
  const mac = parseMac(text);
  if (mac === undefined) return fail("EINVAL");
  if (isBare(link)) return fail("EOPNOTSUPP");
  if (isGroupMac(mac) || !isUnicastMac(mac)) return fail("EADDRNOTAVAIL");
  updateLink(ns, link, { addressSet: true });
  if (link.kind === "bridge") {
    if (mac !== link.address) changeBridgeAddress(ns, index, mac);
  } else if (isUpper(link)) {
    const set = setUpperAddress(ns, link, mac);
    if (!set.ok) return set;
  } else updateLink(ns, getLink(ns, index), { address: mac });
  if (link.master !== undefined) recalculateBridge(ns, link.master);
  flushNeighbours(ns, index, { keepPermanent: true });
  for (const upper of uppersOf(ns, link)) {
    const stolen = upper.link.kind === "vlan" ? !upper.link.addressSet : upper.link.mode === "passthru";
    if (stolen) updateLink(upper.ns, upper.link, { address: mac });
  }
  return ok();
}

/** What can be set on a link without further effect on others. */
export type LinkSettings = Partial<
  Pick<
    LinkRow,
    "txqlen" | "promisc" | "allmulticast" | "multicast" | "arp" | "group" | "dynamic" | "noTrailers" | "broadcast"
  >
> & { readonly alias?: string };

export function setLink(ns: Namespace, index: number, settings: LinkSettings): Result {
  const { alias, ...others } = settings;
  let link: LinkRow = { ...getLink(ns, index), ...others };
  if (alias !== undefined) {
    const { alias: _old, ...rest } = link;
    link = alias === "" ? rest : { ...rest, alias };
  }
  ns.links.set(index, link);
  if (settings.arp === false) flushNeighbours(ns, index, { keepPermanent: true });
  return ok();
}

/** Gives a link another name besides its own, or takes it away (rtnl_linkprop). */
export function setAltname(ns: Namespace, index: number, name: string, add: boolean): Result {
  const link = getLink(ns, index);
  const names = link.altnames ?? [];
  if (add) {
    if (findLink(ns, name)) return fail("EEXIST");
    updateLink(ns, link, { altnames: [...names, name] });
    return ok();
  }
  if (!names.includes(name)) return fail(findLink(ns, name) ? "EINVAL" : "ENOENT");
  const { altnames: _altnames, ...rest } = link;
  const left = names.filter((other) => other !== name);
  ns.links.set(index, left.length > 0 ? { ...rest, altnames: left } : rest);
  return ok();
}

/** `ip link set mode dormant|default` (set_operstate waits for the next change of carrier or state). */
export function setDormantMode(ns: Namespace, index: number, dormant: boolean): void {
  const { dormant: _dormant, ...rest } = getLink(ns, index);
  ns.links.set(index, dormant ? { ...rest, dormant: true } : rest);
}

/** Plugs a card into a LAN segment, or pulls the cable. */
export function setSegment(ns: Namespace, index: number, segment: string | undefined): Result {
  const link = getLink(ns, index);
  if (link.kind !== "physical") return fail("EINVAL");
  unplug(ns, link);
  const { segment: _segment, ...rest } = link;
  ns.links.set(index, segment === undefined ? rest : { ...rest, segment });
  if (segment !== undefined) plug(ns, index, segment);
  setCarrier(ns, index, link.up && segment !== undefined);
  return ok();
}

/** Takes a card from its segment's list. */
export function unplug(ns: Namespace, link: LinkRow): void {
  if (link.kind !== "physical" || link.segment === undefined) return;
  const row = ns.network.segment(link.segment);
  const cards = row.cards.filter((card) => card.namespace !== ns.id || card.index !== link.index);
  ns.network.segments.set(link.segment, { ...row, cards });
}

/**
 * Moves a link to another namespace: it goes down and leaves its addresses, routes and bridge behind; it keeps its index if
 * that is free there (__dev_change_net_namespace).
 */
export function moveLink(ns: Namespace, index: number, target: Namespace, name?: string): Result<LinkRow> {
  const link = getLink(ns, index);
  if (target === ns) return ok(link);
  if (link.kind === "loopback" || link.kind === "bridge") return fail("EINVAL", "The interface netns is immutable");
  if (link.kind === "ipip") return notSimulated("moving an ipip tunnel to another namespace");
  const newName = name ?? link.name;
  if (findLink(target, newName)) return fail("EEXIST", "An interface with the same name exists in the target netns");
  peerId(ns, target.id);
  const hadCarrier = link.carrier;
  dismantle(ns, index);
  const left = getLink(ns, index);
  ns.links.delete(index);
  const newIndex = target.links.has(index) ? nextIndex(target) : index;
  const moved: LinkRow = {
    ...left,
    index: newIndex,
    name: newName,
    activated: false,
    ...(left.kind === "vxlan" ? { underlay: left.underlay ?? ns.id } : {}),
  };
  target.links.set(newIndex, moved);
  inheritSettings(target, newIndex);
  if (moved.kind === "physical" && moved.segment !== undefined) plug(target, newIndex, moved.segment);
  follow(ns, index, target, moved);
  if (moved.kind === "vxlan") peerId(target, moved.underlay ?? ns.id);
  const peer = peerOf(target, moved);
  if (peer && moved.kind === "veth") {
    const reference = { namespace: target.id, index: newIndex };
    if (peer.link.kind === "veth") updateLink(peer.ns, peer.link, { peer: reference });
    // The kernel looks at a carrier that was just lost only when the link has gone.
    if (hadCarrier) refreshOperState(peer.ns, getLink(peer.ns, peer.link.index));
    if (peer.ns !== target) {
      peerId(peer.ns, target.id);
      peerId(target, peer.ns.id);
    }
  }
  return ok(moved);
}

/** Takes from a link everything that hangs on it, before it moves or is deleted. */
export function dismantle(ns: Namespace, index: number): void {
  bringDown(ns, index);
  leaveBridge(ns, index);
  dropAddresses(ns, index);
  flushRoutes(ns, (route) => route.hops.some((hop) => hop.link === index));
  flushNeighbours(ns, index, { keepPermanent: false });
  flushFdb(ns, index, { learnedOnly: false });
  dropSettings(ns, index);
  ns.linkCounters.delete(index);
  unplug(ns, getLink(ns, index));
}

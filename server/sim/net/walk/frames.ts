import { capture } from "../capture/tap.ts";
import { getLink, lowerOf, peerOf } from "../link/links.ts";
import { isBare, type LinkRow, type UpperLink } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { bridgeInput, bridgeOutput } from "./bridge.ts";
import { countFrames } from "./counters.ts";
import { encapsulateIp } from "./ipip.ts";
import { LATENCY } from "./latency.ts";
import type { Packet } from "./packet.ts";
import { fits } from "./forwardable.ts";
import { leadsTo } from "./reach.ts";
import { siblingFor, toUpper, upperFor } from "./stacked.ts";
import { encapsulate } from "./vxlan.ts";
import type { Walker } from "./walker.ts";

/** An Ethernet frame's header. */
const HEADER = 14;
const TAG = 4;

/** A frame leaves by a link (dev_queue_xmit). */
export function frameOut(walker: Walker): void {
  const { ns, packet } = walker;
  const link = walker.link!;
  if (!link.up) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} is down` }));
  if (!link.carrier) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} has no carrier` }));
  count(ns, link, packet, "tx");
  if (ns.network.taps && !walker.silent) capture(ns, link, packet, "out", walker.at);
  switch (link.kind) {
    case "veth":
      return overVeth(walker, link);
    case "physical":
      return overSegment(walker, link, link.segment);
    case "bridge":
      return bridgeOutput(walker, link);
    case "vxlan":
      return encapsulate(walker, link);
    case "macvlan":
    case "vlan":
      return overLower(walker, link);
    case "ipip":
      return encapsulateIp(walker, link);
    case "dummy":
    case "ifb":
      return walker.end("dropped", "link", 0, () => ({ what: `${link.name} swallows everything` }));
    case "tun":
      return walker.end("dropped", "link", 0, () => ({ what: `no program reads from ${link.name}` }));
    case "loopback":
      return walker.go("frame-in", ns, link);
  }
}

/** A frame comes in by a link (netif_receive_skb): for a bridge, for the stack, or for somebody else. */
export function frameIn(walker: Walker): void {
  const { ns, packet } = walker;
  const link = walker.link!;
  if (!link.up) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} is down` }));
  count(ns, link, packet, "rx");
  if (ns.network.taps && !walker.silent) capture(ns, link, packet, "in", walker.at);
  const upper = link.uppers && upperFor(ns, link, packet);
  if (upper) return toUpper(walker, link, upper);
  if (link.master !== undefined) return bridgeInput(walker, link);
  if (packet.tags.length > 0)
    return walker.end("dropped", "link", 0, () => ({ what: `no vlan ${packet.tags.at(-1)} on ${link.name}` }));
  if (link.kind !== "loopback" && packet.dstMac !== link.address)
    return walker.end("dropped", "link", 0, () => ({
      what: `${packet.dstMac} is not ${link.name} (${link.address})`,
    }));
  walker.go("receive", ns, link);
}

function overVeth(walker: Walker, link: LinkRow): void {
  const { ns } = walker;
  const peer = peerOf(ns, link);
  if (!peer) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} has lost its other end` }));
  const { packet } = walker;
  if (!fits(packet, peer.link))
    return walker.end("dropped", "link", 0, () => ({
      what: `${packet.size} bytes don't fit ${peer.link.name}, the other end of ${link.name} (mtu ${peer.link.mtu})`,
    }));
  if (walker.tracing) walker.hop("link", LATENCY.veth, () => ({ what: `veth ${link.name} to ${peer.link.name}` }));
  else walker.wait(LATENCY.veth);
  leaveNamespace(packet);
  walker.go("frame-in", peer.ns, peer.link);
}

/** A frame of a vlan gets its tag; one of a macvlan goes to another on the same link (mode bridge), or out (macvlan_queue_xmit). */
function overLower(walker: Walker, link: UpperLink): void {
  const { ns, packet } = walker;
  const below = lowerOf(ns, link);
  if (!below) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} has lost its lower link` }));
  if (link.kind === "vlan") packet.tags = [...packet.tags, link.id];
  const sibling = link.kind === "macvlan" ? siblingFor(below, link, packet) : undefined;
  const to = sibling ?? below;
  walker.hop("link", LATENCY.stacked, () => ({ what: `${link.kind} ${link.name} to ${to.link.name}` }));
  if (sibling) leaveNamespace(packet);
  walker.go(sibling ? "frame-in" : "frame-out", to.ns, to.link);
}

/** A switch without a table: the frame reaches the card that has its address, or a bridge that knows the way. */
function overSegment(walker: Walker, link: LinkRow, segment: string | undefined): void {
  const { ns, packet } = walker;
  if (segment === undefined)
    return walker.end("dropped", "link", 0, () => ({ what: `${link.name} is not plugged in` }));
  const row = ns.network.segment(segment);
  for (const card of row.cards) {
    if (card.namespace === ns.id && card.index === link.index) continue;
    const there = ns.network.find(card.namespace);
    const other = there?.links.get(card.index);
    if (!there || !other?.up || !leadsTo(there, other, packet.dstMac, packet.tags)) continue;
    walker.hop("link", LATENCY.card + row.latency, () => ({
      what: `${link.name} to ${other.name} of ${there.machine} over ${segment}`,
    }));
    leaveNamespace(packet);
    packet.summed = true;
    return walker.go("frame-in", there, getLink(there, card.index));
  }
  const mac = packet.dstMac;
  walker.end("dropped", "link", LATENCY.card, () => ({ what: `nobody on ${segment} has ${mac}` }));
}

/** Marks and tracking belong to a namespace (skb_scrub_packet). */
function leaveNamespace(packet: Packet): void {
  packet.tracking = undefined;
  packet.fragmentSize = 0;
  packet.mark = 0;
  packet.physIn = 0;
  packet.physOut = 0;
  packet.prerouted = false;
  packet.balanced = false;
}

/** What the loopback sends it receives; it counts both at once, without an Ethernet header (loopback_xmit, dev_lstats_read). */
function count(ns: Namespace, link: LinkRow, { bytes, segments, tags }: Packet, way: "rx" | "tx"): void {
  if (link.kind !== "loopback") {
    const header = isBare(link) ? 0 : HEADER + TAG * tags.length;
    return countFrames(ns, link, way, segments, bytes + header * segments);
  }
  if (way === "tx") return;
  countFrames(ns, link, "rx", segments, bytes);
  countFrames(ns, link, "tx", segments, bytes);
}

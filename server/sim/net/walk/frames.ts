import { getLink, peerOf } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { bridgeInput, bridgeOutput } from "./bridge.ts";
import { countFrames } from "./counters.ts";
import { LATENCY } from "./latency.ts";
import type { Packet } from "./packet.ts";
import { fits } from "./forwardable.ts";
import { leadsTo } from "./reach.ts";
import { encapsulate } from "./vxlan.ts";
import type { Walker } from "./walker.ts";

/** An Ethernet frame's header. */
const HEADER = 14;

/** A frame leaves by a link (dev_queue_xmit). */
export function frameOut(walker: Walker): void {
  const { ns, packet } = walker;
  const link = walker.link!;
  if (!link.up) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} is down` }));
  if (!link.carrier) return walker.end("dropped", "link", 0, () => ({ what: `${link.name} has no carrier` }));
  count(ns, link, packet, "tx");
  switch (link.kind) {
    case "veth":
      return overVeth(walker, link);
    case "physical":
      return overSegment(walker, link, link.segment);
    case "bridge":
      return bridgeOutput(walker, link);
    case "vxlan":
      return encapsulate(walker, link);
    case "dummy":
      return walker.end("dropped", "link", 0, () => ({ what: `${link.name} swallows everything` }));
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
  if (link.master !== undefined) return bridgeInput(walker, link);
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
    if (!there || !other?.up || !leadsTo(there, other, packet.dstMac)) continue;
    walker.hop("link", LATENCY.card + row.latency, () => ({
      what: `${link.name} to ${other.name} of ${there.machine} over ${segment}`,
    }));
    leaveNamespace(packet);
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
}

/** What the loopback sends it receives; it counts both at once, without an Ethernet header (loopback_xmit, dev_lstats_read). */
function count(ns: Namespace, link: LinkRow, { bytes, segments }: Packet, way: "rx" | "tx"): void {
  if (link.kind !== "loopback") return countFrames(ns, link, way, segments, bytes + HEADER * segments);
  if (way === "tx") return;
  countFrames(ns, link, "rx", segments, bytes);
  countFrames(ns, link, "tx", segments, bytes);
}

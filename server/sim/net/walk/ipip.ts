import { addressText, ANY, ipv4, isIPv4, type Address } from "../ip.ts";
import type { IpipLink } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { icmpError } from "./icmp.ts";
import { CODE } from "./icmp-code.ts";
import { LATENCY } from "./latency.ts";
import { Packet, UNREACHABLE } from "./packet.ts";
import type { Walker } from "./walker.ts";

/** IPPROTO_IPIP, and the outer header. */
export const IPIP = 4;
const OVERHEAD = 20;

/** Wraps a packet in another one to the tunnel's end, or to the gateway of its route (ip_tunnel_xmit). */
export function encapsulateIp(walker: Walker, link: IpipLink): void {
  const { ns, packet } = walker;
  const remote = link.remote === undefined ? walker.nexthop : ipv4(link.remote);
  if (
    !isIPv4(packet.dst) ||
    remote === undefined ||
    !isIPv4(remote) ||
    (link.remote === undefined && remote === packet.dst)
  )
    return walker.end("dropped", "tunnel", 0, () => ({ what: `${link.name} does not know the other end` }));
  if (packet.size > link.mtu && packet.df) {
    walker.answer = icmpError(ns, packet, UNREACHABLE, CODE.fragmentation, { mtu: link.mtu });
    return walker.end("too big", "tunnel", 0, () => ({ what: `does not fit ${link.name} (mtu ${link.mtu})` }));
  }
  const outer = new Packet();
  outer.src = link.local === undefined ? ANY : ipv4(link.local);
  outer.dst = remote;
  outer.protocol = IPIP;
  outer.size = packet.size + OVERHEAD;
  outer.segments = packet.segments;
  outer.bytes = packet.bytes + OVERHEAD * packet.segments;
  outer.cuttable = true;
  outer.df = link.pmtudisc && packet.df;
  outer.ttl = link.ttl === 0 ? packet.ttl : link.ttl;
  outer.mark = packet.mark;
  outer.inner = packet;
  walker.packet = outer;
  walker.tunnelled = true;
  walker.oif = link.dev !== undefined && ns.links.has(link.dev) ? link.dev : 0;
  walker.inLink = undefined;
  walker.hop("tunnel", LATENCY.tunnel, () => ({
    what: `${link.name} wraps it in IP to ${addressText(remote)}`,
    ref: { kind: "tunnel", text: `${link.name}: remote ${link.remote ?? "any"} local ${link.local ?? "any"}` },
  }));
  walker.go("send", ns, undefined);
}

/** The tunnel that takes a packet of these ends: the more of them it names, the better (ip_tunnel_lookup). */
export function tunnelFor(ns: Namespace, src: Address, dst: Address): IpipLink | undefined {
  let best: IpipLink | undefined;
  let rank = -1;
  for (const link of ns.links.values()) {
    if (link.kind !== "ipip" || !link.up) continue;
    if (link.remote !== undefined && link.remote !== addressText(src)) continue;
    if (link.local !== undefined && link.local !== addressText(dst)) continue;
    const names = (link.remote === undefined ? 0 : 2) + (link.local === undefined ? 0 : 1);
    if (names > rank) [best, rank] = [link, names];
  }
  return best;
}

/** Takes the inner packet out, which comes in by the tunnel (ip_tunnel_rcv). */
export function decapsulateIp(walker: Walker, link: IpipLink): void {
  const { ns, packet } = walker;
  const inner = packet.inner!;
  inner.tracking = undefined;
  inner.fragmentSize = 0;
  inner.physIn = inner.physOut = 0;
  inner.prerouted = false;
  inner.mark = 0;
  inner.srcMac = inner.dstMac = link.address;
  walker.packet = inner;
  walker.tunnelled = false;
  walker.oif = 0;
  walker.hop("tunnel", LATENCY.tunnel, () => ({ what: `unwrapped by ${link.name}` }));
  walker.go("frame-in", ns, link);
}

import { ANY, addressText, ipv4 } from "../ip.ts";
import { findFdb, learnRemote } from "../fdb.ts";
import type { LinkRow, VxlanLink } from "../link/row.ts";
import { isGroupMac, ZERO_MAC } from "../mac.ts";
import { UDP } from "../netfilter/protocols.ts";
import type { Namespace } from "../namespace.ts";
import { LATENCY } from "./latency.ts";
import { Packet } from "./packet.ts";
import type { Walker } from "./walker.ts";

/** Outer Ethernet, IP, UDP and vxlan headers, less the inner frame's place: 20 + 8 + 8 + 14. */
const OVERHEAD = 50;

/** Wraps a frame and sends it to the other end that the fdb names (vxlan_xmit). */
export function encapsulate(walker: Walker, link: VxlanLink): void {
  const { ns, packet } = walker;
  const mac = packet.dstMac;
  const remote = isGroupMac(mac) ? undefined : remoteOf(ns, link, mac);
  if (remote === undefined)
    return walker.end("dropped", "tunnel", 0, () => ({
      what: `${link.name} has no fdb entry for ${mac}, so no other end to send to`,
    }));
  walker.packet = wrap(packet, link, remote);
  walker.tunnelled = true;
  const under = link.underlay === undefined ? ns : (ns.network.find(link.underlay) ?? ns);
  walker.oif = link.dev !== undefined && under.links.has(link.dev) ? link.dev : 0;
  walker.inLink = undefined;
  walker.hop("tunnel", LATENCY.tunnel, () => ({
    what: `vxlan ${link.id}: ${mac} is behind ${remote}, wrapped in UDP to ${remote}:${link.dstport}`,
    ref: { kind: "tunnel", text: `${mac} dev ${link.name} dst ${remote} self` },
  }));
  walker.go("send", under, undefined);
}

export function remoteOf(ns: Namespace, link: VxlanLink, mac: string): string | undefined {
  const entry = findFdb(ns, link.index, mac, link.ageing) ?? findFdb(ns, link.index, ZERO_MAC, link.ageing);
  return entry?.remotes?.[0] ?? link.remote;
}

export function wrap(inner: Packet, link: VxlanLink, remote: string): Packet {
  const outer = new Packet();
  outer.src = link.local === undefined ? ANY : ipv4(link.local);
  outer.dst = ipv4(remote);
  outer.protocol = UDP;
  // Each inner flow keeps its outer port, so that equal-cost paths don't reorder it (udp_flow_src_port).
  outer.sport = 32768 + ((flowHash(inner) >>> 0) % 28232);
  outer.dport = link.dstport;
  outer.size = inner.size + OVERHEAD;
  outer.segments = inner.segments;
  outer.bytes = inner.bytes + OVERHEAD * inner.segments;
  outer.cuttable = true;
  outer.ttl = link.ttl === 0 ? 64 : link.ttl;
  outer.mark = inner.mark;
  outer.inner = inner;
  outer.vni = link.id;
  return outer;
}

/**
 * The link that takes a vxlan packet delivered to this port of a namespace; it may have moved to another one. Undefined if none
 * has its id (vxlan_rcv).
 */
export function unwrapLink(
  ns: Namespace,
  port: number,
  vni: number,
): { readonly ns: Namespace; readonly link: VxlanLink } | undefined {
  const takes = (link: LinkRow): link is VxlanLink =>
    link.kind === "vxlan" && link.up && link.dstport === port && link.id === vni;
  for (const link of ns.links.values())
    if (takes(link) && (link.underlay === undefined || link.underlay === ns.id)) return { ns, link };
  for (const { id } of ns.network.namespaces.values()) {
    const other = ns.network.namespace(id);
    for (const link of other.links.values()) if (takes(link) && link.underlay === ns.id) return { ns: other, link };
  }
  return undefined;
}

/** Takes the inner frame out, which comes in by the vxlan. */
export function decapsulate(walker: Walker, ns: Namespace, link: VxlanLink): void {
  const { packet } = walker;
  const inner = packet.inner!;
  if (link.learning) learnRemote(ns, link.index, inner.srcMac, addressText(packet.src));
  inner.tracking = undefined;
  inner.fragmentSize = 0;
  inner.physIn = inner.physOut = 0;
  inner.prerouted = false;
  inner.mark = packet.mark;
  walker.packet = inner;
  walker.tunnelled = false;
  walker.oif = 0;
  walker.hop("tunnel", LATENCY.tunnel, () => ({ what: `vxlan ${link.id} unwrapped by ${link.name}` }));
  walker.go("frame-in", ns, link);
}

function flowHash({ src, dst, sport, dport, protocol }: Packet): number {
  const [a, b] = [typeof src === "number" ? src : 0, typeof dst === "number" ? dst : 0];
  let hash = Math.imul(a ^ Math.imul(b, 0x9e3779b1) ^ ((sport << 16) | dport) ^ protocol, 0x85ebca6b);
  hash ^= hash >>> 13;
  return Math.imul(hash, 0xc2b2ae35);
}

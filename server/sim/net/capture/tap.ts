import type { Bytes, Time } from "../../kernel/index.ts";
import type { LinkRow } from "../link/row.ts";
import { BROADCAST_MAC, isGroupMac } from "../mac.ts";
import { TCP } from "../netfilter/protocols.ts";
import type { Namespace } from "../namespace.ts";
import type { Packet } from "../walk/packet.ts";
import { encodePacket, ethernet, etherType } from "./encode.ts";
import { macBytes, u16, u32, u8 } from "./octets.ts";

/** Who a frame is for, as a packet socket sees it (linux/if_packet.h). */
export const PACKET_HOST = 0;
export const PACKET_BROADCAST = 1;
export const PACKET_MULTICAST = 2;
export const PACKET_OTHERHOST = 3;
export const PACKET_OUTGOING = 4;

/** What a packet socket gets to see: a frame with the link it passed, at the time it passed. */
export interface Frame {
  readonly time: Time;
  readonly link: { readonly index: number; readonly name: string };
  readonly loopback: boolean;
  /** One of PACKET_…; outgoing frames are PACKET_OUTGOING. */
  readonly type: number;
  /** With the Ethernet header, or that of LINUX_SLL2 for a tap on all links. */
  readonly bytes: Bytes;
}

export interface Tap {
  readonly namespace: string;
  /** Undefined: all links, with cooked headers. */
  readonly link: number | undefined;
  /** The link takes frames for others too: a bridge hands up what it only passes on. */
  readonly promiscuous: boolean;
  take(frame: Frame): void;
  /** When the last frame of each flow passed: what follows from it is never shown before it. */
  readonly flows: Map<string, Time>;
}

/** Opens a packet socket on a link, or on all: everything that passes from now on is handed to it, until it is closed. */
export function openTap(ns: Namespace, tap: Tap): () => void {
  const { network } = ns;
  const first = network.taps === undefined;
  network.taps = [...(network.taps ?? []), tap];
  if (first) network.onWatched();
  return () => {
    const left = (network.taps ?? []).filter((other) => other !== tap);
    network.taps = left.length > 0 ? left : undefined;
  };
}

/** Is there a tap on this link that sees what a bridge only passes on? */
export function watched(ns: Namespace, link: LinkRow): boolean {
  return (ns.network.taps ?? []).some((tap) => tap.promiscuous && tap.namespace === ns.id && tap.link === link.index);
}

/**
 * Shows a frame to the taps of its link. Callers look first whether there is any, so that nothing is spent where nobody
 * listens. `elapsed`: nanoseconds from now until it passes.
 */
export function capture(ns: Namespace, link: LinkRow, packet: Packet, way: "in" | "out", elapsed: number): void {
  for (const tap of ns.network.taps ?? []) {
    if (tap.namespace !== ns.id || (tap.link !== undefined && tap.link !== link.index)) continue;
    const time = inTurn(tap, packet, ns.kernel.now + elapsed / 1000);
    const type = way === "out" ? PACKET_OUTGOING : packetType(link, packet);
    const kind = etherType(packet);
    for (const body of encodePacket(packet, time)) {
      const header = tap.link === undefined ? cooked(link, packet, type, kind) : ethernet(packet, kind);
      tap.take({
        time,
        link: { index: link.index, name: link.name },
        loopback: link.kind === "loopback",
        type,
        bytes: header + body,
      });
    }
  }
}

/** An answer that is worked out at once is shown when it comes, and so is all that it brings about. */
function inTurn(tap: Tap, packet: Packet, time: Time): Time {
  if (packet.protocol !== TCP) return time;
  const { src, dst, sport, dport } = packet;
  const forth = sport > dport || (sport === dport && src > dst);
  const key = forth ? `${src} ${sport} ${dst} ${dport}` : `${dst} ${dport} ${src} ${sport}`;
  const last = tap.flows.get(key) ?? 0;
  if (tap.flows.size > MOST_FLOWS) tap.flows.clear();
  const turn = Math.max(time, last);
  tap.flows.set(key, turn);
  return turn;
}

const MOST_FLOWS = 4096;

function packetType(link: LinkRow, { dstMac }: Packet): number {
  if (link.kind === "loopback") return PACKET_HOST;
  if (dstMac === BROADCAST_MAC) return PACKET_BROADCAST;
  if (isGroupMac(dstMac)) return PACKET_MULTICAST;
  return dstMac === link.address ? PACKET_HOST : PACKET_OTHERHOST;
}

const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;

/** LINUX_SLL2: protocol, link, kind of link, type and the sender's address. */
function cooked(link: LinkRow, packet: Packet, type: number, protocol: number): Bytes {
  const hardware = link.kind === "loopback" ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
  return `${u16(protocol)}\0\0${u32(link.index)}${u16(hardware)}${u8(type)}\x06${macBytes(packet.srcMac)}\0\0`;
}

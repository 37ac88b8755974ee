import type { Bytes } from "../../kernel/index.ts";
import { addressText, ANY, type Address } from "../ip.ts";
import type { Tracking } from "../conntrack/tracking.ts";
import { ICMP, ICMPV6, TCP, UDP } from "../netfilter/protocols.ts";
import type { Mac } from "../mac.ts";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;

export const ECHO_REPLY = 0;
export const UNREACHABLE = 3;
export const ECHO_REQUEST = 8;
export const TIME_EXCEEDED = 11;

/** The headers of a packet as plain data: what a trace shows. */
export interface PacketHeaders {
  readonly src: string;
  readonly dst: string;
  readonly protocol: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly flags?: number;
  readonly icmp?: { readonly type: number; readonly code: number; readonly id: number; readonly seq: number };
  readonly mark: number;
  readonly ttl: number;
  readonly size: number;
}

/** What only the two ends of a TCP connection, and who captures it, look at. */
export interface TcpFields {
  readonly seq: number;
  readonly ack: number;
  /** 0: without timestamps. */
  readonly tsval: number;
  readonly tsecr: number;
  /** On a SYN. */
  readonly mss?: number;
  readonly scale?: number;
}

export interface Whole {
  readonly size: number;
  readonly segments: number;
  readonly bytes: number;
}

/** ICMP type 5: there is a shorter way, by the gateway that it names. */
export const REDIRECT = 5;

export const UNTAGGED: readonly number[] = [];

/**
 * One packet on its way. It is changed in place as it goes; `segments` and `bytes` let one walk stand for the packets of a
 * longer piece of a stream, of which `size` is the largest.
 */
export class Packet {
  src: Address = ANY;
  dst: Address = ANY;
  protocol = 0;
  sport = 0;
  dport = 0;
  /** TCP. */
  flags = 0;
  /** TCP: as it stands in the header, scaled by 128 behind the handshake. */
  window = 0;
  /** TCP: the largest segment that a SYN's sender takes; 0 if it does not say. */
  mss = 0;
  tcp: TcpFields | undefined = undefined;
  icmpType = 0;
  icmpCode = 0;
  icmpId = 0;
  icmpSeq = 0;
  /** ICMP fragmentation needed: the MTU of the link that was too small. */
  icmpMtu = 0;
  /** ICMP redirect: the gateway that should have been asked. */
  gateway: Address = ANY;
  /** The packet that an ICMP error is about, as its reporter saw it. */
  quote: Packet | undefined = undefined;
  mark = 0;
  ttl = 64;
  tos = 0;
  /** Of the IP header; below 0 while nobody has looked at it. */
  id = -1;
  /** Length with the IP header. */
  size = 0;
  segments = 1;
  bytes = 0;
  /** What it was before it was cut into fragments, of which `size` is the largest. */
  whole: Whole | undefined = undefined;
  /** While rules look at the fragments behind the first one, which have no header of TCP, UDP or ICMP. */
  later = false;
  /** Must not be cut in pieces on its way. */
  df = false;
  /** May be cut by its sender (UDP and ICMP without `ping -M do`). */
  cuttable = false;
  payload: Bytes | undefined = undefined;
  uid = 0;
  /** Its socket may send broadcasts (SO_BROADCAST). */
  broadcast = false;
  /** TCP, UDP: a wire was crossed, so that the checksum is complete. */
  summed = false;
  /** When an echo was sent, which stands in it; 0 while nobody has looked. */
  echoTime = 0;
  /** Not IP: what stands behind the Ethernet header. */
  frame: { readonly type: number; readonly bytes: Bytes } | undefined = undefined;

  // On the link: set anew wherever it is sent.
  srcMac: Mac = "";
  dstMac: Mac = "";
  /** 802.1Q tags, the outermost last. */
  tags: readonly number[] = UNTAGGED;

  // Within a namespace: gone when it leaves.
  /** The largest fragment that it came in, if it came in some and is whole here (frag_max_size). */
  fragmentSize = 0;
  tracking: Tracking | undefined = undefined;
  /** The bridge's ports it came in and goes out by, while a bridge lets iptables see it. */
  physIn = 0;
  physOut = 0;
  /** A bridge has already shown it to PREROUTING. */
  prerouted = false;
  /** IPVS has turned it to a real server and does not look at it again (skb->ipvs_property). */
  balanced = false;

  /** What a vxlan or ipip packet carries. */
  inner: Packet | undefined = undefined;
  vni = 0;

  /** Made with the size of an IPv4 header; that of IPv6 has 20 bytes more. */
  fitFamily(): void {
    if (typeof this.dst === "number") return;
    this.size += 20;
    this.bytes += 20 * this.segments;
  }

  copy(): Packet {
    const copy = new Packet();
    copy.src = this.src;
    copy.dst = this.dst;
    copy.protocol = this.protocol;
    copy.sport = this.sport;
    copy.dport = this.dport;
    copy.flags = this.flags;
    copy.window = this.window;
    copy.mss = this.mss;
    copy.tcp = this.tcp;
    copy.icmpType = this.icmpType;
    copy.icmpCode = this.icmpCode;
    copy.icmpId = this.icmpId;
    copy.icmpSeq = this.icmpSeq;
    copy.icmpMtu = this.icmpMtu;
    copy.gateway = this.gateway;
    copy.quote = this.quote;
    copy.mark = this.mark;
    copy.ttl = this.ttl;
    copy.tos = this.tos;
    copy.id = this.id;
    copy.size = this.size;
    copy.segments = this.segments;
    copy.bytes = this.bytes;
    copy.whole = this.whole;
    copy.df = this.df;
    copy.cuttable = this.cuttable;
    copy.payload = this.payload;
    copy.uid = this.uid;
    copy.summed = this.summed;
    copy.echoTime = this.echoTime;
    return copy;
  }
}

export function isIcmp(packet: Pick<Packet, "protocol">): boolean {
  return packet.protocol === ICMP || packet.protocol === ICMPV6;
}

export function tcpPacket(flags: number, payload?: Bytes): Packet {
  const packet = new Packet();
  packet.protocol = TCP;
  packet.flags = flags;
  packet.window = flags & RST ? 0 : OPEN_WINDOW;
  // 20 bytes IP, 20 TCP; options: 20 on a SYN (mss, sack, timestamps, window scale), 12 afterwards, none on a reset.
  const options = flags & SYN ? 20 : flags & RST ? 0 : 12;
  setPayload(packet, 40 + options, payload);
  packet.df = true;
  return packet;
}

/** The window that a SYN opens: as many whole segments as have room in 64 KB (tcp_select_initial_window). */
export function synWindow(mss: number): number {
  return Math.floor(65535 / mss) * mss;
}

/** What is left of 64240 bytes when it is scaled. */
const OPEN_WINDOW = 502;

export function udpPacket(payload: Bytes): Packet {
  const packet = new Packet();
  packet.protocol = UDP;
  setPayload(packet, 28, payload);
  packet.df = true;
  packet.cuttable = true;
  return packet;
}

/** `size` counts the bytes behind the ICMP header, as ping's -s. */
export function echoPacket(id: number, seq: number, size: number): Packet {
  const packet = new Packet();
  packet.protocol = ICMP;
  packet.icmpType = ECHO_REQUEST;
  packet.icmpId = id;
  packet.icmpSeq = seq;
  packet.size = 28 + size;
  packet.bytes = packet.size;
  packet.df = true;
  packet.cuttable = true;
  return packet;
}

function setPayload(packet: Packet, header: number, payload: Bytes | undefined): void {
  packet.payload = payload;
  packet.size = header + (payload?.length ?? 0);
  packet.bytes = packet.size;
}

export function headersOf(packet: Packet): PacketHeaders {
  const ports = packet.protocol === TCP || packet.protocol === UDP;
  return {
    src: addressText(packet.src),
    dst: addressText(packet.dst),
    protocol: packet.protocol,
    ...(ports ? { sport: packet.sport, dport: packet.dport } : {}),
    ...(packet.protocol === TCP ? { flags: packet.flags } : {}),
    ...(isIcmp(packet)
      ? { icmp: { type: packet.icmpType, code: packet.icmpCode, id: packet.icmpId, seq: packet.icmpSeq } }
      : {}),
    mark: packet.mark,
    ttl: packet.ttl,
    size: packet.size,
  };
}

import type { Namespace } from "./namespace.ts";
import { ICMP, TCP, UDP } from "./netfilter/protocols.ts";
import { RST, type Packet } from "./walk/packet.ts";

/** Counts an event of a namespace's IP, ICMP, TCP or UDP by the name that /proc/net/snmp and netstat have for it. */
export function count(ns: Namespace, name: string, by = 1): void {
  ns.mib.set(name, (ns.mib.get(name) ?? 0) + by);
}

export function counted(ns: Namespace, name: string): number {
  return ns.mib.get(name) ?? 0;
}

/** Names of ICMP types by number, as the counters have them (icmp_out_count, icmp_rcv). */
const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: "EchoReps",
  3: "DestUnreachs",
  4: "SrcQuenchs",
  5: "Redirects",
  8: "Echos",
  11: "TimeExcds",
  12: "ParmProbs",
  13: "Timestamps",
  14: "TimestampReps",
};

function countIcmp(ns: Namespace, way: "In" | "Out", packet: Packet): void {
  count(ns, `Icmp.${way}Msgs`);
  const name = ICMP_NAMES[packet.icmpType];
  if (name !== undefined) count(ns, `Icmp.${way}${name}`);
  count(ns, `IcmpMsg.${way}Type${packet.icmpType}`);
}

/** The stack sends a packet of its own: before the hook OUTPUT (__ip_local_out, tcp_transmit_skb). */
export function countSent(ns: Namespace, packet: Packet): void {
  if (typeof packet.dst !== "number") return;
  const { protocol, segments } = packet;
  count(ns, "Ip.OutRequests", segments);
  if (protocol === ICMP) countIcmp(ns, "Out", packet);
  else if (protocol === UDP) count(ns, "Udp.OutDatagrams", segments);
  else if (protocol === TCP) {
    if (packet.flags & RST) count(ns, "Tcp.OutRsts");
    count(ns, "Tcp.OutSegs", segments);
  }
}

/** A packet comes in from a link (ip_rcv). */
export function countReceived(ns: Namespace, packet: Packet): void {
  if (typeof packet.dst !== "number") return;
  count(ns, "Ip.InReceives", packet.segments);
  count(ns, "IpExt.InNoECTPkts", packet.segments);
  count(ns, "IpExt.InOctets", packet.bytes);
}

/** A packet goes out by a link, its own or forwarded (ip_output). */
export function countTransmitted(ns: Namespace, packet: Packet): void {
  if (typeof packet.dst !== "number") return;
  count(ns, "Ip.OutTransmits", packet.segments);
  count(ns, "IpExt.OutOctets", packet.bytes);
}

/** A packet is for this host and passed the hook INPUT (ip_local_deliver_finish, tcp_v4_rcv, icmp_rcv). */
export function countDelivered(ns: Namespace, packet: Packet): void {
  if (typeof packet.dst !== "number") return;
  const { protocol, segments } = packet;
  count(ns, "Ip.InDelivers", segments);
  if (protocol === ICMP) countIcmp(ns, "In", packet);
  else if (protocol === TCP) count(ns, "Tcp.InSegs", segments);
}

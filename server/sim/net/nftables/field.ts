import { addressType } from "../route/address-type.ts";
import type { Tracking } from "../conntrack/tracking.ts";
import type { HookPoint } from "../netfilter/hook-point.ts";
import { ICMP, ICMPV6, SCTP, TCP, UDP } from "../netfilter/protocols.ts";
import type { Packet } from "../walk/packet.ts";
import type { Primitive } from "./data-type.ts";
import { SYMBOLS } from "./symbols.ts";

/** Reads something of a packet; undefined where the packet has no such thing, so that no rule about it fits. */
export type Load = (packet: Packet, at: HookPoint) => Primitive | undefined;

/** Something that rules can ask for, as `ip saddr`, `ct state`, `meta mark`. */
export interface Field {
  readonly name: string;
  readonly type: string;
  /** Only IPv4 or IPv6 packets have it. */
  readonly family?: 4 | 6;
  /** Only packets of this protocol have it. */
  readonly protocol?: number;
  readonly tracks?: true;
  readonly load: Load;
}

const unsigned = (address: Packet["src"]): Primitive => (typeof address === "number" ? address >>> 0 : address);
const four = (packet: Packet): boolean => typeof packet.dst === "number";

function ip(name: string, type: string, load: (packet: Packet) => Primitive): Field {
  return { name: `ip ${name}`, type, family: 4, load: (packet) => (four(packet) ? load(packet) : undefined) };
}

function ip6(name: string, type: string, load: (packet: Packet) => Primitive): Field {
  return { name: `ip6 ${name}`, type, family: 6, load: (packet) => (four(packet) ? undefined : load(packet)) };
}

/** A field of a header behind that of IP, which only first fragments have. */
function payload(name: string, protocol: number, type: string, load: (packet: Packet) => Primitive): Field {
  return {
    name,
    type,
    protocol,
    ...(protocol === ICMP ? { family: 4 as const } : protocol === ICMPV6 ? { family: 6 as const } : {}),
    load: (packet) => (packet.protocol === protocol && !packet.later ? load(packet) : undefined),
  };
}

function hasPorts({ protocol, later }: Packet): boolean {
  return (protocol === TCP || protocol === UDP || protocol === SCTP) && !later;
}

function meta(name: string, type: string, load: Load): Field {
  return { name: `meta ${name}`, type, load };
}

function ct(name: string, type: string, load: (tracking: Tracking) => Primitive | undefined): Field {
  return {
    name: `ct ${name}`,
    type,
    tracks: true,
    load: ({ tracking }) => (tracking ? load(tracking) : undefined),
  };
}

const STATES: Readonly<Record<Tracking["state"], number>> = {
  INVALID: 1,
  ESTABLISHED: 2,
  RELATED: 4,
  NEW: 8,
  UNTRACKED: 64,
};

function status({ row, fresh }: Tracking): number | undefined {
  if (!row) return undefined;
  const bits = (row.seenReply ? 2 : 0) | (row.assured ? 4 : 0) | (fresh ? 0 : 8);
  return bits | (row.sourceNat ? 16 : 0) | (row.destinationNat ? 32 : 0);
}

const PACKET_TYPES = { unicast: 0, broadcast: 1, multicast: 2 } as const;

function packetType(packet: Packet): number {
  const { dstMac } = packet;
  if (dstMac === "ff:ff:ff:ff:ff:ff") return PACKET_TYPES.broadcast;
  return Number.parseInt(dstMac.slice(0, 2), 16) & 1 ? PACKET_TYPES.multicast : PACKET_TYPES.unicast;
}

/** What the kernel's routes say of an address (nft_fib). */
function fib(of: "saddr" | "daddr", link: "" | ". iif " | ". oif "): Field {
  return {
    name: `fib ${of} ${link}type`,
    type: "fib_addrtype",
    load(packet, at) {
      const index = link === "" ? undefined : link === ". iif " ? at.in?.index : at.out?.index;
      const name = addressType(at.ns, of === "saddr" ? packet.src : packet.dst, index).toLowerCase();
      return SYMBOLS.addressType.find(([known]) => known === name)?.[1];
    },
  };
}

const FIELDS: readonly Field[] = [
  ip("saddr", "ipv4_addr", ({ src }) => unsigned(src)),
  ip("daddr", "ipv4_addr", ({ dst }) => unsigned(dst)),
  ip("protocol", "inet_proto", ({ protocol }) => protocol),
  ip("ttl", "integer", ({ ttl }) => ttl),
  ip("length", "integer", ({ size }) => size),
  ip("dscp", "dscp", ({ tos }) => tos >> 2),
  ip("version", "integer", () => 4),
  ip6("saddr", "ipv6_addr", ({ src }) => src),
  ip6("daddr", "ipv6_addr", ({ dst }) => dst),
  ip6("nexthdr", "inet_proto", ({ protocol }) => protocol),
  ip6("hoplimit", "integer", ({ ttl }) => ttl),
  ip6("length", "integer", ({ size }) => size - 40),
  ip6("dscp", "dscp", ({ tos }) => tos >> 2),
  ip6("version", "integer", () => 6),
  payload("tcp sport", TCP, "inet_service", ({ sport }) => sport),
  payload("tcp dport", TCP, "inet_service", ({ dport }) => dport),
  payload("tcp flags", TCP, "tcp_flag", ({ flags }) => flags),
  payload("udp sport", UDP, "inet_service", ({ sport }) => sport),
  payload("udp dport", UDP, "inet_service", ({ dport }) => dport),
  payload("udp length", UDP, "integer", (packet) => packet.size - (four(packet) ? 20 : 40)),
  payload("sctp sport", SCTP, "inet_service", ({ sport }) => sport),
  payload("sctp dport", SCTP, "inet_service", ({ dport }) => dport),
  payload("icmp type", ICMP, "icmp_type", ({ icmpType }) => icmpType),
  payload("icmp code", ICMP, "icmp_code", ({ icmpCode }) => icmpCode),
  payload("icmp id", ICMP, "integer", ({ icmpId }) => icmpId),
  payload("icmp sequence", ICMP, "integer", ({ icmpSeq }) => icmpSeq),
  payload("icmpv6 type", ICMPV6, "icmpv6_type", ({ icmpType }) => icmpType),
  payload("icmpv6 code", ICMPV6, "icmpv6_code", ({ icmpCode }) => icmpCode),
  payload("icmpv6 id", ICMPV6, "integer", ({ icmpId }) => icmpId),
  payload("icmpv6 sequence", ICMPV6, "integer", ({ icmpSeq }) => icmpSeq),
  { name: "th sport", type: "inet_service", load: (packet) => (hasPorts(packet) ? packet.sport : undefined) },
  { name: "th dport", type: "inet_service", load: (packet) => (hasPorts(packet) ? packet.dport : undefined) },
  {
    name: "ether saddr",
    type: "ether_addr",
    load: ({ srcMac }, at) => (at.in && srcMac !== "" ? srcMac : undefined),
  },
  {
    name: "ether daddr",
    type: "ether_addr",
    load: ({ dstMac }, at) => (at.in && dstMac !== "" ? dstMac : undefined),
  },
  meta("l4proto", "inet_proto", ({ protocol }) => protocol),
  meta("nfproto", "nf_proto", (packet) => (four(packet) ? 2 : 10)),
  meta("protocol", "ether_type", (packet) => (four(packet) ? 0x0800 : 0x86dd)),
  meta("mark", "mark", ({ mark }) => mark >>> 0),
  meta("length", "integer", ({ size }) => size),
  meta("pkttype", "pkt_type", (packet, at) => (at.in ? packetType(packet) : PACKET_TYPES.unicast)),
  meta("skuid", "uid", (packet, at) => (at.in ? undefined : packet.uid)),
  meta("iif", "iface_index", (_, at) => at.in?.index ?? 0),
  meta("oif", "iface_index", (_, at) => at.out?.index ?? 0),
  meta("iifname", "ifname", (_, at) => at.in?.name ?? ""),
  meta("oifname", "ifname", (_, at) => at.out?.name ?? ""),
  ct("state", "ct_state", ({ state }) => STATES[state]),
  ct("direction", "ct_dir", ({ row, reply }) => (row ? Number(reply) : undefined)),
  ct("status", "ct_status", status),
  ct("mark", "mark", ({ row }) => row && row.mark >>> 0),
  ct("original ip saddr", "ipv4_addr", ({ row }) => originalAddress(row?.original.src)),
  ct("original ip daddr", "ipv4_addr", ({ row }) => originalAddress(row?.original.dst)),
  ct("original proto-src", "inet_service", ({ row }) => row?.original.sport),
  ct("original proto-dst", "inet_service", ({ row }) => row?.original.dport),
  fib("saddr", ""),
  fib("daddr", ""),
  fib("saddr", ". iif "),
  fib("daddr", ". iif "),
  fib("saddr", ". oif "),
  fib("daddr", ". oif "),
];

function originalAddress(address: number | string | undefined): number | undefined {
  return typeof address === "number" ? address >>> 0 : undefined;
}

const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));

export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name);
}

/** Every field of `ip`, `tcp`, `meta`… that is simulated. */
export function fieldsOf(header: string): readonly string[] {
  const start = `${header} `;
  return FIELDS.filter(({ name }) => name.startsWith(start)).map(({ name }) => name.slice(start.length));
}

/** Fields that nft has besides, by header: refused in words. */
export const UNSIMULATED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  ip: ["hdrlength", "ecn", "id", "frag-off", "checksum", "option"],
  ip6: ["ecn", "flowlabel"],
  tcp: ["sequence", "ackseq", "doff", "reserved", "window", "checksum", "urgptr", "option"],
  udp: ["checksum"],
  sctp: ["vtag", "checksum", "chunk"],
  icmp: ["checksum", "mtu", "gateway"],
  icmpv6: ["checksum", "parameter-problem", "packet-too-big", "max-delay"],
  ether: ["type"],
  meta: ["priority", "random", "cpu", "iiftype", "oiftype", "skgid", "nftrace", "rtclassid", "ibrname", "obrname", "ibriport", "obriport", "iifgroup", "oifgroup", "cgroup", "ipsec", "iifkind", "oifkind", "time", "day", "hour", "secpath", "sdif", "sdifname", "broute", "ibrpvid", "ibrvproto"],
  ct: ["expiration", "helper", "label", "l3proto", "protocol", "bytes", "packets", "avgpkt", "zone", "event", "secmark", "id", "count", "reply", "timeout", "expectation"],
}; // prettier-ignore

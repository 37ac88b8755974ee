import { ANY, isMulticast } from "../ip.ts";
import { related } from "../conntrack/flows.ts";
import type { Namespace } from "../namespace.ts";
import { ICMP, ICMPV6, TCP } from "../netfilter/protocols.ts";
import { REJECT_WITH, type RejectWith } from "../netfilter/reject-with.ts";
import { isLocal } from "../route/address-type.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { CODE } from "./icmp-code.ts";
import { mayReport } from "./icmp-limit.ts";
import { ACK, FIN, Packet, RST, SYN, TIME_EXCEEDED, UNREACHABLE } from "./packet.ts";
import type { Verdict } from "./trace.ts";
import type { Answer } from "./walker.ts";

/** What REJECT comes to for the sender. */
export function rejectVerdict(answer: RejectWith): Verdict {
  switch (answer) {
    case "tcp-reset":
    case "icmp-port-unreachable":
    case "icmp6-port-unreachable":
      return "refused";
    case "icmp-net-unreachable":
    case "icmp6-no-route":
      return "net unreachable";
    case "icmp-host-unreachable":
    case "icmp6-addr-unreachable":
      return "host unreachable";
    case "icmp-proto-unreachable":
      return "protocol unreachable";
    default:
      return "prohibited";
  }
}

/** The packet that REJECT sends; none where that must not be answered. */
export function rejectAnswer(ns: Namespace, offender: Packet, answer: RejectWith): Answer | undefined {
  if (answer === "tcp-reset") {
    const made = reset(ns, offender);
    if (made) attach(made.packet, offender);
    return made;
  }
  const code = REJECT_WITH[answer];
  return icmpError(ns, offender, UNREACHABLE, code, answer.startsWith("icmp6-") ? { code6: code } : {});
}

/**
 * An ICMP error about a packet, from the host that found it (icmp_send). None about an ICMP error, a group, or a packet
 * without a source.
 */
export function icmpError(
  ns: Namespace,
  offender: Packet,
  type: number,
  code: number,
  options: { mtu?: number; code6?: number } = {},
): Answer | undefined {
  if (offender.quote || offender.src === ANY || isMulticast(offender.src) || isMulticast(offender.dst))
    return undefined;
  const v6 = typeof offender.src === "bigint";
  if (!v6 && !mayReport(ns, offender.src, type, options.code6 ?? code)) return undefined;
  const packet = new Packet();
  packet.protocol = v6 ? ICMPV6 : ICMP;
  packet.dst = offender.src;
  packet.src = isLocal(ns, offender.dst) ? offender.dst : v6 ? 0n : ANY;
  packet.icmpType = v6 ? (type === TIME_EXCEEDED ? 3 : 1) : type;
  packet.icmpCode = options.code6 ?? (v6 && type === UNREACHABLE ? code6(code) : code);
  packet.icmpMtu = options.mtu ?? 0;
  packet.quote = offender.copy();
  packet.ttl = configurationOf(ns).defaultTtl;
  packet.size = 28 + Math.min(offender.size, 548);
  packet.bytes = packet.size;
  attach(packet, offender);
  return { ns, packet, anySource: false };
}

/** ICMPv6's code for an ICMP one. */
function code6(code: number): number {
  if (code === CODE.port) return 4;
  if (code === CODE.net) return 0;
  return code === CODE.filtered ? 1 : 3;
}

/** A TCP reset in the name of the packet's destination (tcp_v4_send_reset, nf_send_reset). None against a reset. */
export function reset(ns: Namespace, offender: Packet): Answer | undefined {
  if (offender.protocol !== TCP || offender.flags & RST) return undefined;
  const packet = tcpAnswer(ns, offender, offender.flags & ACK ? RST : RST | ACK);
  packet.id = 0;
  const { tcp, flags } = offender;
  if (tcp) {
    const length = (offender.payload?.length ?? 0) + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0);
    packet.tcp =
      flags & ACK
        ? { seq: tcp.ack, ack: 0, tsval: 0, tsecr: 0 }
        : { seq: 0, ack: (tcp.seq + length) >>> 0, tsval: 0, tsecr: 0 };
  }
  return { ns, packet, anySource: true };
}

/** A segment without payload that goes back. */
export function tcpAnswer(ns: Namespace, received: Packet, flags: number): Packet {
  const packet = new Packet();
  packet.protocol = TCP;
  packet.src = received.dst;
  packet.dst = received.src;
  packet.sport = received.dport;
  packet.dport = received.sport;
  packet.flags = flags;
  packet.ttl = configurationOf(ns).defaultTtl;
  packet.size = flags & RST ? 40 : flags & SYN ? 60 : 52;
  packet.bytes = packet.size;
  packet.fitFamily();
  packet.df = true;
  packet.window = flags & RST ? 0 : 502;
  return packet;
}

/** Belongs to the flow of the packet that it is about (nf_ct_attach). */
function attach(packet: Packet, offender: Packet): void {
  const row = offender.tracking?.row;
  if (!row) return;
  packet.tracking = related(row, !offender.tracking!.reply);
}

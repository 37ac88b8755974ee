import { addressText } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import { ACK, FIN, isIcmp, PSH, RST, SYN, URG, type Packet } from "../walk/packet.ts";
import type { HookPoint } from "./hook-point.ts";
import { ICMP, ICMPV6, protocolName, TCP, UDP } from "./protocols.ts";

/** A packet as the kernel's log has it, without the timestamp (nf_log_syslog.c). Every piece ends with a space. */
export function logLine(prefix: string, packet: Packet, at: HookPoint, decodeMac: boolean): string {
  const port = (index: number): LinkRow | undefined => (index === 0 ? undefined : at.ns.links.get(index));
  const [from, to] = [port(packet.physIn), port(packet.physOut)];
  const ports = `${from ? `PHYSIN=${from.name} ` : ""}${to ? `PHYSOUT=${to.name} ` : ""}`;
  const mark = packet.mark === 0 ? "" : `MARK=0x${(packet.mark >>> 0).toString(16)} `;
  const links = `IN=${at.in?.name ?? ""} OUT=${at.out?.name ?? ""} `;
  return `${prefix}${links}${ports}${at.in ? macText(packet, decodeMac) : ""}${packetText(packet, at)}${mark}`;
}

function macText({ srcMac, dstMac, dst }: Packet, decode: boolean): string {
  const six = typeof dst === "bigint";
  if (decode) return `MACSRC=${srcMac} MACDST=${dstMac} MACPROTO=${six ? "86dd" : "0800"} `;
  return `MAC=${dstMac}:${srcMac}:${six ? "86:dd" : "08:00"} `;
}

/** Eight groups of four digits (%pI6). */
function address6(value: bigint): string {
  return value
    .toString(16)
    .padStart(32, "0")
    .replaceAll(/(.{4})(?!$)/g, "$1:");
}

function packetText(packet: Packet, at: HookPoint): string {
  if (typeof packet.src === "bigint" && typeof packet.dst === "bigint") {
    const ends = `SRC=${address6(packet.src)} DST=${address6(packet.dst)} `;
    return `${ends}LEN=${packet.size} TC=0 HOPLIMIT=${packet.ttl} FLOWLBL=0 ${payloadText(packet, at)}`;
  }
  const { src, dst, size, ttl, df, whole, later } = packet;
  // The kernel's own complaints go out with the precedence of routers' traffic.
  const precedence = packet.quote ? "0xC0" : "0x00";
  const ends = `SRC=${addressText(src)} DST=${addressText(dst)} `;
  const fragment = !whole ? "" : later ? `FRAG:${(size - 20) >> 3} ` : "MF ";
  const head = `LEN=${size} TOS=0x00 PREC=${precedence} TTL=${ttl} ID=${identification(packet, at)} ${df ? "DF " : ""}${fragment}`;
  return `${ends}${head}${payloadText(packet, at)}`;
}

/** Drawn, except where the kernel needs none: SYN-ACK and reset. */
function identification({ protocol, flags, df }: Packet, at: HookPoint): number {
  const none = protocol === TCP && df && (flags & RST || (flags & (SYN | ACK)) === (SYN | ACK));
  return none ? 0 : at.ns.kernel.random.below("ip-id", 65536);
}

function payloadText(packet: Packet, at: HookPoint): string {
  const { protocol, sport, dport, icmpType, icmpCode, icmpId, icmpSeq, quote } = packet;
  if (packet.later) return `PROTO=${(protocolName(protocol) ?? String(protocol)).toUpperCase()} `;
  if (protocol === TCP)
    return `PROTO=TCP SPT=${sport} DPT=${dport} WINDOW=${packet.window} RES=0x00 ${flagsText(packet.flags)}URGP=0 `;
  if (protocol === UDP)
    return `PROTO=UDP SPT=${sport} DPT=${dport} LEN=${packet.size - (typeof packet.dst === "number" ? 20 : 40)} `;
  if (!isIcmp(packet)) return `PROTO=${protocol} `;
  const name =
    protocol === ICMP ? "ICMP" : protocol === ICMPV6 ? "ICMPv6" : (protocolName(protocol) ?? String(protocol));
  const about = quote ? `[${packetText(quote, at)}] ` : `ID=${icmpId} SEQ=${icmpSeq} `;
  return `PROTO=${name} TYPE=${icmpType} CODE=${icmpCode} ${about}`;
}

const FLAGS = [
  [URG, "URG"],
  [ACK, "ACK"],
  [PSH, "PSH"],
  [RST, "RST"],
  [SYN, "SYN"],
  [FIN, "FIN"],
] as const;

function flagsText(flags: number): string {
  return FLAGS.map(([bit, name]) => (flags & bit ? `${name} ` : "")).join("");
}

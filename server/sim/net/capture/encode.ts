import type { Bytes, Time } from "../../kernel/index.ts";
import { isIPv4 } from "../ip.ts";
import { ICMP, ICMPV6, TCP, UDP } from "../netfilter/protocols.ts";
import { IPIP } from "../walk/ipip.ts";
import { SYN, UNREACHABLE, type Packet } from "../walk/packet.ts";
import { addressBytes, checksum, pseudoSum, scatter, u16, u32, u8 } from "./octets.ts";

export const ETHERTYPE_IP = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IP6 = 0x86dd;

const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
/** What a stack sends at once and leaves to the card to cut (gso_max_size), and the first flight of a connection. */
const SEGMENTS_AT_ONCE = 10;
/** ICMP errors go with precedence internetwork control (icmp_send). */
const TOS_CONTROL = 0xc0;

export function etherType(packet: Packet): number {
  if (packet.frame) return packet.frame.type;
  return isIPv4(packet.dst) ? ETHERTYPE_IP : ETHERTYPE_IP6;
}

/**
 * A packet as it stands behind the link's header: one or more pieces, since one walk stands for all fragments of a datagram
 * and for all segments of a piece of a stream.
 */
export function encodePacket(packet: Packet, now: Time): Bytes[] {
  if (packet.frame) return [packet.frame.bytes];
  if (packet.id < 0) packet.id = scatter(packet.src, packet.dst, packet.protocol, Math.round(now)) & 0xffff;
  if (packet.protocol === TCP && (packet.payload?.length ?? 0) > 0 && packet.segments > 1 && !packet.whole)
    return segments(packet, now);
  // One piece for each that the tunnel carries.
  if (packet.protocol === IPIP && packet.inner)
    return encodePacket(packet.inner, now).map(
      (piece, at) => header4(packet, (packet.id + at) & 0xffff, packet.df ? DONT_FRAGMENT : 0, piece.length) + piece,
    );
  const body = transport(packet, packet.payload ?? "", now);
  if (!isIPv4(packet.dst)) return [header6(packet, body.length) + body];
  const { whole } = packet;
  if (!whole) return [header4(packet, packet.id, packet.df ? DONT_FRAGMENT : 0, body.length) + body];
  return fragments(packet, body);
}

function fragments(packet: Packet, body: Bytes): Bytes[] {
  const room = packet.size - 20;
  const pieces: Bytes[] = [];
  for (let at = 0; at < body.length; at += room) {
    const piece = body.slice(at, at + room);
    const more = at + room < body.length ? MORE_FRAGMENTS : 0;
    pieces.push(header4(packet, packet.id, more | (at >>> 3), piece.length) + piece);
  }
  return pieces;
}

function segments(packet: Packet, now: Time): Bytes[] {
  const payload = packet.payload!;
  const six = !isIPv4(packet.dst);
  const room = (packet.size - (six ? 72 : 52)) * SEGMENTS_AT_ONCE;
  const pieces: Bytes[] = [];
  const { tcp } = packet;
  for (let at = 0; at < payload.length; at += room) {
    const piece = packet.copy();
    piece.payload = payload.slice(at, at + room);
    piece.segments = 1;
    piece.id = (packet.id + Math.floor(at / (room / SEGMENTS_AT_ONCE))) & 0xffff;
    if (tcp) piece.tcp = { ...tcp, seq: (tcp.seq + at) >>> 0 };
    // Only the last piece is pushed.
    if (at + room < payload.length) piece.flags &= ~0x08;
    pieces.push(...encodePacket(piece, now));
  }
  return pieces;
}

function header4(packet: Packet, id: number, fragment: number, length: number): Bytes {
  const tos = packet.quote && packet.protocol === ICMP ? TOS_CONTROL : packet.tos;
  const start = u8(0x45) + u8(tos) + u16(20 + length) + u16(id) + u16(fragment) + u8(packet.ttl) + u8(packet.protocol);
  const ends = addressBytes(packet.src) + addressBytes(packet.dst);
  return start + u16(checksum(start + ends)) + ends;
}

/** Linux draws a flow label for each flow of its own (net.ipv6.auto_flowlabels). */
function header6(packet: Packet, length: number): Bytes {
  const discovery = packet.protocol === ICMPV6 && packet.icmpType >= 133 && packet.icmpType <= 137;
  const label = discovery ? 0 : scatter(packet.src, packet.dst, packet.sport, packet.dport) & 0xfffff;
  return (
    u32((6 << 28) | label) +
    u16(length) +
    u8(packet.protocol) +
    u8(packet.ttl) +
    addressBytes(packet.src) +
    addressBytes(packet.dst)
  );
}

function transport(packet: Packet, payload: Bytes, now: Time): Bytes {
  switch (packet.protocol) {
    case TCP:
      return tcp(packet, payload);
    case UDP:
      return udp(packet, packet.inner ? vxlan(packet, now) : payload);
    case ICMP:
      return icmp(packet, now);
    case ICMPV6:
      return icmp6(packet, now);
    default:
      return payload;
  }
}

/** What the card is to put in the place of a checksum; until a wire is crossed only the pseudo header is summed (CHECKSUM_PARTIAL). */
function withChecksum(packet: Packet, segment: Bytes, at: number): Bytes {
  const start = pseudoSum(packet.src, packet.dst, packet.protocol, segment.length);
  let sum = packet.summed ? checksum(segment, start) : start;
  if (packet.protocol === UDP && packet.summed && sum === 0) sum = 0xffff;
  return segment.slice(0, at) + u16(sum) + segment.slice(at + 2);
}

function tcp(packet: Packet, payload: Bytes): Bytes {
  const { tcp: fields, flags } = packet;
  let options = "";
  if (fields?.mss !== undefined && flags & SYN)
    options = `\x02\x04${u16(packet.mss || fields.mss)}\x04\x02\x08\x0a${u32(fields.tsval)}${u32(fields.tsecr)}\x01\x03\x03${u8(fields.scale ?? 0)}`;
  else if (fields && fields.tsval !== 0) options = `\x01\x01\x08\x0a${u32(fields.tsval)}${u32(fields.tsecr)}`;
  const offset = (20 + options.length) / 4;
  const segment =
    u16(packet.sport) +
    u16(packet.dport) +
    u32(fields?.seq ?? 0) +
    u32(fields?.ack ?? 0) +
    u8(offset << 4) +
    u8(flags) +
    u16(packet.window) +
    "\0\0\0\0" +
    options +
    payload;
  return withChecksum(packet, segment, 16);
}

function udp(packet: Packet, payload: Bytes): Bytes {
  const segment = u16(packet.sport) + u16(packet.dport) + u16(8 + payload.length) + "\0\0" + payload;
  // A vxlan sends without a checksum over IPv4 (VXLAN_F_UDP_ZERO_CSUM_TX).
  return packet.inner ? segment : withChecksum(packet, segment, 6);
}

function vxlan(packet: Packet, now: Time): Bytes {
  const inner = packet.inner!;
  const [piece = ""] = encodePacket(inner, now);
  return `\x08\0\0\0${u32(packet.vni << 8)}${ethernet(inner, etherType(inner))}${piece}`;
}

export function ethernet(packet: Packet, type: number): Bytes {
  return macPair(packet) + u16(type);
}

function macPair({ dstMac, srcMac }: Packet): Bytes {
  return hexBytes(dstMac) + hexBytes(srcMac);
}

function hexBytes(mac: string): Bytes {
  let out = "";
  for (let at = 0; at < 17; at += 3) out += u8(Number.parseInt(mac.slice(at, at + 2) || "0", 16));
  return out;
}

function icmp(packet: Packet, now: Time): Bytes {
  const { icmpType, icmpCode, quote } = packet;
  const body = quote
    ? quoted(packet, quote, now)
    : `${u16(packet.icmpId)}${u16(packet.icmpSeq)}${echoData(packet, (packet.whole?.size ?? packet.size) - 28, now)}`;
  const message = u8(icmpType) + u8(icmpCode) + "\0\0" + body;
  return message.slice(0, 2) + u16(checksum(message)) + message.slice(4);
}

/** The beginning of the packet that an error is about, as it was when the error was found. */
function quoted(packet: Packet, quote: Packet, now: Time): Bytes {
  const fragmentation = packet.icmpType === UNREACHABLE && packet.icmpCode === 4 && packet.protocol === ICMP;
  const rest = fragmentation ? `\0\0${u16(packet.icmpMtu)}` : "\0\0\0\0";
  const room = Math.max(0, packet.size - (packet.protocol === ICMPV6 ? 48 : 28));
  const [first = ""] = encodePacket(quote, now);
  return rest + first.slice(0, room);
}

/** ping writes the time in front and counts up behind it. */
function echoData(packet: Packet, size: number, now: Time): Bytes {
  if (packet.payload !== undefined) return packet.payload;
  if (packet.echoTime === 0) packet.echoTime = Math.floor(now);
  let data = "";
  if (size >= 16) {
    const seconds = Math.floor(packet.echoTime / 1_000_000);
    data = little(seconds) + "\0\0\0\0" + little(packet.echoTime % 1_000_000) + "\0\0\0\0";
  }
  while (data.length < size) data += u8(data.length);
  return data;
}

function little(value: number): Bytes {
  const [a, b, c, d] = u32(value);
  return `${d}${c}${b}${a}`;
}

function icmp6(packet: Packet, now: Time): Bytes {
  const { icmpType, icmpCode, quote } = packet;
  const body = quote
    ? quoted(packet, quote, now)
    : `${u16(packet.icmpId)}${u16(packet.icmpSeq)}${echoData(packet, packet.size - 48, now)}`;
  const message = u8(icmpType) + u8(icmpCode) + "\0\0" + body;
  const start = pseudoSum(packet.src, packet.dst, ICMPV6, message.length);
  return message.slice(0, 2) + u16(checksum(message, start)) + message.slice(4);
}

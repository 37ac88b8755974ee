import { isIPv4, type Address, type IPv6 } from "../ip.ts";
import { BROADCAST_MAC, ZERO_MAC, type Mac } from "../mac.ts";
import { ICMPV6 } from "../netfilter/protocols.ts";
import { Packet } from "../walk/packet.ts";
import { ETHERTYPE_ARP } from "./encode.ts";
import { addressBytes, macBytes, u16, u8 } from "./octets.ts";

export interface NeighbourQuestion {
  readonly target: Address;
  readonly sender: Address;
  readonly mac: Mac;
  /** arping fills in the address that it asks for with ones; the kernel with zeros. */
  readonly unknown?: Mac;
  /** Known, and asked again: not by a broadcast. */
  readonly unicast?: Mac;
  /** A gratuitous ARP in the shape of an answer. */
  readonly announces?: boolean;
}

/** The frame in which a link asks who has an address: ARP, or a neighbour solicitation. */
export function questionFrame(question: NeighbourQuestion): Packet {
  const { target, sender, mac, unknown = ZERO_MAC, unicast, announces } = question;
  if (isIPv4(target) && isIPv4(sender))
    return announces
      ? arp(2, mac, sender, mac, target, unicast ?? BROADCAST_MAC)
      : arp(1, mac, sender, unknown, target, unicast ?? BROADCAST_MAC);
  const packet = discovery(135, target as IPv6, mac);
  packet.src = sender;
  packet.dst = solicitedNode(target as IPv6);
  packet.srcMac = mac;
  packet.dstMac = groupMac(packet.dst);
  return packet;
}

/** The answer of the one who has it. */
export function answerFrame({ target, sender, mac }: NeighbourQuestion, owner: Mac): Packet {
  if (isIPv4(target) && isIPv4(sender)) return arp(2, owner, target, mac, sender, mac);
  const packet = discovery(136, target as IPv6, owner);
  packet.src = target;
  packet.dst = sender;
  packet.srcMac = owner;
  packet.dstMac = mac;
  return packet;
}

function arp(operation: number, mac: Mac, sender: number, targetMac: Mac, target: number, to: Mac): Packet {
  const packet = new Packet();
  packet.src = sender;
  packet.dst = target;
  packet.srcMac = mac;
  packet.dstMac = to;
  packet.size = packet.bytes = 28;
  packet.frame = {
    type: ETHERTYPE_ARP,
    bytes: `${u16(1)}${u16(0x0800)}\x06\x04${u16(operation)}${macBytes(mac)}${addressBytes(sender)}${macBytes(targetMac)}${addressBytes(target)}`,
  };
  return packet;
}

/** A solicitation (135) or an advertisement (136) with the sender's address as its option. */
function discovery(type: number, target: IPv6, mac: Mac): Packet {
  const packet = new Packet();
  packet.protocol = ICMPV6;
  packet.icmpType = type;
  packet.ttl = 255;
  // Solicited and override stand where an echo has its id.
  packet.icmpId = type === 136 ? 0x6000 : 0;
  packet.payload = `${addressBytes(target)}${u8(type === 135 ? 1 : 2)}\x01${macBytes(mac)}`;
  packet.size = packet.bytes = 72;
  return packet;
}

/** ff02::1:ff and the last three bytes (RFC 4291). */
function solicitedNode(target: IPv6): IPv6 {
  return 0xff02_0000_0000_0000_0000_0001_ff00_0000n | (target & 0xff_ffffn);
}

function groupMac(group: IPv6): Mac {
  const low = addressBytes(group).slice(12);
  return `33:33:${[...low].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join(":")}`;
}

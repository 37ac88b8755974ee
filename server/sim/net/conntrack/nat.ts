import { isIcmp, type Packet } from "../walk/packet.ts";
import type { Namespace } from "../namespace.ts";
import type { NatWish } from "../netfilter/hook-point.ts";
import { TCP, UDP } from "../netfilter/protocols.ts";
import { inverse } from "./flows.ts";
import { conntrackIndex } from "./index-of-flows.ts";
import { addressText, type Address } from "../ip.ts";
import { toTuple, tupleAddress, tupleKey, type TupleAddress, type ConntrackRow, type Tuple } from "./row.ts";
import type { Tracking } from "./tracking.ts";

/**
 * Decides a new flow's translation by a rule's wish (nf_nat_setup_info): the flow's answers get another tuple, which no other
 * flow has. False if there is none left. Asking twice for the same side changes nothing.
 */
export function decideNat(ns: Namespace, tracking: Tracking, wish: NatWish): boolean {
  const source = wish.manip === "source";
  if (!tracking.row || (source ? tracking.sourceDecided : tracking.destinationDecided)) return true;
  const { row } = tracking;
  // What the packet is now: the flow's answers turned round.
  const current = inverse(row.protocol, row.reply);
  const wanted = source ? newSource(ns, row, current, wish) : newDestination(ns, row, current, wish);
  if (!wanted) return false;
  settle(tracking, source);
  if (sameTuple(wanted, current)) return true;
  tracking.row = {
    ...row,
    reply: inverse(row.protocol, wanted),
    ...(source ? { sourceNat: true } : { destinationNat: true }),
    ...(wish.masqueradeLink === undefined ? {} : { masqueradeLink: wish.masqueradeLink }),
  };
  return true;
}

/** No rule wants anything: the flow keeps its tuple, unless its answers would be mistaken for another's. */
export function decideNothing(ns: Namespace, tracking: Tracking, manip: NatWish["manip"]): boolean {
  return decideNat(ns, tracking, { manip });
}

function settle(tracking: Tracking, source: boolean): void {
  if (source) tracking.sourceDecided = true;
  else tracking.destinationDecided = true;
}

function newSource(ns: Namespace, row: ConntrackRow, current: Tuple, wish: NatWish): Tuple | undefined {
  const src = wish.from === undefined ? current.src : chooseAddress(wish, current, "source");
  const moved = { ...current, src };
  const keep = !wish.random && !wish.randomFully && inPorts(wish, current.sport);
  if (keep && isFree(ns, row, moved)) return moved;
  const [low, high] = sourcePorts(row.protocol, wish, current.sport);
  const count = high - low + 1;
  const start = ns.kernel.random.below(`nat/${ns.id}`, count);
  for (let step = 0; step < Math.min(count, 4096); step++) {
    const candidate = { ...moved, sport: low + ((start + step) % count) };
    if (isFree(ns, row, candidate)) return candidate;
  }
  return undefined;
}

/** nf_nat_l4proto_unique_tuple: low ports stay low. */
function sourcePorts(protocol: number, wish: NatWish, port: number): readonly [number, number] {
  if (wish.minPort !== undefined) return [wish.minPort, wish.maxPort!];
  if (protocol !== TCP && protocol !== UDP) return [0, 65535];
  if (port < 512) return [1, 511];
  return port < 1024 ? [600, 1023] : [1024, 65535];
}

function newDestination(ns: Namespace, row: ConntrackRow, current: Tuple, wish: NatWish): Tuple | undefined {
  const dst = wish.from === undefined ? current.dst : chooseAddress(wish, current, "destination");
  const moved = { ...current, dst };
  if (wish.minPort === undefined) return moved;
  const [low, high] = [wish.minPort, wish.maxPort!];
  const count = high - low + 1;
  let start = 0;
  if (wish.basePort !== undefined) start = (current.dport - wish.basePort + count) % count;
  else if (wish.random || wish.randomFully) start = ns.kernel.random.below(`nat/${ns.id}`, count);
  else if (current.dport >= low && current.dport <= high) start = current.dport - low;
  for (let step = 0; step < count; step++) {
    const candidate = { ...moved, dport: low + ((start + step) % count) };
    if (isFree(ns, row, candidate)) return candidate;
  }
  return { ...moved, dport: low + start };
}

function inPorts(wish: NatWish, port: number): boolean {
  return wish.minPort === undefined || (port >= wish.minPort && port <= wish.maxPort!);
}

/** One of a range, always the same for a pair of ends (find_best_ips_proto). */
function chooseAddress(wish: NatWish, { src, dst }: Tuple, side: "source" | "destination"): TupleAddress {
  const from = wish.from!;
  const to = wish.to ?? from;
  if (from === to) return toTuple(from);
  const other = wish.persistent ? 0 : side === "source" ? dst : src;
  const hash = Math.imul(bitsOf(src) ^ Math.imul(bitsOf(other), 0x9e3779b1), 0x85ebca6b);
  const drawn = (hash ^ (hash >>> 15)) >>> 0;
  if (typeof from === "number" && typeof to === "number")
    return ((from >>> 0) + (drawn % ((to >>> 0) - (from >>> 0) + 1))) | 0;
  const [low, high]: [Address, Address] = [from, to];
  return addressText(BigInt(low) + (BigInt(drawn) % (BigInt(high) - BigInt(low) + 1n)));
}

function bitsOf(value: TupleAddress): number {
  if (typeof value === "number") return value;
  const bits = tupleAddress(value) as bigint;
  return Number(BigInt.asIntN(32, bits ^ (bits >> 32n) ^ (bits >> 64n) ^ (bits >> 96n)));
}

function isFree(ns: Namespace, row: ConntrackRow, tuple: Tuple): boolean {
  const taken = conntrackIndex(ns).find(tupleKey(row.protocol, inverse(row.protocol, tuple)));
  return taken === undefined || taken.id === row.id;
}

function sameTuple(a: Tuple, b: Tuple): boolean {
  return a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport;
}

/**
 * Writes a flow's translation into a packet (nf_nat_packet): on the way in and out of the local stack its destination, on the
 * way out and to the local stack its source. True if that changed anything.
 */
export function translatePacket(packet: Packet, manip: NatWish["manip"]): boolean {
  const { tracking } = packet;
  const row = tracking?.row;
  if (!row || !(row.sourceNat || row.destinationNat)) return false;
  if (packet.quote) return translateError(packet, row, tracking.reply, manip);
  // Answers are turned back on the side on which the flow was changed (nf_nat_packet).
  if (!((manip === "source") === tracking.reply ? row.destinationNat : row.sourceNat)) return false;
  // The packet as the flow's other direction expects its answer.
  const wanted = inverse(row.protocol, tracking.reply ? row.original : row.reply);
  if (manip === "destination") {
    const dst = tupleAddress(wanted.dst);
    const port = isIcmp(packet) ? packet.dport : wanted.dport;
    if (packet.dst === dst && packet.dport === port) return setIcmpId(packet, wanted);
    packet.dst = dst;
    packet.dport = port;
    setIcmpId(packet, wanted);
    return true;
  }
  const src = tupleAddress(wanted.src);
  const port = isIcmp(packet) ? packet.sport : wanted.sport;
  if (packet.src === src && packet.sport === port) return setIcmpId(packet, wanted);
  packet.src = src;
  packet.sport = port;
  setIcmpId(packet, wanted);
  return true;
}

function setIcmpId(packet: Packet, { sport }: Tuple): boolean {
  if (!isIcmp(packet) || packet.icmpId === sport) return false;
  packet.icmpId = sport;
  return true;
}

/**
 * An ICMP error travels against the packet that it quotes: both it and the quoted headers are turned back
 * (nf_nat_icmp_reply_translation).
 */
function translateError(packet: Packet, row: ConntrackRow, reply: boolean, manip: NatWish["manip"]): boolean {
  const source = manip === "source" ? !reply : reply;
  if (!(source ? row.sourceNat : row.destinationNat)) return false;
  const quote = packet.quote!.copy();
  // What the quoted packet was on the other side of the translation.
  const wanted = reply ? row.original : row.reply;
  if (manip === "destination") {
    quote.src = tupleAddress(wanted.src);
    if (!isIcmp(quote)) quote.sport = wanted.sport;
    packet.dst = quote.src;
  } else {
    quote.dst = tupleAddress(wanted.dst);
    if (!isIcmp(quote)) quote.dport = wanted.dport;
    packet.src = quote.dst;
  }
  if (isIcmp(quote)) quote.icmpId = wanted.sport;
  packet.quote = quote;
  return true;
}

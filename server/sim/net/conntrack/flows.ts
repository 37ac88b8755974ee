import { SECOND, type Duration } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";
import { ICMP, ICMPV6, SCTP, TCP, UDP } from "../netfilter/protocols.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ACK, ECHO_REPLY, ECHO_REQUEST, RST, SYN, type Packet } from "../walk/packet.ts";
import type { FlowAuthor } from "./events.ts";
import { conntrackIndex } from "./index-of-flows.ts";
import { toTuple, tupleKey, type ConntrackRow, type TcpTracking, type Tuple } from "./row.ts";
import { nextTcpState, TCP_TIMEOUTS } from "./tcp.ts";
import { INVALID, type Tracking } from "./tracking.ts";

/** ICMPv6 echo. */
const ECHO6_REQUEST = 128;
const ECHO6_REPLY = 129;

/**
 * Finds or begins the flow that a packet belongs to (nf_conntrack_in). False if the table is full and the packet must be
 * dropped.
 */
export function track(ns: Namespace, packet: Packet): boolean {
  if (packet.tracking) return true;
  const room = findOrBegin(ns, packet);
  if (!room) countStatistic(ns, "drop");
  else if (packet.tracking === INVALID) countStatistic(ns, "invalid");
  return room;
}

function findOrBegin(ns: Namespace, packet: Packet): boolean {
  if (packet.quote) {
    packet.tracking = trackError(ns, packet.quote);
    return true;
  }
  const tuple = tupleOf(packet);
  if (!tuple) {
    packet.tracking = INVALID;
    return true;
  }
  const index = conntrackIndex(ns);
  const known = index.find(tupleKey(packet.protocol, tuple));
  if (known && !startsAgain(known, packet)) {
    packet.tracking = trackKnown(ns, known, packet, isReply(known, tuple));
    return true;
  }
  if (known) index.delete(known);
  const row = begin(ns, packet, tuple, index.nextId());
  if (!row) packet.tracking = INVALID;
  else if (isFull(ns)) return false;
  else
    packet.tracking = {
      row,
      state: "NEW",
      reply: false,
      fresh: true,
      sourceDecided: false,
      destinationDecided: false,
    };
  return true;
}

/** A fresh flow gets into the table once its first packet leaves or is delivered (nf_conntrack_confirm). */
export function confirm(ns: Namespace, packet: Packet, natSeen: boolean): void {
  const { tracking } = packet;
  if (!tracking?.fresh) return;
  tracking.fresh = false;
  if (natSeen) tracking.row = { ...tracking.row!, natSeen };
  conntrackIndex(ns).put(tracking.row!);
}

/** What the answer to a tuple looks like. */
export function inverse(protocol: number, { src, dst, sport, dport }: Tuple): Tuple {
  if (protocol === ICMP || protocol === ICMPV6) return { src: dst, dst: src, sport, dport: inverseType(dport) };
  return { src: dst, dst: src, sport: dport, dport: sport };
}

export function setConnectionMark(ns: Namespace, tracking: Tracking, mark: number): void {
  if (!tracking.row || tracking.row.mark === mark) return;
  tracking.row = { ...tracking.row, mark };
  if (!tracking.fresh) conntrackIndex(ns).update(tracking.row);
}

/** What a program may change of a flow (`conntrack -U`). */
export type FlowChange = Partial<Pick<ConntrackRow, "mark" | "tcp" | "seenReply" | "assured">> & {
  readonly timeout?: Duration;
};

export function updateFlow(ns: Namespace, row: ConntrackRow, change: FlowChange, author?: FlowAuthor): ConntrackRow {
  const { timeout: left, ...rest } = change;
  const changed = { ...row, ...rest, ...(left === undefined ? {} : { expires: ns.kernel.now + left }) };
  conntrackIndex(ns).update(changed, author);
  return changed;
}

export interface ConntrackStatistics {
  /** Packets that tracking made nothing of. */
  readonly invalid: number;
  /** Packets that were dropped because the table was full. */
  readonly drop: number;
}

/** What `conntrack -S` shows (struct ip_conntrack_stat). */
export function conntrackStatistics(ns: Namespace): ConntrackStatistics {
  return ns.quietRows<string, ConntrackStatistics>("conntrack-statistics").get("all") ?? { invalid: 0, drop: 0 };
}

function countStatistic(ns: Namespace, name: keyof ConntrackStatistics): void {
  const old = conntrackStatistics(ns);
  ns.quietRows<string, ConntrackStatistics>("conntrack-statistics").set("all", { ...old, [name]: old[name] + 1 });
}

/** Flows that have not expired, as `conntrack -L` sees them. */
export function listFlows(ns: Namespace): ConntrackRow[] {
  return [...ns.conntrack.values()].filter((row) => row.expires > ns.kernel.now);
}

export function deleteFlow(ns: Namespace, row: ConntrackRow, author?: FlowAuthor): void {
  conntrackIndex(ns).delete(row, author);
}

/** What a program says of a flow that it makes; what is left out is what the original's answer looks like. */
export interface FlowDraft {
  readonly protocol: number;
  readonly original: Tuple;
  readonly reply: Partial<Tuple>;
  readonly tcp: TcpTracking;
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly mark: number;
  readonly timeout: Duration;
}

/** Makes a flow without a packet (ctnetlink_new_conntrack). False if one of its two directions is another flow's. */
export function createFlow(ns: Namespace, draft: FlowDraft, author?: FlowAuthor): boolean {
  const index = conntrackIndex(ns);
  const { protocol, original, timeout: left, ...rest } = draft;
  const plain = inverse(protocol, original);
  const reply = { ...plain, ...draft.reply };
  if (index.find(tupleKey(protocol, original)) || index.find(tupleKey(protocol, reply))) return false;
  const since = ns.kernel.now;
  const destinationNat = reply.src !== plain.src || reply.sport !== plain.sport;
  const sourceNat = reply.dst !== plain.dst || reply.dport !== plain.dport;
  const natSeen = destinationNat || sourceNat ? { natSeen: true as const } : {};
  index.put(
    { ...rest, id: index.nextId(), protocol, original, reply, sourceNat, destinationNat, ...natSeen, since, expires: since + left },
    author,
  ); // prettier-ignore
  return true;
}

/** The tuple of a packet; undefined where tracking has none for it. */
export function tupleOf(packet: Packet): Tuple | undefined {
  const { protocol } = packet;
  const [src, dst] = [toTuple(packet.src), toTuple(packet.dst)];
  if (protocol === TCP || protocol === UDP || protocol === SCTP)
    return { src, dst, sport: packet.sport, dport: packet.dport };
  if (protocol === ICMP || protocol === ICMPV6) {
    const dport = packet.icmpType * 256 + packet.icmpCode;
    return inverseType(dport) < 0 ? undefined : { src, dst, sport: packet.icmpId, dport };
  }
  return { src, dst, sport: 0, dport: 0 };
}

/** Echo request and reply answer each other; -1 for messages that are no question or answer. */
function inverseType(dport: number): number {
  switch (dport >> 8) {
    case ECHO_REQUEST:
      return ECHO_REPLY * 256;
    case ECHO_REPLY:
      return ECHO_REQUEST * 256;
    case ECHO6_REQUEST:
      return ECHO6_REPLY * 256;
    case ECHO6_REPLY:
      return ECHO6_REQUEST * 256;
    default:
      return -1;
  }
}

function isReply(row: ConntrackRow, { src, dst, sport, dport }: Tuple): boolean {
  const { original } = row;
  return original.src !== src || original.dst !== dst || original.sport !== sport || original.dport !== dport;
}

/** An ICMP error is RELATED to the flow of the packet that it quotes, and goes the other way (nf_conntrack_inet_error). */
function trackError(ns: Namespace, quote: Packet): Tracking {
  const tuple = tupleOf(quote);
  if (!tuple) return INVALID;
  const answered = inverse(quote.protocol, tuple);
  const row = conntrackIndex(ns).find(tupleKey(quote.protocol, answered));
  return row ? related(row, isReply(row, answered)) : INVALID;
}

/** Tracking of a packet that belongs to a flow without being part of it. */
export function related(row: ConntrackRow, reply: boolean): Tracking {
  return { row, state: "RELATED", reply, fresh: false, sourceDecided: true, destinationDecided: true };
}

/** A new connection with the ports of one that has ended. */
function startsAgain(row: ConntrackRow, packet: Packet): boolean {
  if (row.protocol !== TCP || (packet.flags & (SYN | ACK)) !== SYN) return false;
  return row.tcp === "TIME_WAIT" || row.tcp === "CLOSE" || row.tcp === "LAST_ACK";
}

function begin(ns: Namespace, packet: Packet, tuple: Tuple, id: number): ConntrackRow | undefined {
  const { protocol } = packet;
  let tcp: TcpTracking = "NONE";
  if (protocol === TCP) {
    const next = nextTcpState("NONE", false, packet.flags);
    if (next === "invalid" || next === "ignore") return undefined;
    if (next !== "SYN_SENT" && configurationOf(ns).number("net/netfilter/nf_conntrack_tcp_loose") === 0)
      return undefined;
    tcp = next;
  } else if (protocol === ICMP || protocol === ICMPV6) {
    if (packet.icmpType !== ECHO_REQUEST && packet.icmpType !== ECHO6_REQUEST) return undefined;
  }
  const since = ns.kernel.now;
  const row: ConntrackRow = {
    id,
    protocol,
    original: tuple,
    reply: inverse(protocol, tuple),
    tcp,
    seenReply: false,
    assured: false,
    sourceNat: false,
    destinationNat: false,
    mark: 0,
    since,
    expires: since,
  };
  return { ...row, expires: since + timeout(ns, protocol, tcp, false) };
}

function trackKnown(ns: Namespace, row: ConntrackRow, packet: Packet, reply: boolean): Tracking {
  let { tcp, assured } = row;
  // A flow that was answered by nothing but a reset is forgotten at once; the reset itself still finds its way back.
  if (row.protocol === TCP && packet.flags & RST && !row.seenReply) {
    deleteFlow(ns, { ...row, tcp: "CLOSE" });
    const state = reply ? "ESTABLISHED" : "NEW";
    return {
      row: reply ? { ...row, seenReply: true } : row,
      state,
      reply,
      fresh: false,
      sourceDecided: true,
      destinationDecided: true,
    };
  }
  if (row.protocol === TCP) {
    const next = nextTcpState(tcp, reply, packet.flags);
    if (next === "invalid") return INVALID;
    if (next !== "ignore") {
      if ((tcp === "SYN_RECV" || tcp === "ESTABLISHED") && next === "ESTABLISHED") assured = true;
      tcp = next;
    }
  } else if (row.protocol === UDP) assured = assured || (row.seenReply && ns.kernel.now > row.since + 2 * SECOND);
  const seenReply = row.seenReply || reply;
  const expires = ns.kernel.now + timeout(ns, row.protocol, tcp, assured);
  const changed = tcp !== row.tcp || assured !== row.assured || seenReply !== row.seenReply || expires !== row.expires;
  const now: ConntrackRow = changed ? { ...row, tcp, assured, seenReply, expires } : row;
  if (changed) conntrackIndex(ns).update(now);
  return {
    row: now,
    state: seenReply ? "ESTABLISHED" : "NEW",
    reply,
    fresh: false,
    sourceDecided: true,
    destinationDecided: true,
  };
}

function timeout(ns: Namespace, protocol: number, tcp: TcpTracking, assured: boolean): Duration {
  return configurationOf(ns).number(timeoutSysctl(protocol, tcp, assured)) * SECOND;
}

function timeoutSysctl(protocol: number, tcp: TcpTracking, assured: boolean): string {
  switch (protocol) {
    case TCP:
      return TCP_TIMEOUTS[tcp];
    case UDP:
      return assured ? "net/netfilter/nf_conntrack_udp_timeout_stream" : "net/netfilter/nf_conntrack_udp_timeout";
    case ICMP:
      return "net/netfilter/nf_conntrack_icmp_timeout";
    case ICMPV6:
      return "net/netfilter/nf_conntrack_icmpv6_timeout";
    default:
      return "net/netfilter/nf_conntrack_generic_timeout";
  }
}

/** True if there is no room, even after the expired flows were forgotten. */
function isFull(ns: Namespace): boolean {
  const limit = Math.min(configurationOf(ns).number("net/netfilter/nf_conntrack_max"), ns.kernel.limits.conntrack);
  if (ns.conntrack.size < limit) return false;
  for (const row of ns.conntrack.values()) if (row.expires <= ns.kernel.now) deleteFlow(ns, row);
  return ns.conntrack.size >= limit;
}

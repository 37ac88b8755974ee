import type { Process } from "../../sim/host/index.ts";
import type { Duration } from "../../sim/kernel/index.ts";
import {
  addressText,
  getRoute,
  namespaceOf,
  parseAddress,
  ping,
  tcpPacket,
  udpPacket,
  walk,
  type Errno,
  type Packet,
} from "../../sim/net/index.ts";

export type ProbeMethod = "udp" | "icmp" | "tcp";

export interface ProbeSpec {
  readonly to: string;
  readonly method: ProbeMethod;
  readonly ttl: number;
  readonly port: number;
  /** Bytes of the packet with its IP header. */
  readonly size: number;
  readonly seq: number;
  /** Must not be cut in pieces on its way. */
  readonly whole?: true;
  /** Microseconds from now until it is sent. */
  readonly after?: Duration;
}

/** What came back for one probe; undefined: nothing. */
export interface ProbeAnswer {
  /** Empty: the machine itself did not let the probe out. */
  readonly from: string;
  readonly latency: Duration;
  /** It came from the destination itself. */
  readonly final: boolean;
  /** `!H`, `!N`, `!X`…, if the answer is a refusal. */
  readonly note: string;
  /** What was left of the answer's own hops. */
  readonly ttl: number;
  /** The link that was too small for the probe. */
  readonly mtu: number | undefined;
}

/** Sends a packet that dies after some hops, and sees who reports it. */
export function probe(process: Process, spec: ProbeSpec): ProbeAnswer | undefined {
  const ns = namespaceOf(process);
  const to = parseAddress(spec.to)!;
  const found = spec.whole ? getRoute(ns, { destination: to }) : undefined;
  const mtu = found === undefined || typeof found === "string" ? Infinity : (found.row.mtu ?? found.link.mtu);
  if (spec.size > mtu) return { from: "", latency: LOCAL_REFUSAL, final: true, note: ` !F-${mtu}`, ttl: 0, mtu };
  const data = Math.max(0, spec.size - (typeof to === "bigint" ? 48 : 28));
  if (spec.method === "icmp") {
    const result = ping(ns, { to: spec.to, id: process.pid & 0xffff, seq: spec.seq, ttl: spec.ttl, size: data, ...(spec.whole ? { dontFragment: true } : {}), tracing: false, after: spec.after ?? 0 }); // prettier-ignore
    if (result.reply === undefined) return undefined;
    return answer(result.reply, result.latency, result.outcome === "answered");
  }
  const packet = spec.method === "udp" ? udpPacket("\0".repeat(data)) : tcpPacket(2);
  const route = getRoute(ns, { destination: to });
  if (typeof route === "string") return undefined;
  packet.src = route.source ?? 0;
  packet.dst = to;
  packet.sport = 32_768 + process.kernel.random.below("traceroute", 28_000);
  packet.dport = spec.port;
  packet.ttl = spec.ttl;
  if (spec.whole) [packet.df, packet.cuttable] = [true, false];
  if (spec.method === "tcp")
    packet.tcp = { seq: process.kernel.random.below("traceroute", 2 ** 32), ack: 0, tsval: 0, tsecr: 0 };
  const trace = walk(ns, packet, { tracing: false, after: spec.after ?? 0 });
  const reply = trace.reply?.delivery;
  const answered = spec.method === "tcp" && trace.reply?.verdict === "refused" && trace.reply.by.at === "socket";
  // A raw socket sees what no connection takes.
  if (answered)
    return {
      from: trace.reply!.packet.src,
      latency: (trace.ns + trace.reply!.ns) / 1000,
      final: true,
      note: "",
      ttl: trace.reply!.packet.ttl,
      mtu: undefined,
    };
  if (!reply || reply.ns !== ns) return undefined;
  const latency = (trace.ns + trace.reply!.ns) / 1000;
  const isAnswer = !reply.packet.quote || (reply.packet.icmpType === 3 && reply.packet.icmpCode === 3);
  return answer(reply.packet, latency, isAnswer);
}

/** Why no probe can be sent at all. */
export function unsendable(process: Process, to: string): Errno | undefined {
  const route = getRoute(namespaceOf(process), { destination: parseAddress(to)! });
  return typeof route === "string" ? route : undefined;
}

/** What send(2) takes that fails, in microseconds. */
const LOCAL_REFUSAL = 10;

const NOTES: Readonly<Record<number, string>> = { 0: " !N", 1: " !H", 2: " !P", 4: " !F", 5: " !S", 9: " !X", 10: " !X", 13: " !X", 14: " !V", 15: " !C" }; // prettier-ignore

function answer(packet: Packet, latency: Duration, reached: boolean): ProbeAnswer {
  const dead = packet.icmpType === 11 || (packet.icmpType === 3 && typeof packet.src === "bigint");
  const refused = packet.quote !== undefined && !dead && !reached;
  return {
    from: addressText(packet.src),
    latency,
    final: reached || refused,
    ttl: packet.ttl,
    mtu: packet.icmpMtu > 0 ? packet.icmpMtu : undefined,
    note: refused ? noteOf(packet) : "",
  };
}

function noteOf({ icmpCode, icmpMtu }: Packet): string {
  if (icmpCode === 4 && icmpMtu > 0) return ` !F-${icmpMtu}`;
  return NOTES[icmpCode] ?? ` !<${icmpCode}>`;
}

import { isIPv4, parseAddress } from "../ip.ts";
import { findLink } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import { ICMPV6 } from "../netfilter/protocols.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { ECHO_REPLY, echoPacket } from "../walk/packet.ts";
import type { Trace } from "../walk/trace.ts";
import { walk } from "../walk/walk.ts";
import { judge, type RoundTrip } from "./outcome.ts";

export interface PingSpec {
  readonly to: string;
  readonly from?: string;
  readonly device?: string;
  readonly id: number;
  readonly seq: number;
  /** Bytes behind the ICMP header; 56 if missing. */
  readonly size?: number;
  readonly ttl?: number;
  /** `-M do`: never cut, not even by ourselves. */
  readonly dontFragment?: boolean;
  readonly mark?: number;
  readonly tracing?: boolean;
  /** It is sent only so many microseconds from now. */
  readonly after?: number;
  readonly tos?: number;
  /** What stands behind the time in the request, again and again. */
  readonly pattern?: string;
  /** SO_BROADCAST. */
  readonly broadcast?: boolean;
}

export interface PingResult extends RoundTrip {
  /** The ICMP error that came of a request which the kernel refused to send: a REJECT on its way out. */
  readonly told?: RoundTrip;
}

/** One echo request and what comes of it. `reply` is the packet that came back: an echo reply, or an ICMP error. */
export function ping(ns: Namespace, spec: PingSpec): PingResult {
  const to = parseAddress(spec.to);
  if (to === undefined) throw new Error(`ping ${spec.to}: not an address`);
  const packet = echoPacket(spec.id, spec.seq, spec.size ?? 56);
  if (!isIPv4(to)) {
    packet.protocol = ICMPV6;
    packet.icmpType = 128;
    packet.src = 0n;
    packet.size += 20;
    packet.bytes += 20;
  }
  packet.dst = to;
  const from = spec.from === undefined ? undefined : parseAddress(spec.from);
  if (from !== undefined) packet.src = from;
  packet.ttl = spec.ttl ?? configurationOf(ns).defaultTtl;
  packet.mark = spec.mark ?? 0;
  packet.tos = spec.tos ?? 0;
  if (spec.pattern !== undefined) packet.payload = patterned(spec.pattern, spec.size ?? 56);
  if (spec.dontFragment) packet.cuttable = false;
  if (spec.broadcast) packet.broadcast = true;
  const oif = spec.device === undefined ? 0 : (findLink(ns, spec.device)?.index ?? 0);
  const trace = walk(ns, packet, {
    tracing: spec.tracing ?? true,
    oif,
    after: spec.after ?? 0,
  });
  const answer = isIPv4(to) ? ECHO_REPLY : 129;
  const expects = (reply: Trace): boolean => {
    const back = reply.delivery?.packet;
    // Whoever sent it: a raw socket takes it by its number alone.
    return back?.icmpType === answer && back.icmpId === spec.id;
  };
  const result = judge(ns, trace, expects);
  if (result.errno !== "EPERM" || !trace.reply) return result;
  const told = judge(ns, trace, expects, { deaf: true });
  return told.reply?.quote ? { ...result, told } : result;
}

/** ping keeps the first 16 bytes for the time. */
function patterned(pattern: string, size: number): string {
  const time = size >= 16 ? "\0".repeat(16) : "";
  return (time + pattern.repeat(Math.ceil(size / pattern.length))).slice(0, size);
}

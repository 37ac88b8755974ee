import type { Errno } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { ICMP } from "../netfilter/protocols.ts";
import { RST, TIME_EXCEEDED, UNREACHABLE, type Packet } from "../walk/packet.ts";
import type { Hop, Trace } from "../walk/trace.ts";

/** What the sender of a packet experiences, once its answer came back or did not. */
export type Outcome =
  | "answered"
  | "refused"
  | "reset"
  | "no answer"
  | "net unreachable"
  | "host unreachable"
  | "protocol unreachable"
  | "prohibited"
  | "too big"
  | "ttl exceeded"
  | "not permitted"
  | "not sent";

export interface RoundTrip {
  readonly outcome: Outcome;
  /** What the program's system call fails with; none for an answer, and for silence. */
  readonly errno: Errno | undefined;
  /** The hop that decided. */
  readonly by: Hop;
  readonly trace: Trace;
  /** Microseconds until the sender knew. */
  readonly latency: number;
  /** The packet that came back: an answer, a reset, an ICMP error. */
  readonly reply: Packet | undefined;
}

/** icmp_err_convert in net/ipv4/icmp.c: what a socket is told for each code of type 3. */
const ICMP_ERRORS: readonly (readonly [Errno, Outcome])[] = [
  ["ENETUNREACH", "net unreachable"],
  ["EHOSTUNREACH", "host unreachable"],
  ["ENOPROTOOPT", "protocol unreachable"],
  ["ECONNREFUSED", "refused"],
  ["EMSGSIZE", "too big"],
  ["EOPNOTSUPP", "host unreachable"],
  ["ENETUNREACH", "net unreachable"],
  ["EHOSTDOWN", "host unreachable"],
  ["ENONET", "host unreachable"],
  ["ENETUNREACH", "prohibited"],
  ["EHOSTUNREACH", "prohibited"],
  ["ENETUNREACH", "net unreachable"],
  ["EHOSTUNREACH", "host unreachable"],
  ["EHOSTUNREACH", "prohibited"],
  ["EHOSTUNREACH", "host unreachable"],
  ["EHOSTUNREACH", "host unreachable"],
];

const LOCAL: Partial<Record<Errno, Outcome>> = {
  EPERM: "not permitted",
  ENETUNREACH: "net unreachable",
  EHOSTUNREACH: "host unreachable",
  EACCES: "prohibited",
  EMSGSIZE: "too big",
};

/**
 * Judges what came back to the namespace that sent the packet. `expects` tells an answer from a stranger. TCP hears nothing of
 * rules that drop its own packets on the way out, so that it goes by what comes back (`deaf`).
 */
export function judge(
  ns: Namespace,
  trace: Trace,
  expects: (reply: Trace) => boolean,
  options: { deaf?: boolean } = {},
): RoundTrip {
  const base = { trace, by: trace.by, latency: trace.ns / 1000, reply: undefined };
  const { errno, reply } = trace;
  if (errno !== undefined && !(options.deaf && errno === "EPERM"))
    return { ...base, outcome: LOCAL[errno] ?? "not sent", errno };
  if (!reply) return { ...base, outcome: "no answer", errno: undefined };
  const delivered = reply.delivery;
  const latency = (trace.ns + reply.ns) / 1000;
  if (reply.verdict !== "delivered" || delivered?.ns !== ns)
    return { ...base, outcome: "no answer", errno: undefined, by: reply.by, latency };
  const { packet } = delivered;
  if (packet.quote) {
    const known = { ...base, latency, reply: packet };
    // An error about the wrapping of a tunnelled packet is not for its sender.
    if (!trace.isAbout(packet.quote)) return { ...known, outcome: "no answer", errno: undefined };
    const [code, outcome] = icmpOutcome(packet);
    return { ...known, outcome, errno: code };
  }
  if (!expects(reply)) return { ...base, outcome: "no answer", errno: undefined, by: reply.by, latency };
  const answer = { ...base, latency, reply: packet };
  if (packet.flags & RST) return { ...answer, outcome: "refused", errno: "ECONNREFUSED" };
  return { ...answer, outcome: "answered", errno: undefined };
}

/** What an ICMP error means to the socket whose packet it quotes. */
export function icmpOutcome(packet: Packet): readonly [Errno, Outcome] {
  if (packet.protocol !== ICMP) return icmp6Outcome(packet);
  if (packet.icmpType === TIME_EXCEEDED) return ["EHOSTUNREACH", "ttl exceeded"];
  if (packet.icmpType !== UNREACHABLE) return ["EPROTO", "no answer"];
  return ICMP_ERRORS[packet.icmpCode] ?? ["EHOSTUNREACH", "host unreachable"];
}

/** tab_unreach in net/ipv6/icmp.c. */
function icmp6Outcome(packet: Packet): readonly [Errno, Outcome] {
  if (packet.icmpType === 3) return ["EHOSTUNREACH", "ttl exceeded"];
  if (packet.icmpCode === 0) return ["ENETUNREACH", "net unreachable"];
  if (packet.icmpCode === 1) return ["EACCES", "prohibited"];
  return packet.icmpCode === 4 ? ["ECONNREFUSED", "refused"] : ["EHOSTUNREACH", "host unreachable"];
}

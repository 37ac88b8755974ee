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

interface IcmpError {
  readonly errno: Errno;
  readonly outcome: Outcome;
  /** UDP sockets hear only of fatal ones. */
  readonly fatal: boolean;
}

function icmpError(errno: Errno, outcome: Outcome, fatal = false): IcmpError {
  return { errno, outcome, fatal };
}

/** icmp_err_convert in net/ipv4/icmp.c: what a socket is told for each code of type 3. */
const ICMP_ERRORS: readonly IcmpError[] = [
  icmpError("ENETUNREACH", "net unreachable"),
  icmpError("EHOSTUNREACH", "host unreachable"),
  icmpError("ENOPROTOOPT", "protocol unreachable", true),
  icmpError("ECONNREFUSED", "refused", true),
  icmpError("EMSGSIZE", "too big"),
  icmpError("EOPNOTSUPP", "host unreachable"),
  icmpError("ENETUNREACH", "net unreachable", true),
  icmpError("EHOSTDOWN", "host unreachable", true),
  icmpError("ENONET", "host unreachable", true),
  icmpError("ENETUNREACH", "prohibited", true),
  icmpError("EHOSTUNREACH", "prohibited", true),
  icmpError("ENETUNREACH", "net unreachable"),
  icmpError("EHOSTUNREACH", "host unreachable"),
  icmpError("EHOSTUNREACH", "prohibited", true),
  icmpError("EHOSTUNREACH", "host unreachable", true),
  icmpError("EHOSTUNREACH", "host unreachable", true),
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
 * rules that drop its own packets on the way out, so that it goes by what comes back (`deaf`); UDP only of fatal errors.
 */
export function judge(
  ns: Namespace,
  trace: Trace,
  expects: (reply: Trace) => boolean,
  options: { deaf?: boolean; fatalOnly?: boolean } = {},
): RoundTrip {
  const base = { trace, by: trace.by, latency: trace.ns / 1000, reply: undefined };
  const { errno, reply } = trace;
  if (errno !== undefined && !(options.deaf && errno === "EPERM"))
    return { ...base, outcome: LOCAL[errno] ?? "not sent", errno };
  if (!reply || trace.tunnelled) return { ...base, outcome: "no answer", errno: undefined };
  const delivered = reply.delivery;
  const latency = (trace.ns + reply.ns) / 1000;
  if (reply.verdict !== "delivered" || delivered?.ns !== ns)
    return { ...base, outcome: "no answer", errno: undefined, by: reply.by, latency };
  const { packet } = delivered;
  if (packet.quote) {
    const known = { ...base, latency, reply: packet };
    const { errno: code, outcome, fatal } = icmpOutcome(packet);
    return { ...known, outcome, errno: fatal || !options.fatalOnly ? code : undefined };
  }
  if (!expects(reply)) return { ...base, outcome: "no answer", errno: undefined, by: reply.by, latency };
  const answer = { ...base, latency, reply: packet };
  if (packet.flags & RST) return { ...answer, outcome: "refused", errno: "ECONNREFUSED" };
  return { ...answer, outcome: "answered", errno: undefined };
}

/** What an ICMP error means to the socket whose packet it quotes. */
function icmpOutcome(packet: Packet): IcmpError {
  if (packet.protocol !== ICMP) return icmp6Outcome(packet);
  if (packet.icmpType === TIME_EXCEEDED) return icmpError("EHOSTUNREACH", "ttl exceeded");
  if (packet.icmpType !== UNREACHABLE) return icmpError("EPROTO", "no answer", true);
  return ICMP_ERRORS[packet.icmpCode] ?? icmpError("EHOSTUNREACH", "host unreachable", true);
}

/** tab_unreach in net/ipv6/icmp.c. */
function icmp6Outcome(packet: Packet): IcmpError {
  if (packet.icmpType === 3) return icmpError("EHOSTUNREACH", "ttl exceeded");
  if (packet.icmpCode === 0) return icmpError("ENETUNREACH", "net unreachable");
  if (packet.icmpCode === 1) return icmpError("EACCES", "prohibited", true);
  return packet.icmpCode === 4
    ? icmpError("ECONNREFUSED", "refused", true)
    : icmpError("EHOSTUNREACH", "host unreachable");
}

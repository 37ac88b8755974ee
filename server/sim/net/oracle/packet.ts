import type { Flow } from "./stack.ts";

export interface Packet {
  protocol: "icmp" | "tcp" | "udp";
  src: number;
  dst: number;
  sport: number;
  dport: number;
  /** What an ICMP packet says. */
  icmp?: "request" | "reply" | { readonly type: number; readonly code: number; readonly mtu: number };
  tcp?: "syn" | "syn-ack" | "reset";
  /** Of the packet that an ICMP error is about. */
  quote?: Packet;
  ttl: number;
  size: number;
  dontFragment: boolean;
  mark: number;
  /** Known to the connection tracking of the namespace that it is in. */
  flow?: Flow | undefined;
  /** In the direction of the flow's answers. */
  back?: boolean;
  tracked?: boolean;
}

/** The system call of the sender failed with this. */
export class Failed {
  readonly errno: string;

  constructor(errno: string) {
    this.errno = errno;
  }
}

/** The oracle cannot tell: two answer the same question. */
export class Ambiguous extends Error {}

export const NOTHING: Packet = { protocol: "icmp", src: 0, dst: 0, sport: 0, dport: 0, ttl: 64, size: 84, dontFragment: false, mark: 0 }; // prettier-ignore

export function sameEnds(quote: Packet, sent: Packet): boolean {
  return quote.protocol === sent.protocol && quote.sport === sent.sport && quote.icmp === sent.icmp;
}

/** icmp_err_convert: what connect(2) fails with. */
export function errnoOf(type: number, code: number): string {
  if (type === 11) return "EHOSTUNREACH";
  const names: Record<number, string> = { 0: "ENETUNREACH", 1: "EHOSTUNREACH", 3: "ECONNREFUSED", 4: "EMSGSIZE" };
  return names[code] ?? "EHOSTUNREACH";
}

import type { Time } from "../../kernel/index.ts";
import { addressText, isIPv4, parseIPv6, type Address } from "../ip.ts";

/** An address in a tuple: IPv4 as an integer (these rows are hot), IPv6 as text. */
export type TupleAddress = number | string;

/** One direction of a flow. ICMP: `sport` is the id, `dport` type * 256 + code. */
export interface Tuple {
  readonly src: TupleAddress;
  readonly dst: TupleAddress;
  readonly sport: number;
  readonly dport: number;
}

export type TcpTracking =
  | "NONE"
  | "SYN_SENT"
  | "SYN_RECV"
  | "ESTABLISHED"
  | "FIN_WAIT"
  | "CLOSE_WAIT"
  | "LAST_ACK"
  | "TIME_WAIT"
  | "CLOSE"
  | "SYN_SENT2";

export interface ConntrackRow {
  readonly id: number;
  readonly protocol: number;
  readonly original: Tuple;
  /** What answers look like when they arrive: the original turned round, with the translation in it. */
  readonly reply: Tuple;
  readonly tcp: TcpTracking;
  readonly seenReply: boolean;
  readonly assured: boolean;
  readonly sourceNat: boolean;
  readonly destinationNat: boolean;
  /** The table `nat` was there when it began, whether or not that changed anything (IPS_NAT_DONE_MASK). */
  readonly natSeen?: true;
  readonly mark: number;
  readonly since: Time;
  readonly expires: Time;
  /** A masqueraded flow ends when this link goes down. */
  readonly masqueradeLink?: number;
}

export function toTuple(value: Address): TupleAddress {
  return isIPv4(value) ? value : addressText(value);
}

export function tupleAddress(value: TupleAddress): Address {
  return typeof value === "number" ? value : parseIPv6(value)!;
}

/** The key under which a direction of a flow is found: a few characters, since every packet asks for it. */
export function tupleKey(protocol: number, { src, sport, dst, dport }: Tuple): string {
  if (typeof src !== "number" || typeof dst !== "number") return `${protocol} ${src} ${sport} ${dst} ${dport}`;
  return String.fromCharCode(protocol, src >>> 16, src & 0xffff, sport, dst >>> 16, dst & 0xffff, dport);
}

import type { Time } from "../../kernel/index.ts";

/** Which packets a virtual service takes: those to an address and port, or those with a mark. */
export type ServiceAddress =
  | { readonly protocol: "tcp" | "udp" | "sctp"; readonly address: string; readonly port: number }
  | { readonly fwmark: number; readonly family: 4 | 6 };

export interface DestinationRow {
  readonly address: string;
  readonly port: number;
  readonly weight: number;
  readonly upper: number;
  readonly lower: number;
}

/** A virtual service and its real servers, the one that came last first (the kernel's list). */
export interface ServiceRow {
  readonly at: ServiceAddress;
  readonly scheduler: Scheduler;
  /** Seconds that a client stays with its real server. */
  readonly persistent?: number;
  /** Which clients count as one: prefix length; all of them if missing. */
  readonly netmask?: number;
  /** Every UDP packet is scheduled for itself. */
  readonly onePacket?: true;
  readonly destinations: readonly DestinationRow[];
}

export const SCHEDULERS = ["rr", "wrr", "lc", "wlc", "sed", "nq", "sh", "dh", "fo"] as const;

export type Scheduler = (typeof SCHEDULERS)[number];

/** In Linux, but not simulated. */
export const OTHER_SCHEDULERS = ["lblc", "lblcr", "ovf", "mh", "twos"] as const;

/** States that connections are in, as `ipvsadm -Lc` calls them. */
export type ConnectionStateName =
  | "NONE" | "ESTABLISHED" | "SYN_SENT" | "SYN_RECV" | "FIN_WAIT" | "TIME_WAIT" | "CLOSE" | "CLOSE_WAIT" | "LAST_ACK"
  | "LISTEN" | "SYNACK" | "UDP"; // prettier-ignore

/** A client's connection to a virtual service, and the real server that has it (struct ip_vs_conn). */
export interface IpvsConnectionRow {
  readonly protocol: number;
  readonly client: string;
  readonly clientPort: number;
  readonly virtual: string;
  readonly virtualPort: number;
  readonly real: string;
  readonly realPort: number;
  /** The key of its service. */
  readonly service: string;
  readonly state: ConnectionStateName;
  readonly expires: Time;
  /** Which of them binds further connections of a client to the real server (persistence). */
  readonly template?: true;
}

export interface IpvsCounters {
  readonly conns: number;
  readonly inPackets: number;
  readonly inBytes: number;
  readonly outPackets: number;
  readonly outBytes: number;
}

export const NO_TRAFFIC: IpvsCounters = { conns: 0, inPackets: 0, inBytes: 0, outPackets: 0, outBytes: 0 };

export function serviceKey(at: ServiceAddress): string {
  return "fwmark" in at ? `fwm${at.family} ${at.fwmark}` : `${at.protocol} ${at.address} ${at.port}`;
}

export function destinationKey({ address, port }: Pick<DestinationRow, "address" | "port">): string {
  return `${address} ${port}`;
}

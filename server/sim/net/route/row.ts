import type { Time } from "../../kernel/index.ts";
import type { AddressScope } from "../address-row.ts";

export type RouteType =
  | "unicast"
  | "local"
  | "broadcast"
  | "anycast"
  | "multicast"
  | "blackhole"
  | "unreachable"
  | "prohibit"
  | "throw"
  // Names that the kernel refuses.
  | "nat"
  | "xresolve";

export interface NextHop {
  /** Index of the link it leaves by. */
  readonly link: number;
  readonly via?: string;
  readonly onlink?: boolean;
  /** The gateway is an address of this host, so that what the route takes is on the link itself (nh_scope host). */
  readonly own?: boolean;
  readonly weight?: number;
  /** Realms of the source and the destination (RTA_FLOW): the source's stands above 16 bits. */
  readonly realms?: number;
  /** What a tunnel link that takes its metadata from routes would wrap packets in; other links don't look at it. */
  readonly encapsulation?: Encapsulation;
}

/** LWTUNNEL_ENCAP_IP. */
export interface Encapsulation {
  readonly id: number;
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  readonly tos: number;
}

/** Metrics besides the MTU, by iproute2's names; times in milliseconds. */
export type RouteMetrics = Readonly<Record<string, number | string>>;

export interface RouteRow {
  readonly family: 4 | 6;
  readonly table: number;
  readonly type: RouteType;
  /** `10.0.0.0/8`; the default route is `0.0.0.0/0`. */
  readonly to: string;
  readonly protocol: string;
  readonly scope: AddressScope;
  readonly metric: number;
  readonly source?: string;
  /** None for blackhole, unreachable, prohibit, throw. */
  readonly hops: readonly NextHop[];
  readonly mtu?: number;
  readonly metrics?: RouteMetrics;
  /** Names of metrics that nothing learned may change. */
  readonly locked?: readonly string[];
  /** Only packets with this type of service take it; 0 is any. */
  readonly tos?: number;
  /** The nexthop object that its hops are from. */
  readonly nexthop?: number;
  /** IPv6: when it ends, and how routers rank it where that is not medium. */
  readonly expires?: Time;
  readonly preference?: "low" | "high";
}

/** A policy rule: `ip rule`. */
export interface RuleRow {
  readonly priority: number;
  readonly from?: string;
  readonly to?: string;
  readonly not?: boolean;
  readonly iif?: string;
  readonly oif?: string;
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly tos?: number;
  readonly realms?: number;
  readonly protocol?: number;
  readonly sport?: readonly [number, number];
  readonly dport?: readonly [number, number];
  readonly uids?: readonly [number, number];
  readonly action:
    | { readonly table: number }
    | { readonly goto: number }
    | "blackhole"
    | "unreachable"
    | "prohibit"
    | "nop"
    // What the kernel takes and treats as a black hole.
    | "throw"
    | "masquerade";
  /** Only what belongs to a VRF, or came out of a tunnel with that number: nothing here does. */
  readonly l3mdev?: true;
  readonly tunnel?: number;
  readonly suppressPrefixLength?: number;
  /** Routes by links of this group do not count. */
  readonly suppressGroup?: number;
  readonly protocolName?: string;
}

export const TABLE_LOCAL = 255;
export const TABLE_MAIN = 254;
export const TABLE_DEFAULT = 253;

const LOCAL: RuleRow = { priority: 0, action: { table: TABLE_LOCAL } };
const MAIN: RuleRow = { priority: 32766, action: { table: TABLE_MAIN } };
const DEFAULT: RuleRow = { priority: 32767, action: { table: TABLE_DEFAULT } };

/** What every namespace starts with; one object for all, so that the walk knows them by identity. */
export const RULES4: readonly RuleRow[] = [LOCAL, MAIN, DEFAULT];
export const RULES6: readonly RuleRow[] = [LOCAL, MAIN];

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
  | "throw";

export interface NextHop {
  /** Index of the link it leaves by. */
  readonly link: number;
  readonly via?: string;
  readonly onlink?: boolean;
  /** The gateway is an address of this host, so that what the route takes is on the link itself (nh_scope host). */
  readonly own?: boolean;
  readonly weight?: number;
}

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
    | "nop";
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

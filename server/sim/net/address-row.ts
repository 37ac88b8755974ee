import type { Time } from "../kernel/index.ts";

export type AddressScope = "global" | "site" | "link" | "host" | "nowhere" | number;

/** An address of a link. Text in, text out: the caches of the walk hold numbers. */
export interface AddressRow {
  readonly family: 4 | 6;
  readonly local: string;
  readonly length: number;
  /** The other end of a point-to-point address; the prefix is its. */
  readonly peer?: string;
  readonly broadcast?: string;
  readonly scope: AddressScope;
  /** IPv4: the link's name, or `eth0:1`. */
  readonly label?: string;
  readonly secondary: boolean;
  readonly noprefixroute: boolean;
  /** IPv6: given without the search for duplicates. */
  readonly nodad?: true;
  readonly metric?: number;
  /** When it was given; IPv6 duplicate address detection ends a while later. */
  readonly since: Time;
  /** IPv6: the kernel made it from the MAC. */
  readonly kernel?: boolean;
  /** Until when it is valid and preferred; forever where missing. */
  readonly validUntil?: Time;
  readonly preferredUntil?: Time;
}

/** Kernel numbers of scopes: a smaller one reaches farther. */
export const SCOPES: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };

export function scopeNumber(scope: AddressScope): number {
  return typeof scope === "number" ? scope : SCOPES[scope]!;
}

import { fail, ok, type Result } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import type { NextHop, RouteType } from "./row.ts";

export interface NexthopMember {
  readonly id: number;
  readonly weight: number;
}

/** A nexthop object (`ip nexthop`): one hop, a black hole, or a group of hops that routes share by its number. */
export interface NexthopRow {
  readonly id: number;
  /** None of a group. */
  readonly family: 4 | 6 | undefined;
  readonly protocol: string;
  readonly blackhole?: true;
  readonly hop?: NextHop;
  readonly group?: readonly NexthopMember[];
}

/** What a route has from its object, as rows of routes hold it. */
export interface Resolved {
  readonly type: RouteType | undefined;
  readonly hops: readonly NextHop[];
}

/** The hops that an object stands for in a route of that family. */
export function resolveNexthop(ns: Namespace, id: number, family: 4 | 6): Result<Resolved> {
  const row = ns.nexthops.get(id);
  if (!row) return fail("EINVAL", "Nexthop id does not exist");
  if (row.group) {
    const hops = row.group.flatMap((member) => {
      const hop = ns.nexthops.get(member.id)?.hop;
      return hop ? [row.group!.length === 1 ? hop : { ...hop, weight: member.weight }] : [];
    });
    return ok({ type: undefined, hops });
  }
  if (family === 6 && row.family === 4) return fail("EINVAL", "IPv6 routes can not use an IPv4 nexthop");
  // A black hole's device is the loopback.
  if (row.blackhole) return ok({ type: "blackhole", hops: [{ link: loopbackIndex(ns) }] });
  return ok({ type: undefined, hops: [row.hop!] });
}

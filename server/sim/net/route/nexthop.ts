import { fail, ok, type Result } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { checkHop } from "./check-hop.ts";
import { putRoutes } from "./fib.ts";
import { resolveNexthop, type NexthopMember, type NexthopRow } from "./nexthop-row.ts";
import type { NextHop } from "./row.ts";

/** A nexthop object as a program asks for it; without an id it gets the next free one. */
export interface NexthopSpec {
  readonly id?: number;
  readonly family?: 4 | 6;
  readonly protocol?: string;
  readonly blackhole?: boolean;
  readonly hop?: Partial<NextHop>;
  readonly group?: readonly NexthopMember[];
}

/** Makes a nexthop object, or gives one another content (rtm_new_nexthop). Routes by it follow. */
export function putNexthop(ns: Namespace, spec: NexthopSpec, replace = false): Result<NexthopRow> {
  if (replace && !spec.id) return fail("EINVAL", "Replace requires nexthop id");
  const made = makeRow(ns, spec);
  if (!made.ok) return made;
  const known = spec.id === undefined || spec.id === 0 ? undefined : ns.nexthops.get(spec.id);
  if (known && !replace) return fail("EEXIST");
  if (!known && ns.nexthops.size >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  const row = { ...made.value, id: spec.id ? spec.id : freeId(ns) };
  ns.nexthops.set(row.id, row);
  if (known) follow(ns, row.id);
  return ok(row);
}

function makeRow(ns: Namespace, spec: NexthopSpec): Result<Omit<NexthopRow, "id">> {
  const { blackhole, hop, group, protocol = "unspec" } = spec;
  if (group) return checkGroup(ns, group, protocol);
  const family = spec.family ?? 4;
  if (blackhole) return ok({ family, protocol, blackhole: true });
  if (!hop || (hop.link === undefined && hop.via === undefined)) return fail("EINVAL", "Invalid address family");
  if (hop.link === undefined) return fail("EINVAL", "Device attribute required for non-blackhole and non-fdb nexthops");
  const link = ns.links.get(hop.link);
  if (!link?.up) return fail("ENETDOWN", "Nexthop device is not up");
  if (!link.carrier) return fail("ENETDOWN", "Carrier for nexthop device is down");
  const checked = checkHop(ns, hop, 0, family);
  return checked.ok ? ok({ family, protocol, hop: checked.value }) : checked;
}

/** nh_check_attr_group */
function checkGroup(ns: Namespace, group: readonly NexthopMember[], protocol: string): Result<Omit<NexthopRow, "id">> {
  for (const { id } of group) {
    const member = ns.nexthops.get(id);
    if (!member) return fail("EINVAL", "Invalid nexthop id");
    if (member.group) return fail("EINVAL", "Hash-threshold group can not be a nexthop within a group");
    if (member.blackhole && group.length > 1)
      return fail("EINVAL", "Blackhole nexthop can not be used in a group with more than 1 path");
  }
  // Named again, a member is not counted again.
  const members = group.filter(({ id }, at) => group.findIndex((other) => other.id === id) === at);
  if (members.length < group.length) return fail("EINVAL", "Nexthop id can not be used twice in a group");
  return ok({ family: undefined, protocol, group: members });
}

/** Numbers are given one after the other (nh_find_unused_id). */
function freeId(ns: Namespace): number {
  const counter = ns.rows<string, number>("nexthop-last");
  let id = counter.get("last") ?? 0;
  do id++;
  while (ns.nexthops.has(id));
  counter.set("last", id);
  return id;
}

/** ENOENT if there is none; groups lose it, and go with their last one. */
export function deleteNexthop(ns: Namespace, id: number): Result {
  if (!ns.nexthops.has(id)) return fail("ENOENT");
  ns.nexthops.delete(id);
  follow(ns, id);
  for (const row of ns.nexthops.values()) {
    if (!row.group?.some((member) => member.id === id)) continue;
    const group = row.group.filter((member) => member.id !== id);
    if (group.length === 0) deleteNexthop(ns, row.id);
    else {
      ns.nexthops.set(row.id, { ...row, group });
      follow(ns, row.id);
    }
  }
  return ok();
}

/** What leaves by a link that went down is gone, with its routes (nexthop_flush_dev). */
export function flushNexthops(ns: Namespace, link: number): void {
  if (ns.nexthops.size === 0) return;
  for (const row of ns.nexthops.values())
    if (row.hop?.link === link && ns.nexthops.has(row.id)) deleteNexthop(ns, row.id);
}

/** Routes by an object take over what it is now; without it they go. */
function follow(ns: Namespace, id: number): void {
  for (const [key, rows] of ns.routes.entries()) {
    if (!rows.some((row) => row.nexthop === id)) continue;
    const [table, to] = key.split(" ") as [string, string];
    const now = rows.flatMap((row) => {
      if (row.nexthop !== id) return [row];
      const resolved = resolveNexthop(ns, id, row.family);
      if (!resolved.ok) return [];
      const { type = "unicast", hops } = resolved.value;
      return hops.length > 0 ? [{ ...row, type, hops }] : [];
    });
    putRoutes(ns, Number(table), to, now);
  }
  // Groups hold their members by number.
  for (const row of ns.nexthops.values()) if (row.group?.some((member) => member.id === id)) follow(ns, row.id);
}

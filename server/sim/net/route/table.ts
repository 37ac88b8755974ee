import { address, addressText, isIPv4, networkOf, parsePrefix } from "../ip.ts";
import { fail, ok, type Failure, type Result } from "../errno.ts";
import { scopeNumber, type AddressScope } from "../address-row.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { putRoutes, routeKey } from "./fib.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";
import { TABLE_LOCAL, TABLE_MAIN, type NextHop, type RouteRow, type RouteType } from "./row.ts";

/** A route as a program asks for it. What is missing takes the kernel's and iproute2's defaults. */
export interface RouteSpec {
  /** `10.0.0.0/8`. */
  readonly to: string;
  readonly type?: RouteType;
  readonly table?: number;
  readonly metric?: number;
  readonly protocol?: string;
  readonly scope?: AddressScope;
  readonly source?: string;
  readonly mtu?: number;
  readonly hops?: readonly Partial<NextHop>[];
}

/** How a request deals with routes to the same prefix: NLM_F_CREATE, EXCL, REPLACE, APPEND. */
export type RouteMode = "add" | "replace" | "change" | "append" | "prepend";

/** Adds a route (fib_table_insert). */
export function addRoute(ns: Namespace, spec: RouteSpec, mode: RouteMode = "add"): Result<RouteRow> {
  const made = makeRoute(ns, spec);
  if (!made.ok) return made;
  const row = made.value;
  const same = ns.routes.get(routeKey(row.table, row.to)) ?? [];
  if (same.length === 0 && ns.routes.size >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  const twin = same.findIndex((other) => other.metric === row.metric);
  if (twin < 0) {
    if (mode === "change") return fail("ENOENT");
    const before = same.findIndex((other) => other.metric > row.metric);
    put(ns, row, before < 0 ? [...same, row] : same.toSpliced(before, 0, row));
    return ok(row);
  }
  if (mode === "add") return fail("EEXIST");
  if (mode === "replace" || mode === "change") put(ns, row, same.toSpliced(twin, 1, row));
  else {
    if (same.some((other) => sameRoute(other, row))) return fail("EEXIST");
    const count = same.filter((other) => other.metric === row.metric).length;
    put(ns, row, same.toSpliced(mode === "append" ? twin + count : twin, 0, row));
  }
  return ok(row);
}

/** What a deletion names; missing fields match any (fib_table_delete). */
export interface RouteSelector {
  readonly to: string;
  readonly type?: RouteType;
  readonly table?: number;
  readonly metric?: number;
  readonly protocol?: string;
  readonly scope?: AddressScope;
  readonly source?: string;
  readonly link?: number;
  readonly via?: string;
}

/** Deletes the first route that fits. ESRCH if none does. */
export function deleteRoute(ns: Namespace, selector: RouteSelector): Result<RouteRow> {
  const prefix = parsePrefix(selector.to);
  if (!prefix) return fail("EINVAL");
  const table = selector.table ?? TABLE_MAIN;
  const to = `${addressText(prefix.address)}/${prefix.length}`;
  const rows = ns.routes.get(routeKey(table, to)) ?? [];
  const at = rows.findIndex((row) => selects(selector, row));
  if (at < 0) return hasTable(ns, table) ? fail("ESRCH") : fail("ESRCH", "FIB table does not exist");
  putRoutes(ns, table, to, rows.toSpliced(at, 1));
  return ok(rows[at]!);
}

/** A table is made for its first route, that of the namespace itself for its first address (inet_rtm_delroute). */
function hasTable(ns: Namespace, table: number): boolean {
  if (table === TABLE_MAIN || table === TABLE_LOCAL) for (const { up } of ns.links.values()) if (up) return true;
  for (const [first] of ns.routes.values()) if (first!.family === 4 && first!.table === table) return true;
  return false;
}

/** Writes a route that the kernel makes itself for an address, beside or in the place of an identical one (fib_magic). */
export function insertKernelRoute(ns: Namespace, row: RouteRow): void {
  const same = ns.routes.get(routeKey(row.table, row.to)) ?? [];
  if (same.some((other) => sameRoute(other, row))) return;
  const before = same.findIndex((other) => other.metric > row.metric);
  put(ns, row, before < 0 ? [...same, row] : same.toSpliced(before, 0, row));
}

/** Deletes all routes for which `goes` holds. */
export function flushRoutes(ns: Namespace, goes: (row: RouteRow) => boolean): void {
  for (const rows of ns.routes.values()) {
    const stay = rows.filter((row) => !goes(row));
    if (stay.length < rows.length) putRoutes(ns, rows[0]!.table, rows[0]!.to, stay);
  }
}

function put(ns: Namespace, row: RouteRow, rows: readonly RouteRow[]): void {
  putRoutes(ns, row.table, row.to, rows);
}

function sameRoute(a: RouteRow, b: RouteRow): boolean {
  return (
    a.type === b.type &&
    a.metric === b.metric &&
    a.scope === b.scope &&
    a.source === b.source &&
    a.protocol === b.protocol &&
    a.hops.length === b.hops.length &&
    a.hops.every((hop, at) => hop.link === b.hops[at]!.link && hop.via === b.hops[at]!.via)
  );
}

function selects(selector: RouteSelector, row: RouteRow): boolean {
  return (
    (selector.type === undefined || selector.type === row.type) &&
    (selector.metric === undefined || selector.metric === row.metric) &&
    (selector.protocol === undefined || selector.protocol === row.protocol) &&
    (selector.scope === undefined || selector.scope === row.scope) &&
    (selector.source === undefined || selector.source === row.source) &&
    (selector.link === undefined || row.hops.some((hop) => hop.link === selector.link)) &&
    (selector.via === undefined || row.hops.some((hop) => hop.via === selector.via))
  );
}

/** Checks a route and completes it (fib_create_info). Texts as in net/ipv4/fib_semantics.c and fib_frontend.c. */
function makeRoute(ns: Namespace, spec: RouteSpec): Result<RouteRow> {
  const prefix = parsePrefix(spec.to);
  if (!prefix) return fail("EINVAL");
  if (networkOf(prefix.address, prefix.length) !== prefix.address)
    return fail("EINVAL", "Invalid prefix for given prefix length");
  const type = spec.type ?? "unicast";
  const family = isIPv4(prefix.address) ? 4 : 6;
  const refusing = type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "throw";
  const asked = spec.hops ?? [];
  const via = asked.some((hop) => hop.via !== undefined);
  const scope = spec.scope ?? defaultScope(type, via || family === 6);
  const hops: NextHop[] = [];
  if (!refusing) {
    if (asked.length === 0) return fail("ENODEV");
    for (const hop of asked) {
      const checked = checkHop(ns, hop, scopeNumber(scope), family);
      if (!checked.ok) return checked;
      hops.push(checked.value);
    }
  }
  if (spec.source !== undefined && !localAddress(ns, address(spec.source)))
    return fail("EINVAL", "Invalid prefsrc address");
  const row: RouteRow = {
    family,
    table: spec.table ?? TABLE_MAIN,
    type,
    to: `${addressText(prefix.address)}/${prefix.length}`,
    protocol: spec.protocol ?? "boot",
    scope,
    metric: spec.metric ?? (family === 6 ? 1024 : 0),
    hops,
    ...(spec.source === undefined ? {} : { source: spec.source }),
    ...(spec.mtu === undefined ? {} : { mtu: spec.mtu }),
  };
  return ok(row);
}

/** As iproute2 fills it in (iproute_modify). */
function defaultScope(type: RouteType, via: boolean): AddressScope {
  if (type === "local") return "host";
  if (type === "broadcast" || type === "multicast" || type === "anycast") return "link";
  return type === "unicast" && !via ? "link" : "global";
}

/** fib_check_nh: a gateway must itself be reachable by a route that does not reach as far. */
function checkHop(ns: Namespace, hop: Partial<NextHop>, scope: number, family: 4 | 6): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (hop.link !== undefined && !dev) return fail("ENODEV");
  if (hop.via === undefined) {
    if (!dev) return fail("ENODEV");
    if (!dev.up) return fail("ENETDOWN", "Device for nexthop is not up");
    return ok(complete(hop, dev.index));
  }
  if (scope >= scopeNumber("link") && family === 4) return fail("EINVAL", "Nexthop has invalid scope");
  const gateway = address(hop.via);
  if (hop.onlink) return checkOnlink(ns, hop, gateway);
  const minScope = family === 4 ? Math.max(scope + 1, scopeNumber("link")) : 0;
  const choice = lookupRoute(ns, flow(gateway, { minScope, oif: dev?.index ?? 0 }));
  if (!choice) return invalidGateway("ENETUNREACH");
  if (choice.entry.error) return invalidGateway(choice.entry.error);
  const { type } = choice.entry.row;
  if (type !== "unicast" && type !== "local") return invalidGateway("EINVAL");
  if (dev === undefined && choice.link === 0) return fail("ENODEV", "No egress device for nexthop");
  const link = dev?.index ?? choice.link;
  if (family === 4 && ns.links.get(link)?.up === false) return fail("ENETDOWN");
  return ok({ ...complete(hop, link), ...(type === "local" ? { own: true } : {}) });
}

function checkOnlink(ns: Namespace, hop: Partial<NextHop>, gateway: ReturnType<typeof address>): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (!dev) return fail("ENODEV", "Nexthop device required for onlink");
  if (!dev.up) return fail("ENETDOWN", "Nexthop device is not up");
  if (localAddress(ns, gateway)) return invalidGateway("EINVAL");
  return ok(complete(hop, dev.index));
}

function invalidGateway(errno: Failure["errno"]): Failure {
  return fail(errno, "Nexthop has invalid gateway");
}

function complete(hop: Partial<NextHop>, link: number): NextHop {
  return {
    link,
    ...(hop.via === undefined ? {} : { via: hop.via }),
    ...(hop.onlink ? { onlink: true } : {}),
    ...(hop.weight === undefined ? {} : { weight: hop.weight }),
  };
}

import { address, addressText, isIPv4, networkOf, parsePrefix } from "../ip.ts";
import type { Time } from "../../kernel/index.ts";
import { fail, ok, type Result } from "../errno.ts";
import { scopeNumber, type AddressScope } from "../address-row.ts";
import { loopbackIndex } from "../link/links.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { checkHop } from "./check-hop.ts";
import { putRoutes, routeKey } from "./fib.ts";
import { resolveNexthop } from "./nexthop-row.ts";
import { hasTable, noteTable } from "./tables.ts";
import { TABLE_MAIN, type NextHop, type RouteMetrics, type RouteRow, type RouteType } from "./row.ts";

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
  readonly metrics?: RouteMetrics;
  readonly locked?: readonly string[];
  readonly tos?: number;
  readonly nexthop?: number;
  readonly expires?: Time;
  readonly preference?: "low" | "high";
  readonly hops?: readonly Partial<NextHop>[];
}

/** How a request deals with routes to the same prefix: NLM_F_CREATE, EXCL, REPLACE, APPEND. */
export type RouteMode = "test" | "add" | "replace" | "change" | "append" | "prepend";

/** Adds a route (fib_table_insert). */
export function addRoute(ns: Namespace, spec: RouteSpec, mode: RouteMode = "add"): Result<RouteRow> {
  const made = makeRoute(ns, spec);
  if (!made.ok) return made;
  const row = made.value;
  const same = ns.routes.get(routeKey(row.table, row.to)) ?? [];
  if (same.length === 0 && ns.routes.size >= ns.kernel.limits.networkRows) return fail("ENOBUFS");
  const rank = (other: RouteRow): number => rankOf(other, row);
  const twin = same.findIndex((other) => rank(other) === 0);
  if (twin < 0) {
    if (mode === "change" || mode === "test") return fail("ENOENT");
    noteTable(ns, row);
    insert(ns, row, same);
    return ok(row);
  }
  if (mode === "add" || mode === "test") return fail("EEXIST");
  if (mode === "replace" || mode === "change") put(ns, row, same.toSpliced(twin, 1, row));
  else {
    if (same.some((other) => sameRoute(other, row))) return fail("EEXIST");
    const count = same.filter((other) => rank(other) === 0).length;
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
  readonly tos?: number;
  readonly mtu?: number;
  readonly metrics?: RouteMetrics;
  readonly nexthop?: number;
}

/** Deletes the first route that fits. ESRCH if none does. */
export function deleteRoute(ns: Namespace, selector: RouteSelector): Result<RouteRow> {
  const prefix = parsePrefix(selector.to);
  if (!prefix) return fail("EINVAL");
  const table = selector.table ?? TABLE_MAIN;
  // IPv6 leaves away what stands behind the prefix (ipv6_addr_prefix).
  const own = isIPv4(prefix.address) ? prefix.address : networkOf(prefix.address, prefix.length);
  const to = `${addressText(own)}/${prefix.length}`;
  if (isIPv4(prefix.address) && selector.nexthop !== undefined && !ns.nexthops.has(selector.nexthop))
    return fail("EINVAL", "Nexthop id does not exist");
  const rows = ns.routes.get(routeKey(table, to)) ?? [];
  const at = rows.findIndex((row) => selects(selector, row));
  if (at < 0) {
    if (!hasTable(ns, table)) return fail("ESRCH", "FIB table does not exist");
    return fail(isNullEntry(selector, to) ? "ENOENT" : "ESRCH");
  }
  putRoutes(ns, table, to, rows.toSpliced(at, 1));
  return ok(rows[at]!);
}

/** At the root of IPv6's tables is a route that is none, which cannot be deleted (fib6_null_entry). */
function isNullEntry({ via, link, metric, protocol, nexthop }: RouteSelector, to: string): boolean {
  return to === "::/0" && [via, link, metric, protocol, nexthop].every((named) => named === undefined);
}

/** Writes a route that the kernel makes itself for an address, beside or in the place of an identical one (fib_magic). */
export function insertKernelRoute(ns: Namespace, row: RouteRow): void {
  const same = ns.routes.get(routeKey(row.table, row.to)) ?? [];
  if (same.some((other) => sameRoute(other, row))) return;
  insert(ns, row, same);
}

/** Behind those of its rank, before the first of a lower one. */
function insert(ns: Namespace, row: RouteRow, same: readonly RouteRow[]): void {
  const before = same.findIndex((other) => rankOf(other, row) > 0);
  put(ns, row, before < 0 ? [...same, row] : same.toSpliced(before, 0, row));
}

/** Where a route stands among those to the same prefix: by type of service, the largest first, then by metric (fib_find_alias). */
function rankOf(one: RouteRow, other: RouteRow): number {
  return (other.tos ?? 0) - (one.tos ?? 0) || one.metric - other.metric;
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
    (selector.tos ?? 0) === (row.tos ?? 0) &&
    (selector.nexthop === undefined || selector.nexthop === row.nexthop) &&
    (selector.mtu === undefined || selector.mtu === row.mtu) &&
    Object.entries(selector.metrics ?? {}).every(([name, value]) => row.metrics?.[name] === value) &&
    (selector.link === undefined || row.hops.some((hop) => hop.link === selector.link)) &&
    (selector.via === undefined || row.hops.some((hop) => hop.via === selector.via))
  );
}

/** Checks a route and completes it (fib_create_info). Texts as in net/ipv4/fib_semantics.c and fib_frontend.c. */
function makeRoute(ns: Namespace, spec: RouteSpec): Result<RouteRow> {
  const prefix = parsePrefix(spec.to);
  if (!prefix) return fail("EINVAL");
  const family = isIPv4(prefix.address) ? 4 : 6;
  const network = networkOf(prefix.address, prefix.length);
  if (family === 4 && network !== prefix.address) return fail("EINVAL", "Invalid prefix for given prefix length");
  if (spec.nexthop !== undefined && spec.hops)
    return fail("EINVAL", "Nexthop specification and nexthop id are mutually exclusive");
  const object = spec.nexthop === undefined ? undefined : resolveNexthop(ns, spec.nexthop, family);
  if (object?.ok === false) return object;
  const type = object?.value.type ?? spec.type ?? "unicast";
  const refusing = type === "blackhole" || type === "unreachable" || type === "prohibit" || type === "throw";
  const asked = spec.hops ?? [];
  const via = asked.some((hop) => hop.via !== undefined);
  // IPv6 knows no scopes of routes.
  const scope = family === 6 ? "global" : (spec.scope ?? defaultScope(type, via || spec.nexthop !== undefined));
  if (family === 4 && SCOPE_OF_TYPE[type] > scopeNumber(scope)) return fail("EINVAL", "Invalid scope");
  if (family === 4 && refusing && asked.length > 0)
    return fail("EINVAL", "Gateway, device and multipath can not be specified for this route type");
  if (family === 4 && !refusing && scopeNumber(scope) >= scopeNumber("nowhere")) return fail("EINVAL", "Invalid scope");
  if (family === 4 && scope === "host" && asked.length > 1)
    return fail("EINVAL", "Route with host scope can not have multiple nexthops");
  if (family === 4 && scope === "host" && via) return fail("EINVAL", "Route with host scope can not have a gateway");
  if (((spec.tos ?? 0) & 3) !== 0) return fail("EINVAL", "Invalid dsfield (tos): ECN bits must be 0");
  const hops: NextHop[] = [];
  // IPv6 lets packets end at the loopback.
  if (refusing && family === 6) hops.push({ link: loopbackIndex(ns) });
  if (!refusing && !object) {
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
    to: `${addressText(network)}/${prefix.length}`,
    protocol: spec.protocol ?? "boot",
    scope,
    metric: spec.metric ?? (family === 6 ? 1024 : 0),
    hops: object?.value.hops ?? hops,
    ...(spec.source === undefined ? {} : { source: spec.source }),
    ...(spec.mtu === undefined ? {} : { mtu: spec.mtu }),
    ...(spec.metrics === undefined ? {} : { metrics: spec.metrics }),
    ...(spec.locked === undefined ? {} : { locked: spec.locked }),
    ...(family === 6 || !spec.tos ? {} : { tos: spec.tos }),
    ...(spec.nexthop === undefined ? {} : { nexthop: spec.nexthop }),
    ...(family === 4 || spec.expires === undefined ? {} : { expires: spec.expires }),
    ...(family === 4 || spec.preference === undefined ? {} : { preference: spec.preference }),
  };
  return ok(row);
}

/** The narrowest reach that a type may have (fib_props). */
const SCOPE_OF_TYPE: Readonly<Record<RouteType, number>> = {
  unicast: 0,
  local: scopeNumber("host"),
  broadcast: scopeNumber("link"),
  anycast: scopeNumber("link"),
  multicast: 0,
  blackhole: 0,
  unreachable: 0,
  prohibit: 0,
  throw: 0,
  nat: scopeNumber("nowhere"),
  xresolve: scopeNumber("nowhere"),
};

/** As iproute2 fills it in (iproute_modify). */
function defaultScope(type: RouteType, via: boolean): AddressScope {
  if (type === "local" || type === "nat") return "host";
  if (type === "broadcast" || type === "multicast" || type === "anycast") return "link";
  return type === "unicast" && !via ? "link" : "global";
}

import { address, addressText, broadcastOf, ipv4, networkOf } from "./ip.ts";
import type { AddressRow } from "./address-row.ts";
import { sameSubnet } from "./local.ts";
import type { LinkRow } from "./link/row.ts";
import type { Namespace } from "./namespace.ts";
import { deleteRoute, insertKernelRoute } from "./route/table.ts";
import { TABLE_LOCAL, TABLE_MAIN, type RouteRow } from "./route/row.ts";

/** Writes the routes that an address brings: local, connected, broadcast (fib_add_ifaddr, addrconf_prefix_route). */
export function addAddressRoutes(ns: Namespace, link: LinkRow, row: AddressRow, all: readonly AddressRow[]): void {
  for (const route of routesOf(link, row, all)) insertKernelRoute(ns, route);
}

/** Deletes what an address brought while it was one of `before`, unless one of those that `stay` brings the same (fib_del_ifaddr). */
export function removeAddressRoutes(
  ns: Namespace,
  link: LinkRow,
  row: AddressRow,
  before: readonly AddressRow[],
  stay: readonly AddressRow[],
): void {
  const needed = new Set(stay.flatMap((other) => routesOf(link, other, stay)).map(identity));
  for (const route of routesOf(link, row, before)) {
    if (needed.has(identity(route))) continue;
    const { to, table, type, protocol, source } = route;
    deleteRoute(ns, { to, table, type, protocol, link: link.index, ...(source === undefined ? {} : { source }) });
  }
}

function identity(route: RouteRow): string {
  return `${route.table} ${route.type} ${route.to} ${route.source ?? ""}`;
}

function routesOf(link: LinkRow, row: AddressRow, all: readonly AddressRow[]): RouteRow[] {
  return row.family === 4 ? routes4(link, row, all) : routes6(link, row);
}

function routes4(link: LinkRow, row: AddressRow, all: readonly AddressRow[]): RouteRow[] {
  const source = row.secondary ? primaryOf(row, all) : row.local;
  const base = { family: 4, protocol: "kernel", metric: 0, hops: [{ link: link.index }], source } as const;
  const local = { ...base, table: TABLE_LOCAL };
  const routes: RouteRow[] = [{ ...local, type: "local", to: `${row.local}/32`, scope: "host" }];
  if (!link.up) return routes;
  if (row.broadcast !== undefined && row.broadcast !== "255.255.255.255")
    routes.push({ ...local, type: "broadcast", to: `${row.broadcast}/32`, scope: "link" });
  const prefix = networkOf(ipv4(row.peer ?? row.local), row.length);
  const network = `${addressText(prefix)}/${row.length}`;
  if (prefix >>> 24 === 0 || row.secondary || (row.length === 32 && addressText(prefix) === row.local)) return routes;
  if (!row.noprefixroute) {
    if (link.kind === "loopback") routes.push({ ...local, type: "local", to: network, scope: "host" });
    else
      routes.push({
        ...base,
        table: TABLE_MAIN,
        type: "unicast",
        to: network,
        scope: "link",
        metric: row.metric ?? 0,
      });
  }
  if (row.length < 31) {
    const broadcast = addressText(broadcastOf(prefix, row.length));
    if (broadcast !== row.broadcast) routes.push({ ...local, type: "broadcast", to: `${broadcast}/32`, scope: "link" });
  }
  return routes;
}

/** Routes of a secondary address prefer the primary one as source, as the kernel has it. */
function primaryOf(row: AddressRow, all: readonly AddressRow[]): string {
  const primary = all.find(
    (other) =>
      other.family === 4 && !other.secondary && other.length === row.length && sameSubnet(other, address(row.local)),
  );
  return primary?.local ?? row.local;
}

function routes6(link: LinkRow, row: AddressRow): RouteRow[] {
  if (!link.up) return [];
  const base = { family: 6, protocol: "kernel", scope: "global", hops: [{ link: link.index }] } as const;
  const routes: RouteRow[] = [{ ...base, table: TABLE_LOCAL, type: "local", to: `${row.local}/128`, metric: 0 }];
  if (!row.noprefixroute && link.kind !== "loopback") {
    const network = `${addressText(networkOf(address(row.peer ?? row.local), row.length))}/${row.length}`;
    routes.push({ ...base, table: TABLE_MAIN, type: "unicast", to: network, metric: row.metric ?? 256 });
  }
  return routes;
}

import { strerror } from "../../../host/index.ts";
import { addRoute, deleteRoute, listRoutes, TABLE_MAIN, type Namespace } from "../../../net/index.ts";
import type { Log } from "./external-interface.ts";
import type { Lease } from "./lease.ts";

/** Another node has come or changed: a route to its Pods by its own address (pkg/backend/route_network.go). */
export function addGatewayLease(ns: Namespace, link: number, { subnet, publicIp }: Lease, log: Log): void {
  log("I", "route_network.go:93", `Subnet added: ${subnet} via ${publicIp}`);
  const existing = listRoutes(ns, 4).find(({ to, table }) => to === subnet && table === TABLE_MAIN);
  const [hop] = existing?.hops ?? [];
  if (existing && hop?.via === publicIp && hop.link === link)
    return log("I", "route_network.go:163", `Route to ${goRoute(link, subnet, publicIp)} already exists, skipping.`);
  if (existing) {
    log(
      "W",
      "route_network.go:151",
      `Replacing existing route to ${goRoute(hop?.link ?? 0, subnet, hop?.via ?? "<nil>")} with ${goRoute(link, subnet, publicIp)}`,
    );
    deleteRoute(ns, { to: subnet, ...(hop ? { link: hop.link } : {}) });
  }
  const added = addRoute(ns, { to: subnet, hops: [{ link, via: publicIp }] });
  if (!added.ok)
    log(
      "E",
      "route_network.go:166",
      `Error adding route to ${goRoute(link, subnet, publicIp)}: ${strerror(added.errno).toLowerCase()}`,
    );
}

export function removeGatewayLease(ns: Namespace, link: number, { subnet, publicIp }: Lease, log: Log): void {
  log("I", "route_network.go:113", `Subnet removed: ${subnet}`);
  const gone = deleteRoute(ns, { to: subnet, via: publicIp, link });
  if (!gone.ok)
    log("E", "route_network.go:120", `Error deleting route to ${subnet}: ${strerror(gone.errno).toLowerCase()}`);
}

/** A netlink.Route as `%v` prints it. */
function goRoute(link: number, to: string, via: string): string {
  return `{Ifindex: ${link} Dst: ${to} Src: <nil> Gw: ${via} Flags: [] Table: 0 Realm: 0}`;
}

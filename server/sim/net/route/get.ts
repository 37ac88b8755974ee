import { addressText, ANY, ANY6, BROADCAST, isIPv4, isMulticast, parseAddress, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "./address-type.ts";
import type { Choice } from "./fib.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";
import { redirected, type RedirectRow } from "./redirected.ts";
import { TABLE_MAIN, type RouteRow } from "./row.ts";
import { routeSource, selectSource } from "./source.ts";

export interface RouteQuery {
  readonly destination: Address;
  readonly source?: Address;
  readonly oif?: number;
  readonly mark?: number;
  readonly protocol?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly uid?: number;
  readonly tos?: number;
}

/** Where a packet would go: `ip route get`, and what connect(2) asks before it sends anything. */
export interface FoundRoute {
  readonly row: RouteRow;
  readonly link: LinkRow;
  readonly via: Address | undefined;
  /** The address that the packet gets, if the kernel knows one. */
  readonly source: Address | undefined;
  /** An ICMP redirect named the gateway. */
  readonly redirected?: RedirectRow;
}

export function getRoute(ns: Namespace, query: RouteQuery): FoundRoute | Errno {
  const { destination, source, oif = 0 } = query;
  if (source !== undefined && isMulticast(source)) return "EINVAL";
  if (source !== undefined && !isLocal(ns, source)) return isIPv4(source) ? "ENETUNREACH" : "EINVAL";
  const { mark = 0, protocol = 0, sport = 0, dport = 0, uid = 0, tos = 0 } = query;
  const fields = { source, oif, iif: loopbackIndex(ns), mark, protocol, sport, dport, uid, tos };
  const choice: Choice | undefined = lookupRoute(ns, flow(destination, fields));
  if (!choice) return oif === 0 ? "ENETUNREACH" : onLink(ns, query, oif);
  if (choice.entry.error)
    return oif === 0 || typeof destination !== "number" ? choice.entry.error : onLink(ns, query, oif);
  const index = choice.entry.row.type === "local" ? loopbackIndex(ns) : choice.link;
  const link = ns.links.get(index);
  if (!link) return "ENODEV";
  const chosen = source ?? routeSource(ns, choice, destination);
  const known = chosen === ANY || chosen === ANY6 ? undefined : chosen;
  const { row } = choice.entry;
  const told = redirected(ns, destination, index);
  // 255.255.255.255 is a broadcast whatever route leads there (__mkroute_output).
  const type = destination === BROADCAST ? "broadcast" : row.type;
  return {
    row: type === row.type ? row : { ...row, type },
    link,
    via: told ? parseAddress(told.gateway) : choice.via,
    source: known,
    ...(told ? { redirected: told } : {}),
  };
}

/** Bound to a link and without a route, everything is taken to be on it. */
function onLink(ns: Namespace, { destination, source }: RouteQuery, oif: number): FoundRoute | Errno {
  const link = ns.links.get(oif);
  if (!link) return "ENODEV";
  if (typeof destination !== "number") return "ENETUNREACH";
  const row: RouteRow = {
    family: 4,
    table: TABLE_MAIN,
    type: "unicast",
    to: `${addressText(destination)}/32`,
    protocol: "kernel",
    scope: "link",
    metric: 0,
    hops: [{ link: oif }],
  };
  return { row, link, via: undefined, source: source ?? selectSource(ns, oif, destination, "link") };
}

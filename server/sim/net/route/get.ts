import { ANY, ANY6, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { isLocal } from "./address-type.ts";
import type { Choice } from "./fib.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";
import type { RouteRow } from "./row.ts";
import { routeSource } from "./source.ts";

export interface RouteQuery {
  readonly destination: Address;
  readonly source?: Address;
  readonly oif?: number;
  readonly mark?: number;
  readonly protocol?: number;
  readonly sport?: number;
  readonly dport?: number;
  readonly uid?: number;
}

/** Where a packet would go: `ip route get`, and what connect(2) asks before it sends anything. */
export interface FoundRoute {
  readonly row: RouteRow;
  readonly link: LinkRow;
  readonly via: Address | undefined;
  /** The address that the packet gets, if the kernel knows one. */
  readonly source: Address | undefined;
}

export function getRoute(ns: Namespace, query: RouteQuery): FoundRoute | Errno {
  const { destination, source, oif = 0 } = query;
  if (source !== undefined && !isLocal(ns, source)) return "EINVAL";
  const { mark = 0, protocol = 0, sport = 0, dport = 0, uid = 0 } = query;
  const fields = { source, oif, iif: loopbackIndex(ns), mark, protocol, sport, dport, uid };
  const choice: Choice | undefined = lookupRoute(ns, flow(destination, fields));
  if (!choice) return "ENETUNREACH";
  if (choice.entry.error) return choice.entry.error;
  const index = choice.entry.row.type === "local" ? loopbackIndex(ns) : choice.link;
  const link = ns.links.get(index);
  if (!link) return "ENODEV";
  const chosen = source ?? routeSource(ns, choice, destination);
  const known = chosen === ANY || chosen === ANY6 ? undefined : chosen;
  return { row: choice.entry.row, link, via: choice.via, source: known };
}

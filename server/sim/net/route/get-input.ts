import { addressText, ANY, isIPv4, isMulticast, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import type { LinkRow } from "../link/row.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { isNeighbour, routeInput } from "../walk/route-input.ts";
import { flow } from "./flow.ts";
import type { RouteQuery } from "./get.ts";
import { TABLE_LOCAL, type RouteRow } from "./row.ts";

/** What a host would do with a packet that came in by a link. */
export interface FoundInput {
  readonly row: RouteRow;
  readonly link: LinkRow;
  readonly via: Address | undefined;
  readonly flags: readonly ("local" | "brd" | "mc" | "redirect")[];
}

/** `ip route get … from … iif …` (ip_route_input_rcu, and what inet_rtm_getroute makes of a refusal). */
export function getInputRoute(ns: Namespace, query: RouteQuery, iif: number): FoundInput | Errno {
  const { destination, source = isIPv4(destination) ? ANY : 0n } = query;
  const { mark = 0, protocol = 0, sport = 0, dport = 0, tos = 0 } = query;
  const input = flow(destination, { source, iif, mark, protocol, sport, dport, tos });
  if (isMulticast(destination)) return local(ns, destination, "multicast", ["local", "mc"]);
  const route = routeInput(ns, input);
  switch (route.kind) {
    case "local":
      return local(ns, destination, "local", ["local"]);
    case "broadcast":
      return local(ns, destination, "broadcast", ["local", "brd"]);
    case "martian":
    case "reverse path":
      return "EINVAL";
    case "no route":
      return route.errno ?? "EHOSTUNREACH";
    case "forward": {
      const link = ns.links.get(route.choice.link);
      if (!link) return "EINVAL";
      const { entry, via } = route.choice;
      const redirects =
        link.index === iif && configurationOf(ns).device(iif).sharedMedia && isNeighbour(ns, input, iif);
      return { row: entry.row, link, via, flags: redirects ? ["redirect"] : [] };
    }
  }
}

function local(ns: Namespace, destination: Address, type: RouteRow["type"], flags: FoundInput["flags"]): FoundInput {
  const index = loopbackIndex(ns);
  const family = isIPv4(destination) ? 4 : 6;
  const row: RouteRow = {
    family,
    table: TABLE_LOCAL,
    type,
    to: `${addressText(destination)}/${family === 4 ? 32 : 128}`,
    protocol: "kernel",
    scope: "host",
    metric: 0,
    hops: [{ link: index }],
  };
  return { row, link: ns.links.get(index)!, via: undefined, flags };
}

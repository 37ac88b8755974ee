import { ANY, BROADCAST, isLoopback, isMulticast, isZeroNetwork, type Address } from "../ip.ts";
import type { Errno } from "../errno.ts";
import { loopbackIndex } from "../link/links.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "../route/fib.ts";
import type { Flow } from "../route/flow.ts";
import { lookupRoute, rulesOf } from "../route/lookup.ts";
import { RULES4 } from "../route/row.ts";
import { configurationOf } from "../sysctl/configuration.ts";

/** What a host does with a packet that came in (ip_route_input). */
export type InputRoute =
  | { readonly kind: "local" | "broadcast" }
  | { readonly kind: "forward"; readonly choice: Choice }
  /** Silently dropped: a source or destination that cannot be right there. */
  | { readonly kind: "martian"; readonly reason: string; readonly of: "source" | "destination" }
  | { readonly kind: "reverse path"; readonly reason: string }
  /** No route, or one that refuses; without `errno` because it does not forward. */
  | { readonly kind: "no route"; readonly errno: Errno | undefined; readonly choice: Choice | undefined };

const LOCAL: InputRoute = { kind: "local" };
const IS_BROADCAST: InputRoute = { kind: "broadcast" };

function martian(reason: string, of: "source" | "destination" = "source"): InputRoute {
  return { kind: "martian", reason, of };
}

/** Decides about a packet from `query.source` to `query.destination` that came in by the link `query.iif`. */
export function routeInput(ns: Namespace, query: Flow): InputRoute {
  const { destination, iif } = query;
  const source = query.source!;
  const device = configurationOf(ns).device(iif);
  if (typeof destination !== "number" || typeof source !== "number") return routeInput6(ns, query, source);
  if (isMulticast(source) || source === BROADCAST) return martian("a source that is a group");
  if (destination === BROADCAST || (source === ANY && destination === ANY)) return IS_BROADCAST;
  if (isZeroNetwork(source)) return martian("a source in 0.0.0.0/8");
  if (isZeroNetwork(destination)) return martian("a destination in 0.0.0.0/8", "destination");
  if (!device.routeLocalnet) {
    if (isLoopback(destination)) return martian("127.0.0.0/8 from outside (route_localnet is 0)", "destination");
    if (isLoopback(source)) return martian("a source in 127.0.0.0/8 from outside (route_localnet is 0)");
  }
  query.oif = 0;
  const choice = lookupRoute(ns, query);
  const type = choice?.entry.row.type;
  if (type === "local") return checkSource(ns, query, source) ?? LOCAL;
  if (type === "broadcast") return IS_BROADCAST;
  if (!device.forwarding) return { kind: "no route", errno: undefined, choice };
  if (!choice) return { kind: "no route", errno: "ENETUNREACH", choice: undefined };
  if (choice.entry.error) return { kind: "no route", errno: choice.entry.error, choice };
  return checkSource(ns, query, source, choice.link) ?? { kind: "forward", choice };
}

function routeInput6(ns: Namespace, query: Flow, source: Address): InputRoute {
  const choice = lookupRoute(ns, query);
  if (isLoopback(source) || isLoopback(query.destination)) return martian("::1 from outside");
  if (choice?.entry.row.type === "local") return LOCAL;
  if (!configurationOf(ns).device(query.iif).forwarding6) return { kind: "no route", errno: undefined, choice };
  if (!choice) return { kind: "no route", errno: "ENETUNREACH", choice: undefined };
  return choice.entry.error ? { kind: "no route", errno: choice.entry.error, choice } : { kind: "forward", choice };
}

/**
 * fib_validate_source: a source that is the host's own is wrong; with rp_filter 1 the way back must lead out by the same
 * link, with 2 by any.
 */
function checkSource(ns: Namespace, query: Flow, source: number, out?: number): InputRoute | undefined {
  const { rpFilter, acceptLocal } = configurationOf(ns).device(query.iif);
  if (rpFilter === 0 && rulesOf(ns, 4) === RULES4) {
    if (acceptLocal || !localAddress(ns, source)) return undefined;
    return martian("a source that is this host's own address");
  }
  const back = reverse(ns, query, source, out);
  const type = back?.entry.row.type;
  if (back && !back.entry.error && type !== "unicast" && !(type === "local" && acceptLocal))
    return martian("a source that is this host's own address");
  const wayBack = back !== undefined && !back.entry.error;
  if (wayBack && back.entry.choices.some((choice) => choice.link === query.iif)) return undefined;
  if (rpFilter === 0 || (wayBack && rpFilter !== 1)) return undefined;
  return {
    kind: "reverse path",
    reason: wayBack ? "the way back to its source is by another link" : "there is no way back to its source",
  };
}

/**
 * The way back to a source: for rules it comes in where the packet would go out. A mark counts only with src_valid_mark
 * (__fib_validate_source).
 */
function reverse(ns: Namespace, query: Flow, source: Address, out = loopbackIndex(ns)): Choice | undefined {
  const { srcValidMark } = configurationOf(ns).device(query.iif);
  const mark = srcValidMark ? query.mark : 0;
  return lookupRoute(ns, { ...query, destination: source, source: query.destination, iif: out, oif: 0, mark });
}

/** The sender of what is sent back where it came from is a neighbour there, who may hear of a shorter way. */
export function isNeighbour(ns: Namespace, query: Flow, out: number): boolean {
  const back = reverse(ns, query, query.source!, out);
  return back !== undefined && !back.entry.error && back.link === out && back.via === undefined;
}

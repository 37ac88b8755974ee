import { scopeNumber } from "../address-row.ts";
import { fail, ok, type Failure, type Result } from "../errno.ts";
import { address, isIPv4, type Address } from "../ip.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";
import type { NextHop } from "./row.ts";

/** fib_check_nh: a gateway must itself be reachable by a route that does not reach as far. */
export function checkHop(ns: Namespace, hop: Partial<NextHop>, scope: number, family: 4 | 6): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (hop.link !== undefined && !dev) return fail("ENODEV");
  if (hop.via === undefined) {
    if (!dev) return fail("ENODEV");
    if (!dev.up) return fail("ENETDOWN", "Device for nexthop is not up");
    return ok(complete(hop, dev.index));
  }
  const gateway = address(hop.via);
  if (family === 6 && !dev && isLinkLocal(gateway)) return fail("EINVAL", "Egress device not specified");
  if (family === 4 && !isIPv4(gateway)) return checkGateway6(ns, hop, gateway);
  if (hop.onlink) {
    if (scope >= scopeNumber("link") && family === 4) return fail("EINVAL", "Nexthop has invalid scope");
    return checkOnlink(ns, hop, gateway);
  }
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

function checkOnlink(ns: Namespace, hop: Partial<NextHop>, gateway: Address): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (!dev) return fail("ENODEV", "Nexthop device required for onlink");
  if (!dev.up) return fail("ENETDOWN", "Nexthop device is not up");
  if (localAddress(ns, gateway)) return invalidGateway("EINVAL");
  return ok(complete(hop, dev.index));
}

/** An IPv6 gateway of IPv4 packets (fib_check_nh_v6_gw). */
function checkGateway6(ns: Namespace, hop: Partial<NextHop>, gateway: Address): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (!dev) {
    if (isLinkLocal(gateway)) return fail("EINVAL", "Egress device not specified");
    const choice = lookupRoute(ns, flow(gateway));
    if (!choice || choice.entry.error || choice.link === 0)
      return fail(choice?.entry.error ?? "EHOSTUNREACH", "Egress device not specified");
    return ok(complete(hop, choice.link));
  }
  if (hop.onlink) return checkOnlink(ns, hop, gateway);
  if (!dev.up) return fail("ENETDOWN", "Nexthop device is not up");
  return ok(complete(hop, dev.index));
}

function isLinkLocal(value: Address): boolean {
  return typeof value === "bigint" && value >> 118n === 0x3fan;
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
    ...(hop.realms === undefined ? {} : { realms: hop.realms }),
    ...(hop.encapsulation === undefined ? {} : { encapsulation: hop.encapsulation }),
  };
}

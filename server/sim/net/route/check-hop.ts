import { scopeNumber } from "../address-row.ts";
import { fail, ok, type Failure, type Result } from "../errno.ts";
import { address, isIPv4, type Address } from "../ip.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { configurationOf } from "../sysctl/configuration.ts";
import { checkGateway6 } from "./check-gateway6.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";
import type { NextHop } from "./row.ts";

/** fib_check_nh: a gateway must itself be reachable by a route that does not reach as far. */
export function checkHop(ns: Namespace, hop: Partial<NextHop>, scope: number, family: 4 | 6): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (hop.link !== undefined && !dev) return fail("ENODEV");
  if (family === 6 || (hop.via !== undefined && !isIPv4(address(hop.via)))) return checkHop6(ns, hop);
  // 0.0.0.0 is the absence of a gateway (fib_gw_from_attr).
  if (hop.via === undefined || hop.via === "0.0.0.0") {
    const { via: _via, ...direct } = hop;
    if (!dev) return fail("ENODEV");
    if (!dev.up) return fail("ENETDOWN", "Device for nexthop is not up");
    return ok(complete(direct, dev.index));
  }
  const gateway = address(hop.via);
  if (hop.onlink) {
    if (scope >= scopeNumber("link")) return fail("EINVAL", "Nexthop has invalid scope");
    return checkOnlink(ns, hop, gateway);
  }
  const minScope = Math.max(scope + 1, scopeNumber("link"));
  const choice = lookupRoute(ns, flow(gateway, { minScope, oif: dev?.index ?? 0 }));
  if (!choice) return invalidGateway("ENETUNREACH");
  if (choice.entry.error) return invalidGateway(choice.entry.error);
  const { type } = choice.entry.row;
  if (type !== "unicast" && type !== "local") return invalidGateway("EINVAL");
  if (dev === undefined && choice.link === 0) return fail("ENODEV", "No egress device for nexthop");
  const link = dev?.index ?? choice.link;
  if (ns.links.get(link)?.up === false) return fail("ENETDOWN");
  return ok({ ...complete(hop, link), ...(type === "local" ? { own: true } : {}) });
}

function checkOnlink(ns: Namespace, hop: Partial<NextHop>, gateway: Address): Result<NextHop> {
  const dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (!dev) return fail("ENODEV", "Nexthop device required for onlink");
  if (!dev.up) return fail("ENETDOWN", "Nexthop device is not up");
  if (localAddress(ns, gateway)) return invalidGateway("EINVAL");
  return ok(complete(hop, dev.index));
}

/** A hop by IPv6's rules, which hold for an IPv6 gateway of IPv4 packets too (fib6_nh_init). */
function checkHop6(ns: Namespace, hop: Partial<NextHop>): Result<NextHop> {
  let dev = hop.link === undefined ? undefined : ns.links.get(hop.link);
  if (hop.via !== undefined) {
    const checked = checkGateway6(ns, address(hop.via), dev, hop.onlink ?? false);
    if (!checked.ok) return checked;
    dev = checked.value;
  }
  if (!dev) return fail("ENODEV");
  if (configurationOf(ns).device(dev.index).disableIpv6) return fail("EACCES", "IPv6 is disabled on nexthop device");
  if (!dev.up) return fail("ENETDOWN", "Nexthop device is not up");
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
    ...(hop.realms === undefined ? {} : { realms: hop.realms }),
    ...(hop.encapsulation === undefined ? {} : { encapsulation: hop.encapsulation }),
  };
}

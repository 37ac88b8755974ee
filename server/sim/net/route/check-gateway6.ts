import { fail, ok, type Result } from "../errno.ts";
import type { Address } from "../ip.ts";
import type { LinkRow } from "../link/row.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { flow } from "./flow.ts";
import { lookupRoute } from "./lookup.ts";

/**
 * The link by which an IPv6 gateway is reached, also one of IPv4 packets: it must be a neighbour and not this host
 * (net/ipv6/route.c: ip6_validate_gw, ip6_route_check_nh).
 */
export function checkGateway6(
  ns: Namespace,
  gateway: Address,
  given: LinkRow | undefined,
  onlink: boolean,
): Result<LinkRow> {
  const linkLocal = isLinkLocal(gateway);
  if (given && isOwn(ns, gateway, given, linkLocal)) return fail("EINVAL", "Gateway can not be a local address");
  if (!linkLocal && (gateway === 0n || isMulticast(gateway))) return fail("EINVAL", "Invalid gateway address");
  let link = given;
  if (!linkLocal && onlink) {
    if (!given) return fail("EINVAL", "Nexthop device required for onlink");
  } else if (!linkLocal) {
    const choice = lookupRoute(ns, flow(gateway, { oif: given?.index ?? 0 }));
    if (!choice || choice.entry.error || choice.via !== undefined || (given && choice.link !== given.index))
      return fail("EHOSTUNREACH");
    link = ns.links.get(choice.link);
  }
  if (!link) return fail("EINVAL", "Egress device not specified");
  if (link.kind === "loopback") return fail("EINVAL", "Egress device can not be loopback device for this route");
  if (!given && isOwn(ns, gateway, link, linkLocal)) return fail("EINVAL", "Gateway can not be a local address");
  return ok(link);
}

/** Link-local addresses are looked for on the link alone. */
function isOwn(ns: Namespace, gateway: Address, link: LinkRow, linkLocal: boolean): boolean {
  const own = localAddress(ns, gateway);
  return own !== undefined && (!linkLocal || own.link === link.index);
}

function isLinkLocal(value: Address): boolean {
  return typeof value === "bigint" && value >> 118n === 0x3fan;
}

function isMulticast(value: Address): boolean {
  return typeof value === "bigint" && value >> 120n === 0xffn;
}

import { fail, ok, type Result } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import { base, register, type CommonSpec } from "./register.ts";
import type { IpipLink, LinkRow } from "./row.ts";

export type IpipSpec = CommonSpec & {
  readonly kind: "ipip";
  readonly local?: string;
  readonly remote?: string;
  readonly dev?: number;
  readonly ttl?: number;
  readonly pmtudisc?: boolean;
};

/** The outer IP header. */
const OVERHEAD = 20;

/** A tunnel of IPv4 in IPv4; two of the same ends cannot be (ip_tunnel_newlink, ip_tunnel_bind_dev). */
export function createIpip(ns: Namespace, spec: IpipSpec): Result<LinkRow> {
  const { local, remote, dev, ttl = 0, pmtudisc = true } = spec;
  if (findIpip(ns, local, remote, dev)) return fail("EEXIST");
  const lower = dev === undefined ? undefined : ns.links.get(dev);
  const link: IpipLink = {
    ...base(ns, spec, (lower?.mtu ?? 1500) - OVERHEAD, ""),
    kind: "ipip",
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
    ...(dev === undefined ? {} : { dev }),
    ttl,
    pmtudisc,
    arp: false,
    multicast: false,
  };
  return ok(register(ns, link));
}

function findIpip(ns: Namespace, local?: string, remote?: string, dev?: number): IpipLink | undefined {
  for (const link of ns.links.values())
    if (link.kind === "ipip" && link.local === local && link.remote === remote && link.dev === dev) return link;
  return undefined;
}

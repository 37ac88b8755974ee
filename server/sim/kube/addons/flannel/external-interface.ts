import {
  address,
  addressesOf,
  findLink,
  getRoute,
  isIPv4,
  listLinks,
  listRoutes,
  parseAddress,
  TABLE_MAIN,
  type LinkRow,
  type Namespace,
} from "../../../net/index.ts";

/** The interface that machines reach each other by, and its address. */
export interface ExternalInterface {
  readonly link: LinkRow;
  readonly address: string;
  /** The address that others are told. */
  readonly publicIp: string;
}

export type Log = (severity: "I" | "W" | "E", source: string, message: string) => void;

/** How the interface is to be found: by name or address, by a pattern, by what can be reached, or by the default route. */
export type Wanted =
  | { readonly by: "name"; readonly value: string }
  | { readonly by: "pattern"; readonly value: string }
  | { readonly by: "reach"; readonly value: string }
  | { readonly by: "default" };

/** pkg/ipmatch/match.go LookupExtIface, for IPv4. */
export function lookupInterface(
  ns: Namespace,
  wanted: Wanted,
  publicIp: string,
  log: Log,
): ExternalInterface | { readonly error: string } {
  const found = find(ns, wanted, log);
  if ("error" in found) return found;
  const { link } = found;
  const own = found.address ?? ipv4Addresses(ns, link)[0];
  if (own === undefined) return { error: `failed to find IPv4 address for interface ${link.name}` };
  log("I", "match.go:264", `Using interface with name ${link.name} and address ${own}`);
  if (publicIp === "") {
    log("I", "match.go:286", `Defaulting external address to interface address (${own})`);
    return { link, address: own, publicIp: own };
  }
  if (parseAddress(publicIp) === undefined) return { error: `invalid public IP address: ${publicIp}` };
  log("I", "match.go:280", `Using ${publicIp} as external address`);
  return { link, address: own, publicIp };
}

function find(
  ns: Namespace,
  wanted: Wanted,
  log: Log,
): { readonly link: LinkRow; readonly address?: string } | { readonly error: string } {
  switch (wanted.by) {
    case "name":
      return byName(ns, wanted.value, log);
    case "pattern":
      return byPattern(ns, wanted.value);
    case "reach": {
      log("I", "match.go:206", `Determining interface to use based on given ifcanreach: ${wanted.value}`);
      const to = parseAddress(wanted.value);
      const route = to === undefined ? undefined : getRoute(ns, { destination: to });
      if (typeof route !== "object")
        return {
          error: `failed to get ifcanreach based interface: couldn't lookup route to ${wanted.value}: network is unreachable`,
        };
      return { link: route.link };
    }
    case "default": {
      log("I", "match.go:211", "Determining IP address of default interface");
      const hop = listRoutes(ns, 4).find(({ to, table }) => to === "0.0.0.0/0" && table === TABLE_MAIN)?.hops[0];
      const link = hop && ns.links.get(hop.link);
      return link ? { link } : { error: "failed to get default interface: Unable to find default route" };
    }
  }
}

function byName(ns: Namespace, name: string, log: Log) {
  const value = parseAddress(name);
  if (value === undefined) {
    const link = findLink(ns, name);
    return link ? { link } : { error: `error looking up interface ${name}: route ip+net: no such network interface` };
  }
  log("I", "match.go:74", `Searching for interface using ${name}`);
  const link = listLinks(ns).find((one) => addressesOf(ns, one.index).some(({ local }) => address(local) === value));
  return link
    ? { link, address: name }
    : { error: `error looking up interface ${name}: No interface with given IP found` };
}

/** Addresses first, then names. */
function byPattern(ns: Namespace, text: string) {
  let pattern: RegExp;
  try {
    pattern = new RegExp(text);
  } catch {
    return { error: `could not compile the IP address regex '${text}': error parsing regexp` };
  }
  const links = listLinks(ns);
  for (const link of links) {
    const matched = ipv4Addresses(ns, link).find((one) => pattern.test(one));
    if (matched !== undefined) return { link, address: matched };
  }
  const named = links.find(({ name }) => pattern.test(name));
  if (named) return { link: named };
  const available = links.map((link) => `${link.name}:[${ipv4Addresses(ns, link).join(" ")}]`);
  return {
    error: `Could not match pattern ${text} to any of the available network interfaces (${available.join(", ")})`,
  };
}

/** Global addresses before those of the link; none of loopback's (GetInterfaceIP4Addrs). */
function ipv4Addresses(ns: Namespace, link: LinkRow): string[] {
  const rows = addressesOf(ns, link.index).filter(({ local }) => isIPv4(address(local)) && !local.startsWith("127."));
  const own = rows.filter(({ local }) => !local.startsWith("169.254."));
  return [...own, ...rows.filter((row) => !own.includes(row))].map(({ local }) => local);
}

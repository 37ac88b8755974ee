import { address, ANY, type Address } from "../ip.ts";
import { scopeNumber, type AddressRow, type AddressScope } from "../address-row.ts";
import { addressesOf, sameSubnet } from "../local.ts";
import { listLinks } from "../link/links.ts";
import type { Namespace } from "../namespace.ts";
import type { Choice } from "./fib.ts";

/**
 * The address that a packet to `towards` leaves a link with: one of the same subnet, else the link's first, else one of
 * another link (inet_select_addr; IPv6 the first that reaches as far).
 */
export function selectSource(ns: Namespace, link: number, towards: Address, scope: AddressScope): Address | undefined {
  const family = typeof towards === "number" ? 4 : 6;
  const limit = scopeNumber(scope);
  if (family === 6) return select6(ns, link, towards);
  let first: AddressRow | undefined;
  for (const row of addressesOf(ns, link)) {
    if (row.family !== 4 || row.secondary || scopeNumber(row.scope) > limit) continue;
    if (sameSubnet(row, towards)) return address(row.local);
    first ??= row;
  }
  if (first) return address(first.local);
  for (const other of listLinks(ns)) {
    for (const row of addressesOf(ns, other.index)) {
      const reach = scopeNumber(row.scope);
      if (row.family === 4 && !row.secondary && reach !== scopeNumber("link") && reach <= limit)
        return address(row.local);
    }
  }
  return undefined;
}

/** The source that a route gives to a packet that has none yet (fib_result_prefsrc). */
export function routeSource(ns: Namespace, choice: Choice, destination: Address): Address | undefined {
  const { entry } = choice;
  if (entry.source !== undefined) return entry.source;
  if (entry.row.type === "local") return destination;
  return selectSource(ns, choice.link, towards(choice, destination), entry.row.scope);
}

/** IPv6 looks at the destination alone (ipv6_dev_get_saddr). IPv4 prefers an address beside the gateway, and without one the link's first, wherever the packet goes (fib_info_update_nhc_saddr). */
function towards({ via }: Choice, destination: Address): Address {
  if (typeof destination !== "number") return destination;
  return typeof via === "number" ? via : ANY;
}

function select6(ns: Namespace, link: number, towards: Address): Address | undefined {
  // fe80::/10, and groups of the link.
  const local = typeof towards === "bigint" && (towards >> 118n === 0x3fan || towards >> 112n === 0xff02n);
  const rows = addressesOf(ns, link).filter((row) => row.family === 6);
  const wanted = rows.find((row) => (row.scope === "link") === local) ?? rows[0];
  if (wanted) return address(wanted.local);
  for (const other of listLinks(ns))
    for (const row of addressesOf(ns, other.index))
      if (row.family === 6 && row.scope === "global") return address(row.local);
  return undefined;
}

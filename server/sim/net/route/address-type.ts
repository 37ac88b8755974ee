import { ANY, isMulticast, type Address } from "../ip.ts";
import { localAddress } from "../local.ts";
import type { Namespace } from "../namespace.ts";
import { fibOf } from "./fib.ts";
import { flow } from "./flow.ts";
import { TABLE_LOCAL } from "./row.ts";
import { lookupRoute } from "./lookup.ts";

export type AddressType =
  | "UNSPEC"
  | "UNICAST"
  | "LOCAL"
  | "BROADCAST"
  | "ANYCAST"
  | "MULTICAST"
  | "BLACKHOLE"
  | "UNREACHABLE"
  | "PROHIBIT"
  | "THROW"
  | "NAT"
  | "XRESOLVE";

/** What the local table says an address is; UNICAST for all that it does not know (inet_addr_type, inet_dev_addr_type). */
export function addressType(ns: Namespace, value: Address, link?: number): AddressType {
  if (typeof value === "number") {
    if (value === ANY || value === -1 || value >>> 24 === 0)
      return value === -1 || value === ANY ? "BROADCAST" : "UNICAST";
    if (isMulticast(value)) return "MULTICAST";
  } else if (isMulticast(value)) return "MULTICAST";
  const table = fibOf(ns).table(TABLE_LOCAL);
  const found = table?.find(flow(value));
  if (!found) return typeof value === "number" ? "UNICAST" : type6(ns, value);
  if (link !== undefined && found.link !== link) return "UNICAST";
  return found.entry.row.type.toUpperCase() as AddressType;
}

/** True if packets to the address are for this machine. */
export function isLocal(ns: Namespace, value: Address): boolean {
  return localAddress(ns, value) !== undefined || addressType(ns, value) === "LOCAL";
}

/** IPv6 asks all tables (xt_addrtype match_lookup_rt6). */
function type6(ns: Namespace, value: Address): AddressType {
  const choice = lookupRoute(ns, flow(value));
  if (!choice || choice.entry.error) return "UNREACHABLE";
  return "UNICAST";
}

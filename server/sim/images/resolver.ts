import type { Host } from "../host/index.ts";
import type { Duration } from "../kernel/index.ts";
import { addressesNow, lookupNow, addressesOfRecords, type AddressLookup, type Namespace } from "../net/index.ts";

/** What a daemon learns of a name at once, without waiting. */
export type Lookup =
  | { readonly addresses: readonly string[]; readonly latency: Duration }
  /** `unknown`: EAI_NONAME, the name does not exist. `again`: EAI_AGAIN, no server could tell. */
  | { readonly failed: "unknown" | "again"; readonly latency: Duration };

/** The addresses of a name as getaddrinfo(3) finds them. */
export function lookup(host: Host, ns: Namespace, name: string): Lookup {
  return outcome(addressesNow(host, ns, name));
}

/** Asks one server, as nginx' own resolver does. */
export function askServer(ns: Namespace, server: string, name: string): Lookup {
  const full = name.endsWith(".") ? name : `${name}.`;
  const found = lookupNow(ns, `nameserver ${server}`, full, ["A"]);
  return outcome({ ...found, addresses: addressesOfRecords(found.records) });
}

function outcome({ addresses, failure, latency }: AddressLookup): Lookup {
  if (addresses.length > 0) return { addresses, latency };
  return { failed: failure === "try again" ? "again" : "unknown", latency };
}

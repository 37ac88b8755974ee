import { address, isIPv4, networkOf, type Address } from "./ip.ts";
import type { AddressRow } from "./address-row.ts";
import type { Namespace } from "./namespace.ts";

interface LocalAddress {
  readonly link: number;
  readonly row: AddressRow;
}

interface LocalIndex {
  readonly version: number;
  readonly byAddress: Map<Address, LocalAddress>;
}

const indexes = new WeakMap<Namespace, LocalIndex>();

/** The link that an address is configured on (inet_lookup_ifaddr). */
export function localAddress(ns: Namespace, value: Address): LocalAddress | undefined {
  let index = indexes.get(ns);
  if (index?.version !== ns.addresses.version) {
    const byAddress = new Map<Address, LocalAddress>();
    for (const [link, rows] of ns.addresses.entries()) {
      for (const row of rows) {
        const key = address(row.local);
        if (!byAddress.has(key)) byAddress.set(key, { link, row });
      }
    }
    indexes.set(ns, (index = { version: ns.addresses.version, byAddress }));
  }
  return index.byAddress.get(value);
}

/** The addresses of a link. */
export function addressesOf(ns: Namespace, link: number): readonly AddressRow[] {
  return ns.addresses.get(link) ?? [];
}

/** True if the address lies in the prefix of this one. */
export function sameSubnet(row: AddressRow, value: Address): boolean {
  const own = address(row.peer ?? row.local);
  return isIPv4(own) === isIPv4(value) && networkOf(own, row.length) === networkOf(value, row.length);
}

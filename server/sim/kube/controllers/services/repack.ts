import type { EndpointAddress, EndpointSubset } from "../../api/index.ts";
import { byEndpointsHash, subsetsByHash } from "./hash-order.ts";

type SubsetPort = NonNullable<EndpointSubset["ports"]>[number];

interface Offer {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

/**
 * Endpoints in their canonical form: every address once for each set of ports that it offers, all in a fixed order
 * (pkg/api/v1/endpoints RepackSubsets).
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const byPort = new Map<string, { port: SubsetPort | undefined; offers: Map<string, Offer> }>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    for (const port of ports.length > 0 ? ports : [undefined]) {
      const key = JSON.stringify(port ? [port.name ?? "", port.port, port.protocol, port.appProtocol] : null);
      let entry = byPort.get(key);
      if (!entry) byPort.set(key, (entry = { port, offers: new Map<string, Offer>() }));
      for (const address of addresses) entry.offers.set(keyOf(address), { address, ready: true });
      // Ready wins where an address is said to be both.
      for (const address of notReadyAddresses)
        if (!entry.offers.has(keyOf(address))) entry.offers.set(keyOf(address), { address, ready: false });
    }
  }
  const bySet = new Map<string, { ports: SubsetPort[]; offers: Map<string, Offer> }>();
  for (const { port, offers } of byPort.values()) {
    const key = [...offers]
      .map(([address, { ready }]) => `${address} ${ready}`)
      .sort()
      .join("\n");
    let entry = bySet.get(key);
    if (!entry) bySet.set(key, (entry = { ports: [], offers }));
    if (port) entry.ports.push(port);
  }
  return subsetsByHash([...bySet.values()].map(subset));
}

function subset({
  ports,
  offers,
}: {
  readonly ports: readonly SubsetPort[];
  readonly offers: Map<string, Offer>;
}): EndpointSubset {
  const of = (ready: boolean): EndpointAddress[] =>
    [...offers.values()]
      .filter((offer) => offer.ready === ready)
      .map(({ address }) => address)
      .sort(compareAddresses);
  const [addresses, notReadyAddresses] = [of(true), of(false)];
  return {
    ...(addresses.length > 0 && { addresses }),
    ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
    ...(ports.length > 0 && { ports: byEndpointsHash(ports) }),
  };
}

function keyOf({ ip, targetRef }: EndpointAddress): string {
  return `${ip} ${targetRef?.uid ?? ""}`;
}

function compareAddresses(a: EndpointAddress, b: EndpointAddress): number {
  const [first, second] = [keyOf(a), keyOf(b)];
  if (a.ip !== b.ip) return a.ip < b.ip ? -1 : 1;
  return first < second ? -1 : first > second ? 1 : 0;
}

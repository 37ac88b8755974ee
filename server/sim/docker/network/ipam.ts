import { addressText, contains, listRoutes, networkOf, parsePrefix, prefixText, type Prefix } from "../../net/index.ts";
import type { Engine, Refused } from "../engine.ts";
import type { NetworkRow } from "../rows.ts";

/** The pools that networks get which ask for none (daemon/libnetwork/ipamutils): `172.17.0.0/16`, …, then pieces of 192.168.0.0/16. */
function* pools(): Generator<Prefix> {
  for (let second = 17; second < 32; second++) yield prefix(`172.${second}.0.0/16`);
  for (let third = 0; third < 256; third += 16) yield prefix(`192.168.${third}.0/20`);
}

function prefix(text: string): Prefix {
  return parsePrefix(text)!;
}

/** The next pool that neither a network nor a route of the machine has. */
export function nextPool(engine: Engine): string | Refused {
  const routes = listRoutes(engine.ns, 4)
    .filter(({ to }) => to !== "0.0.0.0/0")
    .map(({ to }) => prefix(to));
  for (const pool of pools())
    if (!taken(engine, pool) && !routes.some((route) => overlap(route, pool))) return text(pool);
  return { error: "all predefined address pools have been fully subnetted" };
}

/** Whether another network of the engine has some of these addresses. */
export function taken(engine: Engine, pool: Prefix): boolean {
  return [...engine.networks.values()].some(({ subnet }) => subnet !== undefined && overlap(prefix(subnet), pool));
}

function overlap(a: Prefix, b: Prefix): boolean {
  return contains(a, b.address) || contains(b, a.address);
}

function text({ address, length }: Prefix): string {
  return prefixText({ address, length });
}

/** The first address of a subnet, which its gateway gets. */
export function firstAddress(subnet: string): string {
  const { address, length } = prefix(subnet);
  return addressText(((networkOf(address, length) as number) >>> 0) + 1);
}

/** The lowest address of a network that nobody has. */
export function nextAddress(engine: Engine, network: NetworkRow): string | Refused {
  const used = usedAddresses(engine, network);
  const { address, length } = prefix(network.ipRange ?? network.subnet!);
  const first = (networkOf(address, length) as number) >>> 0;
  const count = 2 ** (32 - length);
  for (let at = network.ipRange === undefined ? 1 : 0; at < count - 1; at++) {
    const one = addressText(first + at);
    if (!used.has(one)) return one;
  }
  return { error: `no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})` };
}

export function usedAddresses(engine: Engine, { id, gateway }: NetworkRow): Set<string> {
  const used = new Set([gateway!]);
  for (const { endpoints } of engine.containers.values())
    for (const { network, plug } of Object.values(endpoints)) if (network === id && plug) used.add(plug.address);
  return used;
}

import {
  addAddress, addRoute, announceAddress, bringUp, contains, createLink, defaultBroadcast, deleteLink, findLink, listLinks,
  listRoutes, parseAddress, parsePrefix, setMaster, writeSysctl, type Namespace,
} from "../../net/index.ts"; // prettier-ignore
import type { Engine, Refused } from "../engine.ts";
import type { DockerContainer, EndpointRow, NetworkRow, Plug } from "../rows.ts";
import { endpointRules, Firewall } from "./firewall.ts";
import { nextAddress, usedAddresses } from "./ipam.ts";
import { randomMac } from "./random-mac.ts";

/** A place in a network that is not plugged in yet. */
export function newEndpoint(
  engine: Engine,
  network: NetworkRow,
  options: { readonly aliases?: readonly string[]; readonly address?: string; readonly mac?: string } = {},
): EndpointRow {
  const { aliases = [], address, mac } = options;
  return {
    id: engine.newId(),
    network: network.id,
    aliases,
    wants: { ...(address === undefined ? {} : { address }), ...(mac === undefined ? {} : { mac }) },
  };
}

/** Why a wish for an address cannot be granted at all (daemon/container_operations.go validateEndpointIPAddress). */
export function addressProblem(network: NetworkRow, address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  if (network.name === "bridge")
    return "invalid config for network bridge: invalid endpoint settings:\nuser specified IP address is supported on user defined networks only";
  const parsed = parseAddress(address);
  if (!network.configured)
    return `invalid config for network ${network.name}: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`;
  if (parsed === undefined || !contains(parsePrefix(network.subnet!)!, parsed))
    return `invalid config for network ${network.name}: invalid endpoint settings:\nno configured subnet or ip-range contain the IP address ${address}`;
  return undefined;
}

/** Plugs a container that runs into a bridge network. */
export function plugIn(
  engine: Engine,
  inside: Namespace,
  network: NetworkRow,
  endpoint: EndpointRow,
): EndpointRow | Refused {
  const { ns, kernel } = engine;
  const { wants } = endpoint;
  if (wants.address !== undefined && usedAddresses(engine, network).has(wants.address))
    return { error: "Address already in use" };
  const address = wants.address ?? nextAddress(engine, network);
  if (typeof address !== "string") return address;
  const bridge = findLink(ns, network.bridge!);
  if (!bridge)
    return {
      error: `failed to create endpoint on network ${network.name}: adding interface to bridge ${network.bridge} failed: could not find bridge ${network.bridge}: Link not found`,
    };
  const mac = wants.mac ?? randomMac(engine);
  const veth = `veth${kernel.random.hex("docker/veth", 7)}`;
  const link = freeName(inside);
  const made = createLink(ns, {
    kind: "veth",
    name: veth,
    mtu: bridge.mtu,
    peer: { namespace: inside.id, name: link, address: mac, mtu: bridge.mtu },
  });
  if (!made.ok)
    return { error: `failed to add the host (${veth}) <=> sandbox (${link}) pair interfaces: ${made.errno}` };
  setMaster(ns, made.value.index, bridge.index);
  const end = findLink(inside, link)!;
  writeSysctl(inside, `net/ipv6/conf/${link}/disable_ipv6`, "1");
  const length = Number(network.subnet!.split("/")[1]);
  addAddress(inside, end, { local: address, length, broadcast: defaultBroadcast(address, length) });
  bringUp(ns, made.value.index);
  bringUp(inside, end.index);
  announceAddress(inside, findLink(inside, link)!, address);
  if (!network.internal) defaultRoute(inside, network.gateway!, end.index);
  endpointRules(new Firewall(ns), network, address, true);
  const plug: Plug = { address, mac, veth, link };
  return { ...endpoint, plug };
}

function defaultRoute(inside: Namespace, gateway: string, link: number): void {
  if (!listRoutes(inside, 4).some(({ to }) => to === "0.0.0.0/0"))
    addRoute(inside, { to: "0.0.0.0/0", protocol: "boot", hops: [{ via: gateway, link }] });
}

/** Takes a container out of a network: its row without the plug. What stays may have to become its way out. */
export function unplug(engine: Engine, container: DockerContainer, name: string): EndpointRow {
  const { plug, ...rest } = container.endpoints[name]!;
  const network = engine.networks.get(rest.network);
  if (!plug) return rest;
  const { ns } = engine;
  const veth = findLink(ns, plug.veth);
  if (veth) deleteLink(ns, veth.index);
  if (network) endpointRules(new Firewall(ns), network, plug.address, false);
  const inside = container.netns === undefined ? undefined : engine.network.find(container.netns);
  for (const [other, endpoint] of Object.entries(container.endpoints)) {
    const next = other === name ? undefined : engine.networks.get(endpoint.network);
    const link = inside && endpoint.plug && findLink(inside, endpoint.plug.link);
    if (inside && link && next && !next.internal) defaultRoute(inside, next.gateway!, link.index);
  }
  return rest;
}

/** `eth0`, `eth1`, … */
function freeName(inside: Namespace): string {
  const taken = new Set(listLinks(inside).map(({ name }) => name));
  for (let number = 0; ; number++) if (!taken.has(`eth${number}`)) return `eth${number}`;
}

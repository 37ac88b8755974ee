import { strerror } from "../../../host/index.ts";
import {
  addAddress,
  addressesOf,
  addRoute,
  addressText,
  bringUp,
  contains,
  createLink,
  deleteFdb,
  deleteLink,
  deleteNeighbour,
  deleteRoute,
  findLink,
  findNeighbour,
  getLink,
  getRoute,
  ipv4,
  listFdb,
  parsePrefix,
  putFdb,
  putNeighbour,
  removeAddress,
  writeSysctl,
  type Failure,
  type Namespace,
  type VxlanLink,
} from "../../../net/index.ts";
import type { ExternalInterface, Log } from "./external-interface.ts";
import { vtepMac, type Lease } from "./lease.ts";
import type { Backend } from "./net-conf.ts";

export type VxlanBackend = Extract<Backend, { type: "vxlan" }>;

/** What the outer headers take of a packet. */
export const OVERHEAD = 50;

/** Finds the tunnel of a former run or makes it, with a MAC address that the node had before or a random one (pkg/backend/vxlan/device.go newVXLANDevice). */
export function ensureTunnel(
  ns: Namespace,
  backend: VxlanBackend,
  external: ExternalInterface,
  mac: string | undefined,
  log: Log,
): VxlanLink | { readonly error: string } {
  const name = `flannel.${backend.vni}`;
  const spec = {
    kind: "vxlan",
    name,
    id: backend.vni,
    dev: external.link.index,
    local: external.address,
    learning: backend.learning,
    ...(mac === undefined ? {} : { address: mac }),
    mtu: (backend.mtu || external.link.mtu) - OVERHEAD,
    ...(backend.port === 0 ? {} : { dstport: backend.port }),
  } as const;
  let made = createLink(ns, spec);
  if (!made.ok && made.errno === "EEXIST") {
    const existing = findLink(ns, name);
    if (!existing) return { error: "Link not found" };
    const differs =
      existing.kind === "vxlan" ? difference(backend, external, existing) : `link type: vxlan vs ${existing.kind}`;
    if (differs === "" && existing.kind === "vxlan") return existing;
    log(
      "W",
      "device.go:101",
      `"${name}" already exists with incompatible configuration: ${differs}; recreating device`,
    );
    const deleted = deleteLink(ns, existing.index);
    if (!deleted.ok) return { error: `failed to delete interface: ${words(deleted)}` };
    made = createLink(ns, spec);
    if (!made.ok) return { error: `failed to create vxlan interface: ${words(made)}` };
  }
  if (!made.ok) return { error: words(made) };
  writeSysctl(ns, `net/ipv6/conf/${name}/accept_ra`, "0");
  return made.value as VxlanLink;
}

/** vxlanLinksIncompat: nothing, if the device that there is can be used. */
function difference({ vni, port }: VxlanBackend, { link, address }: ExternalInterface, existing: VxlanLink): string {
  if (existing.id !== vni) return `vni: ${vni} vs ${existing.id}`;
  if (existing.dev !== undefined && existing.dev !== link.index)
    return `vtep (external) interface: ${link.index} vs ${existing.dev}`;
  if (existing.local !== undefined && existing.local !== address)
    return `vtep (external) IP: ${address} vs ${existing.local}`;
  if (port > 0 && existing.dstport !== port) return `port: ${port} vs ${existing.dstport}`;
  return "";
}

/** Gives the tunnel the subnet's first address, alone, and brings it up. */
export function configureTunnel(ns: Namespace, index: number, subnet: string, network: string): string | undefined {
  const local = addressText(parsePrefix(subnet)!.address);
  const { name } = getLink(ns, index);
  const refuse = (what: string, failure: Failure): string =>
    `failed to configure interface ${name}: failed to ${what}: ${words(failure)}`;
  const whole = parsePrefix(network)!;
  let has = false;
  for (const row of addressesOf(ns, index).filter(({ family }) => family === 4)) {
    if (row.local === local && row.length === 32) has = true;
    else if (contains(whole, ipv4(row.local))) removeAddress(ns, getLink(ns, index), row);
  }
  if (!has) {
    const added = addAddress(ns, getLink(ns, index), { local, length: 32 });
    if (!added.ok) return refuse(`ensure address of interface ${name}`, added);
  }
  const up = bringUp(ns, index);
  return up.ok ? undefined : refuse(`set interface ${name} to UP state`, up);
}

/** Another node has come or changed: neighbour, forwarding entry and route to it (vxlan_network.go handleSubnetEvents). */
export function addVxlanLease(ns: Namespace, backend: VxlanBackend, lease: Lease, log: Log): void {
  const tunnel = findLink(ns, `flannel.${backend.vni}`);
  const mac = vtepMac(lease.backendData);
  if (mac === undefined)
    return log("E", "vxlan_network.go:117", "error decoding subnet lease JSON: error parsing hardware addr");
  if (isDirect(ns, backend, lease)) {
    const added = addRoute(ns, { to: lease.subnet, hops: [{ via: lease.publicIp }] }, "replace");
    if (!added.ok)
      log("E", "vxlan_network.go:170", `Error adding route to ${lease.subnet} via ${lease.publicIp}: ${words(added)}`);
    return;
  }
  if (!tunnel) return log("E", "vxlan_network.go:176", "AddARP failed: no such device");
  const gateway = addressText(parsePrefix(lease.subnet)!.address);
  const link = tunnel.index;
  putNeighbour(ns, { link, address: gateway, kind: "permanent", lladdr: mac, confirmed: 0 });
  putFdb(ns, { mac, table: link, link, state: "permanent", remotes: [lease.publicIp], updated: ns.kernel.now });
  const routed = addRoute(ns, { to: lease.subnet, hops: [{ link, via: gateway, onlink: true }] }, "replace");
  if (routed.ok) return;
  log("E", "vxlan_network.go:195", `failed to add vxlanRoute (${lease.subnet} -> ${gateway}): ${words(routed)}`);
  forget(ns, link, gateway, mac, lease.publicIp);
}

export function removeVxlanLease(ns: Namespace, backend: VxlanBackend, lease: Lease, log: Log): void {
  const tunnel = findLink(ns, `flannel.${backend.vni}`);
  const mac = vtepMac(lease.backendData);
  if (isDirect(ns, backend, lease)) {
    const gone = deleteRoute(ns, { to: lease.subnet, via: lease.publicIp });
    if (!gone.ok)
      log("E", "vxlan_network.go:262", `Error deleting route to ${lease.subnet} via ${lease.publicIp}: ${words(gone)}`);
    return;
  }
  if (!tunnel || mac === undefined) return;
  const gateway = addressText(parsePrefix(lease.subnet)!.address);
  forget(ns, tunnel.index, gateway, mac, lease.publicIp);
  const gone = deleteRoute(ns, { to: lease.subnet, via: gateway, link: tunnel.index });
  if (!gone.ok)
    log("E", "vxlan_network.go:277", `failed to delete vxlanRoute (${lease.subnet} -> ${gateway}): ${words(gone)}`);
}

function forget(ns: Namespace, link: number, gateway: string, mac: string, remote: string): void {
  const neighbour = findNeighbour(ns, link, ipv4(gateway));
  if (neighbour) deleteNeighbour(ns, neighbour);
  const entry = listFdb(ns).find((row) => row.table === link && row.mac === mac);
  if (entry?.remotes?.includes(remote)) deleteFdb(ns, link, mac);
}

/** With DirectRouting, nodes of the same LAN are reached without the tunnel (pkg/ip DirectRouting). */
function isDirect(ns: Namespace, { directRouting }: VxlanBackend, { publicIp }: Lease): boolean {
  if (!directRouting) return false;
  const route = getRoute(ns, { destination: ipv4(publicIp) });
  return typeof route === "object" && route.via === undefined;
}

function words({ errno }: Failure): string {
  return strerror(errno).toLowerCase();
}

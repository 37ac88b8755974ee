import {
  addAddress,
  addressesOf,
  announceAddress,
  bringUp,
  createLink,
  defaultBroadcast,
  deleteFdb,
  findLink,
  getLink,
  listFdb,
  putFdb,
  setAddress,
  setMaster,
  setMtu,
  writeSysctl,
  type LinkSpec,
  type Namespace,
} from "../../../net/index.ts";

export const BRIDGE = "weave";
const DATAPATH = "datapath";
const BRIDGE_END = "vethwe-bridge";
const DATAPATH_END = "vethwe-datapath";
const TUNNEL = "vxlan-6784";
/** What fits everywhere, with every overhead (net/bridge.go). */
const MTU = 1376;
const TUNNEL_MTU = 65_535;
const EVERYONE = "00:00:00:00:00:00";

/**
 * Bridge, datapath and what joins them (net/bridge.go, mode bridged_fastdp). The datapath is Open vSwitch's; here its flows
 * are those of a bridge that learns, and its tunnel port floods to all peers.
 */
export function ensureLinks(ns: Namespace, name: string, mtu = MTU): void {
  const datapath = ensure(ns, { kind: "bridge", name: DATAPATH, openvswitch: true, mtu });
  const bridge = ensure(ns, { kind: "bridge", name: BRIDGE, address: name, mtu });
  if (getLink(ns, bridge).address !== name) setAddress(ns, bridge, name);
  if (!findLink(ns, BRIDGE_END)) {
    createLink(ns, { kind: "veth", name: BRIDGE_END, mtu, peer: { name: DATAPATH_END, mtu } });
    setMaster(ns, findLink(ns, BRIDGE_END)!.index, bridge);
    setMaster(ns, findLink(ns, DATAPATH_END)!.index, datapath);
  }
  const tunnel = ensure(ns, { kind: "vxlan", name: TUNNEL, id: 0, dstport: 6784, learning: true, mtu: TUNNEL_MTU });
  setMaster(ns, tunnel, datapath);
  for (const index of [datapath, bridge]) if (getLink(ns, index).mtu !== mtu) setMtu(ns, index, mtu);
  for (const link of [DATAPATH, BRIDGE, BRIDGE_END, DATAPATH_END, TUNNEL]) {
    const found = findLink(ns, link)!;
    if (!found.up) bringUp(ns, found.index);
  }
  writeSysctl(ns, "net/ipv4/ip_forward", "1");
}

/** Whom the tunnel floods to: the peers that it has connections with. */
export function reachPeers(ns: Namespace, peers: readonly string[]): void {
  const tunnel = findLink(ns, TUNNEL);
  if (!tunnel) return;
  const row = listFdb(ns).find((one) => one.table === tunnel.index && one.mac === EVERYONE);
  if (row?.remotes?.join() === peers.join()) return;
  if (peers.length === 0) {
    if (row) deleteFdb(ns, tunnel.index, EVERYONE);
    return;
  }
  putFdb(ns, {
    mac: EVERYONE,
    table: tunnel.index,
    link: tunnel.index,
    state: "permanent",
    remotes: peers,
    updated: ns.kernel.now,
  });
}

/** Gives the bridge an address of the network, so that the machine is in it (net/expose.go). */
export function expose(ns: Namespace, address: string, length: number): void {
  const bridge = findLink(ns, BRIDGE);
  if (!bridge || addressesOf(ns, bridge.index).some(({ local }) => local === address)) return;
  addAddress(ns, bridge, { local: address, length, broadcast: defaultBroadcast(address, length) });
  announceAddress(ns, findLink(ns, BRIDGE)!, address);
}

export function exposedAddress(ns: Namespace): string | undefined {
  const bridge = findLink(ns, BRIDGE);
  return bridge && addressesOf(ns, bridge.index).find(({ family }) => family === 4)?.local;
}

function ensure(ns: Namespace, spec: LinkSpec & { readonly name: string }): number {
  const found = findLink(ns, spec.name);
  if (found) return found.index;
  const made = createLink(ns, spec);
  if (!made.ok) throw new Error(`weave: ${spec.name}: ${made.errno}`);
  return made.value.index;
}

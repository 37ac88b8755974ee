import { createHash } from "node:crypto";
import {
  addAddress,
  addressesOf,
  addressText,
  addRoute,
  bringUp,
  contains,
  createLink,
  deleteRoute,
  findLink,
  getLink,
  getRoute,
  ipv4,
  listFdb,
  listRoutes,
  parsePrefix,
  putFdb,
  putNeighbour,
  removeAddress,
  setMtu,
  TABLE_MAIN,
  type Namespace,
  type RouteRow,
} from "../../../../net/index.ts";
import type { Node } from "../../../api/index.ts";
import { NODE_ADDRESS, NODE_VXLAN_ADDRESS, type BlockAffinity, type IpPool } from "../resources.ts";
import type { WantedRoute } from "./row.ts";

export const TUNL0 = "tunl0";
export const VXLAN = "vxlan.calico";
const VNI = 4096;
const VXLAN_PORT = 4789;

/** What a node knows of the others' parts of the network. */
export interface Mesh {
  readonly node: string;
  /** `172.30.1.2/24` */
  readonly address: string;
  readonly link: string;
  /** Whether BIRD has, or keeps for a while, what the node of that name has told. */
  readonly learned: (node: string) => boolean;
  readonly bird: boolean;
}

/** The routes of a node: blackholes of its own blocks, and a way to each of the others' (BIRD's templates in confd, felix vxlan_mgr.go). */
export function wantedRoutes(
  ns: Namespace,
  { node, address, link, learned, bird }: Mesh,
  nodes: readonly Node[],
  affinities: readonly BlockAffinity[],
  pools: readonly IpPool[],
): WantedRoute[] {
  const own = parsePrefix(address)!;
  const routes: WantedRoute[] = [];
  for (const { spec } of affinities) {
    if (spec.state !== "confirmed" || spec.deleted === "true") continue;
    const block = parsePrefix(spec.cidr)!;
    const pool = pools.find((one) => contains(parsePrefix(one.spec.cidr)!, block.address));
    const { ipipMode = "Never", vxlanMode = "Never" } = pool?.spec ?? {};
    const vxlan = vxlanMode !== "Never";
    if (spec.node === node) {
      if (vxlan || bird) routes.push({ to: spec.cidr, blackhole: true, protocol: vxlan ? "80" : "bird" });
      continue;
    }
    const other = nodes.find(({ metadata }) => metadata.name === spec.node);
    const there = other?.metadata.annotations?.[NODE_ADDRESS]?.split("/")[0];
    if (there === undefined) continue;
    const near = contains(own, ipv4(there));
    if (vxlan) {
      const vtep = other?.metadata.annotations?.[NODE_VXLAN_ADDRESS];
      if (vxlanMode === "CrossSubnet" && near) routes.push({ to: spec.cidr, dev: link, via: there, protocol: "80" });
      else if (vtep !== undefined) routes.push({ to: spec.cidr, dev: VXLAN, via: vtep, onlink: true });
      continue;
    }
    if (!bird || !learned(spec.node)) continue;
    if (ipipMode === "Always" || (ipipMode === "CrossSubnet" && !near))
      routes.push({ to: spec.cidr, dev: TUNL0, via: there, onlink: true, protocol: "bird" });
    else if (near) routes.push({ to: spec.cidr, dev: link, via: there, protocol: "bird" });
    else {
      // `gateway recursive`: the way to the neighbour is the way to what is behind it.
      const way = getRoute(ns, { destination: ipv4(there) });
      const via = typeof way === "object" && way.via !== undefined ? addressText(way.via) : undefined;
      if (typeof way === "object" && via !== undefined)
        routes.push({ to: spec.cidr, dev: way.link.name, via, protocol: "bird" });
    }
  }
  return routes;
}

/** Makes the kernel have them, and not what it had of them before. */
export function applyRoutes(ns: Namespace, before: readonly WantedRoute[], wanted: readonly WantedRoute[]): void {
  const kept = new Set(wanted.map(({ to }) => to));
  const rows = new Map(
    listRoutes(ns, 4)
      .filter(({ table }) => table === TABLE_MAIN)
      .map((row) => [row.to, row]),
  );
  for (const { to } of before) if (!kept.has(to) && rows.has(to)) deleteRoute(ns, { to });
  for (const route of wanted) {
    const row = rows.get(route.to);
    if (row && stands(ns, row, route)) continue;
    const link = route.dev === undefined ? undefined : findLink(ns, route.dev);
    if (route.dev !== undefined && !link?.up) continue;
    if (row) deleteRoute(ns, { to: route.to });
    addRoute(ns, {
      to: route.to,
      ...(route.blackhole ? { type: "blackhole" as const } : {}),
      ...(route.protocol === undefined ? {} : { protocol: route.protocol }),
      ...(link ? { hops: [{ link: link.index, via: route.via!, ...(route.onlink ? { onlink: true } : {}) }] } : {}),
    });
  }
}

function stands(ns: Namespace, row: RouteRow, route: WantedRoute): boolean {
  if (route.blackhole) return row.type === "blackhole";
  const [hop] = row.hops;
  return hop !== undefined && ns.links.get(hop.link)?.name === route.dev && hop.via === route.via;
}

/** The device of IPIP tunnels, up, with its one address (felix ipip_mgr.go). The kernel makes it with the module. */
export function ensureTunl0(ns: Namespace, mtu: number, address: string | undefined): void {
  const link = findLink(ns, TUNL0) ?? made(createLink(ns, { kind: "ipip", name: TUNL0 }));
  if (!link) return;
  if (link.mtu !== mtu) setMtu(ns, link.index, mtu);
  if (!link.up) bringUp(ns, link.index);
  if (address !== undefined) ensureAddress(ns, link.index, address);
}

/** The device of VXLAN tunnels, and whom it reaches through it (felix vxlan_mgr.go). */
export function ensureVxlan(
  ns: Namespace,
  mtu: number,
  { node, address, link: parent }: Pick<Mesh, "node" | "address" | "link">,
  nodes: readonly Node[],
): void {
  const own = nodes.find(({ metadata }) => metadata.name === node)?.metadata.annotations?.[NODE_VXLAN_ADDRESS];
  if (own === undefined) return;
  const lower = findLink(ns, parent);
  const link =
    findLink(ns, VXLAN) ??
    made(
      createLink(ns, {
        kind: "vxlan",
        name: VXLAN,
        id: VNI,
        ...(lower ? { dev: lower.index } : {}),
        local: address.split("/")[0]!,
        learning: false,
        dstport: VXLAN_PORT,
        address: vtepMac(node),
        mtu,
      }),
    );
  if (!link) return;
  if (!getLink(ns, link.index).up) bringUp(ns, link.index);
  ensureAddress(ns, link.index, own);
  const known = listFdb(ns).filter(({ table }) => table === link.index);
  for (const { metadata } of nodes) {
    const [vtep, there] = [
      metadata.annotations?.[NODE_VXLAN_ADDRESS],
      metadata.annotations?.[NODE_ADDRESS]?.split("/")[0],
    ];
    if (metadata.name === node || vtep === undefined || there === undefined) continue;
    const mac = vtepMac(metadata.name);
    putNeighbour(ns, { link: link.index, address: vtep, kind: "permanent", lladdr: mac, confirmed: 0 });
    if (known.some((row) => row.mac === mac && row.remotes?.[0] === there)) continue;
    putFdb(ns, {
      mac,
      table: link.index,
      link: link.index,
      state: "permanent",
      remotes: [there],
      updated: ns.kernel.now,
    });
  }
}

/** The MAC address of a node's end of the tunnels follows from its name (felix calc/vxlan_resolver.go vtepMACForHost). */
export function vtepMac(node: string): string {
  const digest = createHash("sha1").update(node).digest("hex");
  return ["66", ...(digest.slice(0, 10).match(/../g) ?? [])].join(":");
}

function made(result: ReturnType<typeof createLink>) {
  return result.ok ? result.value : undefined;
}

function ensureAddress(ns: Namespace, index: number, local: string): void {
  const rows = addressesOf(ns, index).filter(({ family }) => family === 4);
  for (const row of rows) if (row.local !== local) removeAddress(ns, getLink(ns, index), row);
  if (!rows.some((row) => row.local === local)) addAddress(ns, getLink(ns, index), { local, length: 32 });
}

import { addAddress, defaultBroadcast } from "./address.ts";
import type { Result } from "./errno.ts";
import { putFdb } from "./fdb.ts";
import { addNamespace } from "./lifecycle.ts";
import { setMaster, setPort } from "./link/bridge.ts";
import { createLink } from "./link/create.ts";
import { findLink } from "./link/links.ts";
import { setMtu } from "./link/set.ts";
import { bringDown, bringUp } from "./link/state.ts";
import type { LinkRow } from "./link/row.ts";
import type { Mac } from "./mac.ts";
import type { Namespace } from "./namespace.ts";
import { putNeighbour } from "./neighbour.ts";
import { Network } from "./network.ts";
import { netfilterOf } from "./netfilter/netfilter.ts";
import { readRule } from "./netfilter/read.ts";
import { isProblem, type TableName } from "./netfilter/row.ts";
import { TableEditor } from "./netfilter/editor.ts";
import { splitWords } from "./netfilter/words.ts";
import { addRoute, type RouteSpec } from "./route/table.ts";
import { writeSysctl } from "./sysctl/sysctl.ts";
import { openSocket } from "./socket/sockets.ts";
import type { SocketRow } from "./socket/row.ts";
import { testKernel } from "../kernel/testing.ts";
import type { Kernel } from "../kernel/index.ts";

/** What a step of a test's set-up returns; a failure is the test's mistake. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.errno} ${result.extack ?? ""}`);
  return result.value;
}

export function testNetwork(kernel: Kernel = testKernel()): Network {
  return new Network(kernel);
}

export function up(ns: Namespace, name: string): void {
  must(bringUp(ns, linkNamed(ns, name).index));
}

export function down(ns: Namespace, name: string): void {
  bringDown(ns, linkNamed(ns, name).index);
}

export function linkNamed(ns: Namespace, name: string): LinkRow {
  const link = findLink(ns, name);
  if (!link) throw new Error(`no link ${name} in ${ns.id}`);
  return link;
}

/** `10.0.0.1/24` on a link. */
export function give(ns: Namespace, name: string, prefix: string, options: { broadcast?: boolean } = {}): void {
  const [local, digits] = prefix.split("/") as [string, string];
  const length = Number(digits);
  const broadcast = options.broadcast ? { broadcast: defaultBroadcast(local, length) } : {};
  must(addAddress(ns, linkNamed(ns, name), { local, length, ...broadcast }));
}

/** `10.0.0.0/8 via 10.1.1.1`, `default dev eth0`, `10.0.0.0/8 via 10.1.1.1 dev eth0 onlink`, `blackhole 10.0.0.0/8`. */
export function route(ns: Namespace, text: string): void {
  const words = text.split(" ");
  const refusing = ["blackhole", "unreachable", "prohibit", "throw"].includes(words[0]!);
  const type = refusing ? { type: words.shift() as NonNullable<RouteSpec["type"]> } : {};
  const value = (name: string): string | undefined =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  const [to] = words as [string];
  const [via, dev, metric, source] = [value("via"), value("dev"), value("metric"), value("src")];
  const hop = {
    ...(via === undefined ? {} : { via }),
    ...(dev === undefined ? {} : { link: linkNamed(ns, dev).index }),
    ...(words.includes("onlink") ? { onlink: true } : {}),
  };
  must(
    addRoute(ns, {
      ...type,
      to: to === "default" ? "0.0.0.0/0" : to.includes("/") ? to : `${to}/32`,
      ...(metric === undefined ? {} : { metric: Number(metric) }),
      ...(source === undefined ? {} : { source }),
      ...(refusing ? {} : { hops: [hop] }),
    }),
  );
}

export function sysctl(ns: Namespace, name: string, value: number | string): void {
  must(writeSysctl(ns, name.replaceAll(".", "/"), String(value)));
}

/** `-t nat -A POSTROUTING -j MASQUERADE`, as typed behind `iptables`. */
export function iptables(ns: Namespace, line: string): void {
  const words = splitWords(line);
  const table = words[0] === "-t" ? (words.splice(0, 2)[1] as TableName) : "filter";
  const [command, chain, ...rest] = words as [string, string, ...string[]];
  const netfilter = netfilterOf(ns);
  const editor = new TableEditor(netfilter, netfilter[table]);
  const problem = apply(editor, table, command, chain, rest) ?? editor.commit();
  if (problem) throw new Error(`iptables ${line}: ${problem.text}`);
}

function apply(editor: TableEditor, table: TableName, command: string, chain: string, rest: string[]) {
  if (command === "-N") return editor.newChain(chain);
  if (command === "-F") return editor.flush(chain);
  if (command === "-P") return editor.setPolicy(chain, rest[0]!);
  const read = readRule(rest, { table, chain, hasChain: (name) => editor.has(name) });
  if (isProblem(read)) return read;
  for (const draft of read.rules) {
    const problem =
      command === "-D"
        ? editor.deleteRule(chain, draft)
        : command === "-I"
          ? editor.insert(chain, 1, draft)
          : editor.append(chain, draft);
    if (problem) return problem;
  }
  return undefined;
}

/** A machine with `lo` and, on a segment, `eth0`. */
export function machine(
  network: Network,
  name: string,
  options: { segment?: string; address?: string; mac?: Mac; gateway?: string } = {},
): Namespace {
  const ns = addNamespace(network, name);
  up(ns, "lo");
  if (options.segment !== undefined) {
    const mac = options.mac === undefined ? {} : { address: options.mac };
    must(createLink(ns, { kind: "physical", name: "eth0", segment: options.segment, ...mac }));
    up(ns, "eth0");
    if (options.address !== undefined) give(ns, "eth0", options.address, { broadcast: true });
    if (options.gateway !== undefined) route(ns, `default via ${options.gateway}`);
  }
  return ns;
}

export function bridge(ns: Namespace, name: string, options: { address?: string; mac?: Mac; mtu?: number } = {}): void {
  const mac = options.mac === undefined ? {} : { address: options.mac };
  const mtu = options.mtu === undefined ? {} : { mtu: options.mtu };
  must(createLink(ns, { kind: "bridge", name, ...mac, ...mtu }));
  up(ns, name);
  if (options.address !== undefined) give(ns, name, options.address, { broadcast: true });
}

/** A Pod's namespace on a node: `eth0`, whose other end is a port of the node's bridge. */
export function pod(
  node: Namespace,
  name: string,
  options: { address: string; gateway?: string; bridge?: string; mac?: Mac; mtu?: number; hairpin?: boolean },
): Namespace {
  const { network } = node;
  const ns = addNamespace(network, node.machine, { label: `Pod ${name}` });
  const mac = options.mac === undefined ? {} : { address: options.mac };
  const veth = `veth-${name}`.slice(0, 15);
  must(createLink(node, { kind: "veth", name: veth, peer: { name: "eth0", namespace: ns.id, ...mac } }));
  if (options.mtu !== undefined) {
    must(setMtu(node, linkNamed(node, veth).index, options.mtu));
    must(setMtu(ns, linkNamed(ns, "eth0").index, options.mtu));
  }
  if (options.bridge !== undefined) {
    must(setMaster(node, linkNamed(node, veth).index, linkNamed(node, options.bridge).index));
    if (options.hairpin) must(setPort(node, linkNamed(node, veth).index, { hairpin: true }));
  }
  up(node, veth);
  for (const link of ["lo", "eth0"]) up(ns, link);
  give(ns, "eth0", options.address, { broadcast: true });
  if (options.gateway !== undefined) route(ns, `default via ${options.gateway}`);
  return ns;
}

export function listen(ns: Namespace, port: number, options: Partial<SocketRow> = {}): SocketRow {
  const { protocol = "tcp", address = "0.0.0.0", application, args } = options;
  return must(
    openSocket(ns, {
      protocol,
      address,
      port,
      ...(protocol === "tcp" ? { backlog: 128 } : {}),
      reuseAddress: true,
      ...(application === undefined ? {} : { application }),
      ...(args === undefined ? {} : { args }),
    }),
  );
}

export interface Cluster {
  readonly network: Network;
  readonly router: Namespace;
  readonly outside: Namespace;
  readonly nodes: readonly [Namespace, Namespace];
}

/** Number of a node, from 0: its addresses are 192.168.56.11, .12; its Pods' 10.244.0.0/24, 10.244.1.0/24. */
const NODES = ["controlplane", "node01"] as const;

/**
 * Two nodes on a LAN with a router, as flannel sets them up: cni0, flannel.1, routes, neighbours and fdb to the other. Behind the
 * router (which owns 8.8.8.8 too) a host on another LAN.
 */
export function cluster(kernel?: Kernel): Cluster {
  const network = testNetwork(kernel);
  const router = machine(network, "router", { segment: "lan", address: "192.168.56.1/24", mac: "02:42:c0:a8:38:01" });
  must(createLink(router, { kind: "physical", name: "eth1", segment: "wan" }));
  up(router, "eth1");
  give(router, "eth1", "203.0.113.1/24");
  give(router, "lo", "8.8.8.8/32");
  sysctl(router, "net.ipv4.ip_forward", 1);
  const outside = machine(network, "outside", { segment: "wan", address: "203.0.113.9/24", gateway: "203.0.113.1" });
  const nodes = NODES.map((name, at) => flannelNode(network, name, at)) as unknown as [Namespace, Namespace];
  return { network, router, outside, nodes };
}

function flannelNode(network: Network, name: string, at: number): Namespace {
  const address = `192.168.56.${11 + at}`;
  network.loadModule(name, "br_netfilter");
  const node = machine(network, name, {
    segment: "lan",
    address: `${address}/24`,
    mac: `02:42:c0:a8:38:0${(11 + at).toString(16)}`,
    gateway: "192.168.56.1",
  });
  sysctl(node, "net.ipv4.ip_forward", 1);
  const own = { kind: "vxlan", name: "flannel.1", id: 1, local: address, dstport: 8472, learning: false } as const;
  must(createLink(node, { ...own, dev: linkNamed(node, "eth0").index, address: `02:42:0a:f4:0${at}:00` }));
  up(node, "flannel.1");
  give(node, "flannel.1", `10.244.${at}.0/32`);
  const other = 1 - at;
  const [subnet, vtep] = [`10.244.${other}.0`, `02:42:0a:f4:0${other}:00`];
  route(node, `${subnet}/24 via ${subnet} dev flannel.1 onlink`);
  const tunnel = linkNamed(node, "flannel.1").index;
  putNeighbour(node, { link: tunnel, address: subnet, kind: "permanent", lladdr: vtep, confirmed: 0 });
  putFdb(node, {
    mac: vtep,
    table: tunnel,
    link: tunnel,
    state: "permanent",
    remotes: [`192.168.56.${11 + other}`],
    updated: 0,
  });
  bridge(node, "cni0", { address: `10.244.${at}.1/24`, mac: `02:42:0a:f4:0${at}:01`, mtu: 1450 });
  return node;
}

/** A Pod of a cluster's node, with the next address of its subnet or the one given. */
export function clusterPod(world: Cluster, at: 0 | 1, name: string, last: number): Namespace {
  return pod(world.nodes[at], name, {
    address: `10.244.${at}.${last}/24`,
    gateway: `10.244.${at}.1`,
    bridge: "cni0",
    mac: `02:42:0a:f4:0${at}:${last.toString(16).padStart(2, "0")}`,
    mtu: 1450,
    hairpin: true,
  });
}

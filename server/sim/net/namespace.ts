import type { Kernel, TableIndex } from "../kernel/index.ts";
import type { AddressRow } from "./address-row.ts";
import type { Configuration } from "./sysctl/configuration.ts";
import type { ConntrackIndex } from "./conntrack/index-of-flows.ts";
import type { ConntrackRow } from "./conntrack/row.ts";
import type { FdbRow } from "./fdb.ts";
import type { LinkIndex } from "./link/links.ts";
import type { LinkRow } from "./link/row.ts";
import type { NeighbourRow } from "./neighbour.ts";
import type { Netfilter } from "./netfilter/netfilter.ts";
import type { Network } from "./network.ts";
import type { Nftables } from "./nftables/nftables.ts";
import type { Fib } from "./route/fib.ts";
import type { RedirectRow } from "./route/redirected.ts";
import type { NexthopRow } from "./route/nexthop-row.ts";
import type { RouteRow, RuleRow } from "./route/row.ts";
import type { ConnectionRow, SocketRow } from "./socket/row.ts";
import type { ConnectionIndex, SocketIndex } from "./socket/lookup.ts";
import type { Rows } from "./rows.ts";

export interface NamespaceRow {
  readonly id: string;
  /** The machine (one Linux kernel) that it lives on. */
  readonly machine: string;
  /** What `ip netns add` called it. */
  readonly name?: string;
  /** Named later than it was made: the inode of the newest namespace at that time. */
  readonly namedAfter?: number;
  /** For people: `Pod client-7d9f`. */
  readonly label?: string;
  /** `net:[4026531840]` in /proc/PID/ns/net. */
  readonly inode: number;
  /** The index that was given to a link last. */
  readonly lastIndex: number;
  /** Numbers under which it knows other namespaces (`link-netnsid 0`), given when a link first points there. */
  readonly peerIds: Readonly<Record<string, number>>;
}

/** Traffic of a link, in packets and bytes of Ethernet frames. */
export interface LinkCounters {
  readonly rxPackets: number;
  readonly rxBytes: number;
  readonly rxDropped: number;
  readonly txPackets: number;
  readonly txBytes: number;
  readonly txDropped: number;
}

/** One network namespace: a view on its tables `net/<id>/…`, with the caches that the walk needs. */
export class Namespace {
  readonly id: string;
  readonly network: Network;
  readonly kernel: Kernel;
  readonly links: Rows<number, LinkRow>;
  /** By link index, IPv4 first, in the kernel's order. */
  readonly addresses: Rows<number, readonly AddressRow[]>;
  /** By table and prefix (`254 10.0.0.0/8`): the routes to it in the order in which they are tried. */
  readonly routes: Rows<string, readonly RouteRow[]>;
  /** Routing tables that exist besides main and local, by family and number (`4 100`). */
  readonly tables: Rows<string, true>;
  /** Nexthop objects, by their number. */
  readonly nexthops: Rows<number, NexthopRow>;
  /** Policy rules by family (`4`, `6`); Linux' own where nothing was written. */
  readonly rules: Rows<number, readonly RuleRow[]>;
  /** Neighbours that were configured (permanent, noarp), and those that were learned or asked for. */
  readonly neighbours: Rows<string | number, NeighbourRow>;
  readonly neighboursLearned: Rows<string | number, NeighbourRow>;
  readonly fdb: Rows<string, FdbRow>;
  readonly fdbLearned: Rows<string, FdbRow>;
  readonly sysctls: Rows<string, string>;
  /** Listening and bound sockets. */
  readonly sockets: Rows<number, SocketRow>;
  /** Connected sockets come and go with every request, so that they are quiet. */
  readonly connections: Rows<number, ConnectionRow>;
  readonly conntrack: Rows<number, ConntrackRow>;
  readonly linkCounters: Rows<number, LinkCounters>;
  /** Counters of the stack, by protocol and name: `Ip.InReceives` (the kernel's SNMP MIBs). */
  readonly mib: Rows<string, number>;
  /** Path MTUs that ICMP told of, by destination. */
  readonly pathMtu: Rows<string, { readonly mtu: number; readonly until: number }>;

  /** What ICMP redirects told, by destination. */
  readonly redirects: Rows<string, RedirectRow>;

  // Caches; each belongs to a version of its rows and is made anew after restore and fork.
  linkIndex: LinkIndex | undefined;
  fib: Fib | undefined;
  configuration: Configuration | undefined;
  netfilter4: Netfilter | undefined;
  netfilter6: Netfilter | undefined;
  netfilterLegacy4: Netfilter | undefined;
  netfilterLegacy6: Netfilter | undefined;
  nftables: Nftables | undefined;
  conntrackIndex: ConntrackIndex | undefined;
  socketIndex: SocketIndex | undefined;
  connectionIndex: ConnectionIndex | undefined;
  socketsByPid: TableIndex<number, SocketRow> | undefined;
  connectionsByPid: TableIndex<number, ConnectionRow> | undefined;
  readonly #rows = new Map<string, Rows<never, unknown>>();

  constructor(network: Network, id: string) {
    this.id = id;
    this.network = network;
    this.kernel = network.kernel;
    this.links = this.rows("links");
    this.addresses = this.rows("addresses");
    this.routes = this.rows("routes");
    this.tables = this.rows("tables");
    this.nexthops = this.rows("nexthops");
    this.rules = this.rows("rules");
    this.neighbours = this.rows("neighbours");
    this.neighboursLearned = this.quietRows("neighbours-learned");
    this.fdb = this.rows("fdb");
    this.fdbLearned = this.quietRows("fdb-learned");
    this.sysctls = this.rows("sysctls");
    this.sockets = this.rows("sockets");
    this.connections = this.quietRows("connections");
    this.conntrack = this.quietRows("conntrack");
    this.linkCounters = this.quietRows("link-counters");
    this.mib = this.quietRows("mib");
    this.pathMtu = this.quietRows("path-mtu");
    this.redirects = this.quietRows("redirects");
  }

  get row(): NamespaceRow {
    return this.network.namespaces.get(this.id)!;
  }

  get machine(): string {
    return this.row.machine;
  }

  /** What a trace calls it besides its machine: a label or name; the machine's own namespace has none. */
  get title(): string {
    const row = this.row;
    return row.label ?? row.name ?? (row.id === row.machine ? "" : row.id.slice(row.machine.length + 1));
  }

  /** The table of that name: always the same object, so that all who ask see it as soon as it exists. */
  rows<K extends string | number, V>(name: string, quiet = false): Rows<K, V> {
    let rows = this.#rows.get(name);
    if (!rows) this.#rows.set(name, (rows = this.network.rows(`net/${this.id}/${name}`, quiet)));
    return rows as unknown as Rows<K, V>;
  }

  quietRows<K extends string | number, V>(name: string): Rows<K, V> {
    return this.rows(name, true);
  }
}

import type { Namespace as NetworkNamespace, TableName } from "../../../../net/index.ts";
import {
  anyKind,
  type KubeObject,
  type Namespace,
  type NetworkPolicy,
  type Node,
  type Pod,
} from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import { namespaces, networkPolicies, nodes, pods } from "../../../kinds/index.ts";
import { Calculation } from "./calculation.ts";
import { IpSets } from "./ip-sets.ts";
import type { FelixRow } from "./row.ts";
import { ALL_HOSTS, ALL_POOLS, ALL_VXLAN, MASQ_POOLS, staticTables, type StaticConfig } from "./static-rules.ts";
import { FelixTable } from "./tables.ts";

/** Kinds that felix watches; what it hears of is told by kind, Namespace and name. */
export type Watched = "pod" | "namespace" | "policy" | "node" | "pool";

export interface Heard {
  readonly kind: Watched;
  readonly namespace: string;
  readonly name: string;
}

interface Pool extends KubeObject {
  readonly spec: {
    readonly cidr: string;
    readonly ipipMode?: string;
    readonly vxlanMode?: string;
    readonly natOutgoing?: boolean;
    readonly disabled?: boolean;
  };
}

const TABLE_NAMES: readonly TableName[] = ["raw", "mangle", "nat", "filter"];
const NODE_ADDRESS = "projectcalico.org/IPv4Address";

/** Calico's own kind, if its CustomResourceDefinition is there. */
export function poolKind({ api }: Cluster) {
  return api.registry.find("crd.projectcalico.org", "v1", "ippools");
}

/**
 * What one felix has in memory: what it makes of the objects, and what it believes that stands in its node's kernel. Made
 * anew after a restore or a fork, it compares everything once.
 */
export class Dataplane {
  readonly #row: FelixRow;
  readonly #cluster: Cluster;
  readonly #sets: IpSets;
  readonly #tables: ReadonlyMap<TableName, FelixTable>;
  readonly #calculation: Calculation;
  #static = "";

  constructor(row: FelixRow, cluster: Cluster, ns: NetworkNamespace) {
    this.#row = row;
    this.#cluster = cluster;
    this.#sets = new IpSets(ns);
    this.#tables = new Map(TABLE_NAMES.map((name) => [name, new FelixTable(ns, name)]));
    this.#calculation = new Calculation(row.node, row.prefix, this.#tables.get("filter")!, this.#sets);
    const { store } = cluster.api;
    for (const { metadata } of store.list(anyKind(namespaces))) this.#namespace(metadata.name);
    for (const { metadata } of store.list(anyKind(networkPolicies))) this.#policy(metadata.namespace!, metadata.name);
    for (const { metadata } of store.list(anyKind(pods))) this.#pod(metadata.namespace!, metadata.name);
    this.#network();
    this.resync();
  }

  /** Everything in the kernel is to be looked at again. */
  resync(): void {
    this.#sets.resync();
    for (const table of this.#tables.values()) table.resync();
  }

  hear({ kind, namespace, name }: Heard): void {
    if (kind === "pod") this.#pod(namespace, name);
    else if (kind === "policy") this.#policy(namespace, name);
    else if (kind === "namespace") this.#namespace(name);
    else this.#network();
  }

  #namespace(name: string): void {
    this.#calculation.namespace(
      name,
      this.#cluster.api.store.get(anyKind(namespaces), "", name) as Namespace | undefined,
    );
  }

  #policy(namespace: string, name: string): void {
    const object = this.#cluster.api.store.get(anyKind(networkPolicies), namespace, name);
    this.#calculation.policy(namespace, name, object as NetworkPolicy | undefined);
  }

  #pod(namespace: string, name: string): void {
    this.#calculation.pod(
      namespace,
      name,
      this.#cluster.api.store.get(anyKind(pods), namespace, name) as Pod | undefined,
    );
  }

  /** What depends on pools and Nodes: tunnels, and whose addresses are hidden behind the node's. */
  #network(): void {
    const { store } = this.#cluster.api;
    const kind = poolKind(this.#cluster);
    const pools = (kind ? store.list(kind) : []) as readonly Pool[];
    const config: StaticConfig = {
      prefix: this.#row.prefix,
      endpointToHost: this.#row.endpointToHost,
      ipip: pools.some(({ spec }) => (spec.ipipMode ?? "Never") !== "Never"),
      vxlan: pools.some(({ spec }) => (spec.vxlanMode ?? "Never") !== "Never"),
      natOutgoing: pools.some(({ spec }) => spec.natOutgoing),
    };
    const cidrs = (some: readonly Pool[]): string[] =>
      some.map(({ spec }) => spec.cidr).filter((cidr) => !cidr.includes(":"));
    this.#sets.replace(ALL_POOLS, "hash:net", cidrs(pools));
    this.#sets.replace(MASQ_POOLS, "hash:net", cidrs(pools.filter(({ spec }) => spec.natOutgoing)));
    const all = store.list(anyKind(nodes)) as readonly Node[];
    if (config.ipip) this.#sets.replace(ALL_HOSTS, "hash:net", all.flatMap(addressOf));
    else this.#sets.destroy(ALL_HOSTS);
    const others = all.filter(({ metadata }) => metadata.name !== this.#row.node);
    if (config.vxlan) this.#sets.replace(ALL_VXLAN, "hash:net", others.flatMap(addressOf));
    else this.#sets.destroy(ALL_VXLAN);
    const text = JSON.stringify(config);
    if (text === this.#static) return;
    this.#static = text;
    for (const [name, { chains, inserts, appends }] of Object.entries(staticTables(config))) {
      const table = this.#tables.get(name as TableName)!;
      for (const chain of chains) table.update(chain);
      table.setEdges({ inserts, appends });
    }
  }

  /** Sets that rules need come first; those that no rule needs any more go last (int_dataplane.go apply). */
  apply(): Applied {
    this.#calculation.flush();
    const sets = this.#sets.applyUpdates();
    let rules = 0;
    for (const table of this.#tables.values()) rules += table.apply();
    this.#sets.applyDeletions();
    return { sets, rules };
  }
}

export interface Applied {
  /** Sets that were made, with how many members. */
  readonly sets: readonly (readonly [name: string, size: number])[];
  /** How many rules were written. */
  readonly rules: number;
}

/** A Node's address as calico-node has noted it, or as the kubelet says. */
function addressOf({ metadata, status }: Node): string[] {
  const noted = metadata.annotations?.[NODE_ADDRESS]?.split("/")[0];
  const own =
    noted ?? status?.addresses?.find(({ type, address }) => type === "InternalIP" && !address.includes(":"))?.address;
  return own === undefined ? [] : [own];
}

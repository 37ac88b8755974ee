import { Part, type Hosts } from "../../host/index.ts";
import type { Kernel, Table, Time } from "../../kernel/index.ts";
import { networkOfHosts, type Network } from "../../net/index.ts";
import { ApiServer, KUBEADM_SETTINGS, type ApiSettings, type UserInfo } from "../api/index.ts";
import { Heartbeats } from "../controllers/index.ts";
import { KINDS } from "../kinds/index.ts";

/** A cluster of the world: which processes make it up. Plain data; its objects are in the tables of its API server. */
export interface ClusterRow {
  readonly name: string;
  /** `v1.33.1`. */
  readonly version: string;
  readonly created: Time;
  /** The running kube-apiserver; absent while there is none. */
  readonly apiServer?: RunningProcess;
  /** What its flags say (see components/kube-apiserver). */
  readonly settings?: Omit<ApiSettings, keyof Guard | "components" | "lastRenewal">;
  /** The rows of `--token-auth-file`, as they were when the server started. */
  readonly staticTokens?: readonly { readonly token: string; readonly user: UserInfo }[];
  /** Paths on the API server's machine that its flags name. */
  readonly files?: {
    readonly clientCa: string;
    readonly servingCertificate: string;
    /** `--requestheader-client-ca-file` */
    readonly requestHeaderCa?: string;
    /** `--service-account-key-file`, `--service-account-signing-key-file`. */
    readonly serviceAccountKey?: string;
    readonly serviceAccountSigningKey?: string;
  };
}

/** What the running server asks of the world for its requests. */
type Guard = Pick<
  ApiSettings,
  "etcdError" | "authorize" | "access" | "signToken" | "openId" | "callWebhook" | "logWarning"
>;

export interface RunningProcess {
  readonly machine: string;
  /** The host that it runs in: its container. */
  readonly host: string;
  readonly pid: number;
}

/** The view on one cluster. */
export class Cluster {
  readonly name: string;
  readonly hosts: Hosts;
  readonly network: Network;
  readonly kernel: Kernel;
  readonly api: ApiServer;
  /** Who renews what in this cluster without writing it each time. */
  readonly heartbeats: Heartbeats;
  readonly #rows: Table<string, ClusterRow>;
  /** What its settings were made of last. */
  #known: { readonly settings: object; readonly guard: object; readonly all: ApiSettings } | undefined;
  /** Parts of the running API server that are code: whether etcd answers, who may do what. */
  guard: Guard & { readonly readToken?: (token: string) => UserInfo | undefined } = {};

  /** How the components of the control plane are, as the API server finds them. */
  components: NonNullable<ApiSettings["components"]> = () => [];

  constructor(hosts: Hosts, name: string) {
    this.name = name;
    this.hosts = hosts;
    this.network = networkOfHosts(hosts);
    this.kernel = hosts.kernel;
    this.#rows = this.kernel.state.table("clusters");
    this.heartbeats = new Heartbeats(this.kernel, name);
    this.api = new ApiServer(this.kernel, {
      cluster: name,
      kinds: KINDS,
      settings: () => this.#settings(),
    });
  }

  #settings(): ApiSettings {
    const { settings = KUBEADM_SETTINGS } = this.row;
    const { guard } = this;
    if (this.#known?.settings !== settings || this.#known.guard !== guard) {
      const lastRenewal = (lease: string): Time | undefined => this.heartbeats.lastRenewal(lease);
      const all = { ...settings, ...guard, components: () => this.components(), lastRenewal };
      this.#known = { settings, guard, all };
    }
    return this.#known.all;
  }

  get row(): ClusterRow {
    return this.#rows.get(this.name)!;
  }

  update(change: { readonly [K in keyof ClusterRow]?: ClusterRow[K] | undefined }): void {
    const fields = Object.entries({ ...this.row, ...change }).filter(([, value]) => value !== undefined);
    this.#rows.set(this.name, Object.fromEntries(fields) as unknown as ClusterRow);
  }
}

/** The clusters of a world: none, one, or several. */
export class Clusters {
  readonly #hosts: Hosts;
  readonly #rows: Table<string, ClusterRow>;
  readonly #views = new Map<string, Cluster>();
  readonly #listeners: ((cluster: Cluster) => void)[] = [];

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#rows = hosts.kernel.state.table("clusters");
    for (const name of this.#rows.keys()) this.#views.set(name, new Cluster(hosts, name));
  }

  add(row: ClusterRow): Cluster {
    this.#rows.set(row.name, row);
    const cluster = new Cluster(this.#hosts, row.name);
    this.#views.set(row.name, cluster);
    for (const listener of this.#listeners) listener(cluster);
    return cluster;
  }

  /** Calls the listener for each cluster that there is, and for each that is added later. */
  each(listener: (cluster: Cluster) => void): void {
    this.#listeners.push(listener);
    for (const cluster of this.#views.values()) listener(cluster);
  }

  get(name: string): Cluster | undefined {
    return this.#views.get(name);
  }

  list(): readonly Cluster[] {
    return [...this.#views.values()];
  }
}

const CLUSTERS = new Part<Clusters>("clusters");

export function provideClusters(hosts: Hosts): Clusters {
  const clusters = new Clusters(hosts);
  hosts.provide(CLUSTERS, clusters);
  return clusters;
}

export function clustersOf(hosts: Hosts): Clusters {
  return hosts.part(CLUSTERS);
}

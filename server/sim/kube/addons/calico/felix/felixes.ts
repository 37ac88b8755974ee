import { DaemonProcess, Part, type Hosts } from "../../../../host/index.ts";
import { MILLISECOND, SECOND, type Kernel, type Table } from "../../../../kernel/index.ts";
import { namespaceOf } from "../../../../net/index.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import { ApiLink } from "../../../access/link.ts";
import { readKubeconfig } from "../../../access/rest-config.ts";
import { anyKind, type AnyKind } from "../../../api/index.ts";
import { clustersOf, type Cluster } from "../../../cluster/cluster.ts";
import { namespaces, networkPolicies, nodes, pods } from "../../../kinds/index.ts";
import { Dataplane, poolKind, type Heard, type Watched } from "./dataplane.ts";
import { felixLog } from "./log.ts";
import type { FelixOptions, FelixRow } from "./row.ts";
import { unsimulatedKinds, unsimulatedWords } from "./unsimulated.ts";

const CONNECT = "felix/connect";
const APPLY = "felix/apply";
const REFRESH = "felix/refresh";

/** From a change to new rules: iptables-restore and ipset restore take most of it. */
const APPLY_TIME = 30 * MILLISECOND;
/** The first snapshot of all objects has come. */
const SNAPSHOT_TIME = 100 * MILLISECOND;
const RETRY_FIRST = SECOND;
const RETRY_MOST = 30 * SECOND;
/** IptablesRefreshInterval, IpsetsRefreshInterval. */
const REFRESH_PERIODS = { "net//iptables": 180 * SECOND, "net//ipset": 90 * SECOND } as const;
type Area = keyof typeof REFRESH_PERIODS;

const AGENT = "calico-node/v3.30.2 (linux/amd64)";

/** The felixes of a world: which run, and what they do when something happens. */
export class Felixes {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, FelixRow>;
  readonly #links = new Map<string, ApiLink>();
  readonly #dataplanes = new Map<string, Dataplane>();
  /** What each has heard of and not looked at yet. */
  readonly #heard = new Map<string, Map<string, Heard>>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = hosts.kernel.state.table("felix", { quiet: true });
    this.#kernel.handle<{ key: string; attempt: number }>(CONNECT, ({ key, attempt }) => this.#connect(key, attempt));
    this.#kernel.handle<{ key: string }>(APPLY, ({ key }) => this.#apply(key));
    this.#kernel.handle<{ key: string; area: Area }>(REFRESH, ({ key, area }) => this.#refresh(key, area));
    clustersOf(hosts).each((cluster) => this.#watch(cluster));
  }

  started(self: DaemonProcess, options: FelixOptions): void {
    const key = keyOf(self);
    const process = { machine: self.host.machine.name, host: self.host.name, pid: self.pid };
    this.#rows.set(key, { ...process, ...options, inSync: false, behind: false });
    this.#kernel.after(SNAPSHOT_TIME, CONNECT, { key, attempt: 1 });
  }

  /** Rules and sets stay as they are. */
  stopped(self: DaemonProcess): void {
    const key = keyOf(self);
    this.#rows.delete(key);
    this.#links.delete(key);
    this.#dataplanes.delete(key);
    this.#heard.delete(key);
  }

  /** Whether it has written its rules once: what its readiness probe asks. */
  ready(self: DaemonProcess): boolean {
    return this.#rows.get(keyOf(self))?.inSync ?? false;
  }

  #process({ host: name, machine, pid }: FelixRow): DaemonProcess | undefined {
    const host = this.#hosts.host(name);
    return host && this.#hosts.machine(machine).isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
  }

  #change(key: string, change: Partial<FelixRow>): FelixRow {
    const row = { ...this.#rows.get(key)!, ...change };
    this.#rows.set(key, row);
    return row;
  }

  #link(self: DaemonProcess, key: string, { kubeconfig }: FelixRow): ApiLink {
    let link = this.#links.get(key);
    if (!link) {
      const config = () =>
        kubeconfig === undefined
          ? inClusterConfig(self.host, self.env, AGENT)
          : readKubeconfig(self.host, kubeconfig, AGENT, self);
      this.#links.set(key, (link = new ApiLink(self, config)));
    }
    return link;
  }

  /** Finds the API server and sees all objects, for the first time or after it was away. */
  #connect(key: string, attempt: number): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    const found = this.#link(self, key, row).find();
    if ("error" in found) {
      felixLog(self, "ERROR", "daemon.go", "Failed to connect to datastore", { error: JSON.stringify(found.error) });
      const delay = Math.min(RETRY_FIRST * 2 ** (attempt - 1), RETRY_MOST);
      this.#kernel.after(delay, CONNECT, { key, attempt: attempt + 1 }, { periodic: attempt > 1 });
      return;
    }
    this.#change(key, { cluster: found.cluster.name, behind: false });
    this.#dataplanes.delete(key);
    this.#plan(key);
    if (row.inSync) return;
    for (const [area, period] of Object.entries(REFRESH_PERIODS))
      this.#kernel.rest(period, REFRESH, { key, area }, area);
  }

  // Objects

  #watch(cluster: Cluster): void {
    const { store, registry } = cluster.api;
    const listen = (kind: AnyKind, watched: Watched): void =>
      void store.listen(kind, ({ object }) => {
        const { name, namespace = "" } = object.metadata;
        this.#hear(cluster.name, { kind: watched, namespace, name });
      });
    listen(anyKind(pods), "pod");
    listen(anyKind(namespaces), "namespace");
    listen(anyKind(networkPolicies), "policy");
    listen(anyKind(nodes), "node");
    let pooled = false;
    const listenToPools = (): void => {
      const kind = pooled ? undefined : poolKind(cluster);
      if (!kind) return;
      pooled = true;
      listen(kind, "pool");
    };
    listenToPools();
    registry.onChange(listenToPools);
    const told = new Set<string>();
    const listenToOthers = (): void => {
      for (const [plural, kind] of unsimulatedKinds(cluster)) {
        if (told.has(plural)) continue;
        told.add(plural);
        store.listen(kind, ({ type, object }) => {
          if (type === "ADDED") this.#refuse(cluster.name, unsimulatedWords(kind, object.metadata));
        });
      }
    };
    listenToOthers();
    registry.onChange(listenToOthers);
  }

  /** Every felix says that it does nothing with an object. */
  #refuse(cluster: string, words: string): void {
    for (const [, row] of this.#rows.entries()) if (row.cluster === cluster) this.#process(row)?.log(words);
  }

  #hear(cluster: string, heard: Heard): void {
    for (const [key, row] of this.#rows.entries()) {
      if (row.cluster !== cluster || row.behind) continue;
      let list = this.#heard.get(key);
      if (!list) this.#heard.set(key, (list = new Map()));
      list.set(`${heard.kind} ${heard.namespace}/${heard.name}`, heard);
      this.#plan(key);
    }
  }

  #plan(key: string): void {
    const row = this.#rows.get(key)!;
    if (row.applying !== undefined) return;
    this.#change(key, { applying: this.#kernel.after(APPLY_TIME, APPLY, { key }) });
  }

  // The kernel

  #apply(key: string): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    const { applying: _, ...rest } = row;
    this.#rows.set(key, rest);
    if (!this.#link(self, key, row).open) {
      this.#rows.set(key, { ...rest, behind: true });
      this.#kernel.after(RETRY_FIRST, CONNECT, { key, attempt: 1 });
      return;
    }
    const heard = [...(this.#heard.get(key)?.values() ?? [])];
    this.#heard.delete(key);
    const dataplane = this.#dataplane(key, row, self, heard);
    if (!dataplane) return;
    for (const { kind, namespace, name } of heard)
      if (kind === "policy")
        felixLog(self, "INFO", "label_inheritance_index.go 185", "Updating selector", {
          selID: `Policy(name=${namespace}/knp.default.${name})`,
        });
    const { sets } = dataplane.apply();
    for (const [name, size] of sets)
      felixLog(self, "INFO", "ipsets.go 843", "Doing full IP set rewrite", {
        family: '"inet"',
        numMembersInPendingReplace: String(size),
        setID: JSON.stringify(name.slice("cali40".length)),
      });
    if (!row.inSync) this.#change(key, { inSync: true });
  }

  /** As it was, with what it has heard; or made anew, which sees everything. */
  #dataplane(key: string, row: FelixRow, self: DaemonProcess, heard: readonly Heard[]): Dataplane | undefined {
    const known = this.#dataplanes.get(key);
    if (known) {
      for (const one of heard) known.hear(one);
      return known;
    }
    const cluster = row.cluster === undefined ? undefined : clustersOf(this.#hosts).get(row.cluster);
    const made = cluster && new Dataplane(row, cluster, namespaceOf(self));
    if (made) this.#dataplanes.set(key, made);
    return made;
  }

  /** Now and then it looks whether somebody else has changed its rules or sets. */
  #refresh(key: string, area: Area): void {
    const row = this.#rows.get(key);
    const self = row && this.#process(row);
    if (!row || !self) return;
    if (row.inSync && !row.behind && row.applying === undefined) {
      const dataplane = this.#dataplane(key, row, self, [...(this.#heard.get(key)?.values() ?? [])]);
      this.#heard.delete(key);
      dataplane?.resync();
      dataplane?.apply();
    }
    this.#kernel.rest(REFRESH_PERIODS[area], REFRESH, { key, area }, area);
  }
}

function keyOf(self: DaemonProcess): string {
  return `${self.host.machine.name}/${self.pid}`;
}

const FELIX = new Part<Felixes>("felix");

/** Binds the felixes of a world. Once per world, after the clusters are known. */
export function bindFelix(hosts: Hosts): void {
  hosts.provide(FELIX, new Felixes(hosts));
}

export function felixesOf(hosts: Hosts): Felixes {
  return hosts.part(FELIX);
}

import { MILLISECOND, MINUTE, SECOND, type Kernel, type Time } from "../../../kernel/index.ts";
import { Part, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { namespaceOf } from "../../../net/index.ts";
import type { Node } from "../../api/index.ts";
import { commandFailed } from "../../components/component.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { ApiConnection } from "./api-connection.ts";
import { ensureCanaries, hasCanary, hasOtherCanary } from "./base-chains.ts";
import { FULL_SYNC_PERIOD, nextPossible, tryAccept } from "./bounded-frequency.ts";
import { watchCluster } from "./cluster-watch.ts";
import { IpvsProxier } from "./ipvs/proxier.ts";
import { ipvsSettings } from "./ipvs/set-up.ts";
import { logLine, logVerbose } from "./klog.ts";
import { NftablesProxier } from "./nftables/proxier.ts";
import { nftablesSettings } from "./nftables/settings.ts";
import { Proxier } from "./proxier.ts";
import { ProxyRows } from "./proxy-rows.ts";
import { newRow, type ProxyFacts, type ProxyRow } from "./row.ts";
import { bindServers, LISTEN_AGAIN, startServers } from "./servers.ts";
import { loadServices, nodeOf, serviceCIDRsOf, serviceState, ZONE_LABEL } from "./service-source.ts";
import { announceReady, birthCry, hostIPs, logReflectors, proxierSettings, setUp } from "./start-up.ts";
import { syncRules } from "./sync.ts";

const FIND_NODE = "kube-proxy/find-node";
const FILL_CACHES = "kube-proxy/fill-caches";
const RUN = "kube-proxy/run";
const TIMER = "kube-proxy/timer";
const MONITOR = "kube-proxy/monitor";
const FLUSHED = "kube-proxy/flushed";
const MONITOR_6 = "kube-proxy/monitor-ipv6";
const RECONNECT = "kube-proxy/reconnect";
const LISTEN = "kube-proxy/listen";
const GRACEFUL = "kube-proxy/graceful-termination";

const CANARY = "KUBE-PROXY-CANARY";
/** Where all rules of the world are kept (State.generation). */
const RULES = "net//iptables";
const RULES_6 = "net//ip6tables";
/** The ipvs mode looks at links, addresses and sets as well. */
const NETWORK = "net";
/** The nftables mode looks at nothing but its own tables. */
const NFT_RULES = "net//nft";
/** From a change to new rules: the runner wakes up and runs iptables-restore, which takes that long in a small cluster. */
const SYNC_TIME = 20 * MILLISECOND;
/** The informers have their first lists. */
const LISTS_TIME = 100 * MILLISECOND;
/** getNodeIPs: wait.Backoff of six steps. */
const NODE_STEPS = 6;
/** Real servers that wait for their last connection are looked at that often (rsCheckDeleteInterval). */
const GRACEFUL_PERIOD = MINUTE;
/** How long the Monitor waits for the other tables to be flushed (iptablesFlushTimeout). */
const FLUSH_TIMEOUT = 5 * SECOND;
/** client-go's reflectors: 800 ms, doubled up to 30 s, and up to as much again. */
const RECONNECT_FIRST = 800 * MILLISECOND;
const RECONNECT_MOST = 30 * SECOND;

/** The kube-proxies of a world: which run, and what they do when something happens. */
export class KubeProxies {
  readonly #hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: ProxyRows;
  readonly #proxiers = new Map<string, AnyProxier>();
  readonly #connections = new Map<string, ApiConnection>();
  readonly #watched = new Set<string>();

  constructor(hosts: Hosts) {
    this.#hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = new ProxyRows(hosts);
    this.#rows.on(FIND_NODE, (self, key, attempt: number) => this.#findNode(self, key, attempt));
    this.#rows.on(FILL_CACHES, (self, key, attempt: number) => this.#fillCaches(self, key, attempt));
    this.#rows.on(RUN, (self, key) => {
      this.#rows.update(key, { signal: undefined });
      this.#tryRun(self, key);
    });
    this.#rows.on(TIMER, (self, key) => {
      this.#rows.update(key, { timer: undefined });
      this.#tryRun(self, key);
    });
    this.#rows.on(MONITOR, (self, key) => this.#monitor(self, key));
    this.#rows.on(MONITOR_6, (self, key) => this.#monitor6(self, key));
    this.#rows.on(FLUSHED, (self, key) => this.#flushed(self, key));
    this.#rows.on(RECONNECT, (self, key, attempt: number) => this.#reconnect(self, key, attempt));
    this.#rows.on(LISTEN, (self, key) => this.#listen(self, key));
    this.#rows.on(GRACEFUL, (self, key) => this.#removeTerminated(self, key));
    hosts.onProcessEnd((ended) => {
      if (ended.daemon === "kube-apiserver") this.#serverEnded();
    });
    for (const [, { cluster }] of this.#rows.entries()) if (cluster !== undefined) this.#watch(cluster);
  }

  // A process

  started(self: DaemonProcess, facts: ProxyFacts): void {
    const key = keyOf(self);
    this.#rows.add(key, newRow(self, facts));
    this.#findNode(self, key, 1);
  }

  /** Rules stay as they are; sockets go with the process. */
  stopped(self: DaemonProcess): void {
    const key = keyOf(self);
    const row = this.#rows.find(key);
    for (const event of [row?.signal, row?.timer, row?.attempt, row?.graceful])
      if (event !== undefined) this.#kernel.cancel(event);
    this.#rows.remove(key);
    this.#proxiers.delete(key);
    this.#connections.delete(key);
  }

  row(key: string): ProxyRow | undefined {
    return this.#rows.find(key);
  }

  /** The Node that a kube-proxy runs on, as its informer knows it. */
  node(row: ProxyRow): Node | undefined {
    const cluster = this.#cluster(row);
    return cluster && nodeOf(cluster, row.nodeName);
  }

  localReadyEndpoints(key: string, service: string): number {
    const row = this.#rows.find(key);
    return row ? (this.#proxier(key, row)?.localReadyEndpoints(service) ?? 0) : 0;
  }

  countProbe(key: string, probe: "healthz" | "livez", code: number): void {
    const counts = this.#rows.find(key)?.counts;
    if (!counts) return;
    const known = counts[probe];
    this.#rows.count(key, { [probe]: { ...known, [code]: (known[code] ?? 0) + 1 } });
  }

  /** newProxyServer: it asks for its Node; after half a minute it goes on without. */
  #findNode(self: DaemonProcess, key: string, attempt: number): void {
    const row = this.#rows.get(key);
    const answer = this.#connection(self, key, row).node(row.nodeName);
    const node = "error" in answer ? undefined : answer.node;
    const ips = node ? hostIPs(node) : [];
    if ("error" in answer) logLine(self, "E", "server.go:704", "Failed to retrieve node info", { err: answer.error });
    else if (ips.length === 0)
      logLine(self, "E", "server.go:709", "Failed to retrieve node IPs", {
        err: `host IP unknown; known addresses: []`,
      });
    else logLine(self, "I", "server.go:715", "Successfully retrieved node IP(s)", { IPs: ips });
    if (ips.length === 0 && attempt < NODE_STEPS) {
      const jitter = 1 + 0.2 * this.#random(key);
      const delay = SECOND * 2 ** (attempt - 1) * jitter;
      this.#later(key, delay, FIND_NODE, attempt + 1);
      return;
    }
    const { bindAddress } = row.config;
    const own = bindAddress === "0.0.0.0" || bindAddress === "::" ? ips.find((ip) => !ip.includes(":")) : bindAddress;
    if (own === undefined)
      logLine(self, "I", "server.go:684", "Can't determine this node's IP, assuming loopback; if this is incorrect, please set the --bind-address flag"); // prettier-ignore
    this.#rows.update(key, { nodeIP: own ?? "127.0.0.1", podCIDRs: node?.spec.podCIDRs ?? [] });
    this.#setUp(self, key);
  }

  #setUp(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    const done = setUp(self, row);
    if ("error" in done) {
      logLine(self, "E", "server.go:558", "Error running ProxyServer", { err: done.error });
      return commandFailed(self, done.error);
    }
    this.#rows.update(key, { attempt: undefined, phase: "caches", conntrackTcpLiberal: done.liberal });
    if (row.config.mode === "iptables") {
      ensureCanaries(namespaceOf(self), CANARY);
      this.#kernel.rest(row.config.syncPeriod, MONITOR, { key }, RULES);
      ensureCanaries(namespaceOf(self), CANARY, 6);
      this.#kernel.rest(row.config.syncPeriod, MONITOR_6, { key }, RULES_6);
    }
    announceReady(self);
    this.#listen(self, key);
    birthCry(self, row.nodeName, this.#connection(self, key, row).found);
    this.#kernel.after(LISTS_TIME, FILL_CACHES, { key, args: 1 });
  }

  #listen(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    const problem = startServers(self, row, key);
    if (problem === undefined) return;
    if (row.config.bindAddressHardFail) commandFailed(self, problem);
    else this.#kernel.after(LISTEN_AGAIN, LISTEN, { key }, { periodic: true });
  }

  // The API server

  /** The first lists have come, or are asked for again. Then it writes all rules. */
  #fillCaches(self: DaemonProcess, key: string, attempt: number): void {
    const row = this.#rows.get(key);
    const connection = this.#connection(self, key, row);
    const failures = connection.listFailures(row.nodeName);
    const { cluster } = connection;
    if (failures.length > 0 || !cluster) {
      logReflectors(self, failures);
      this.#later(key, this.#backoff(key, attempt), FILL_CACHES, attempt + 1);
      return;
    }
    for (const name of ["service config", "endpoint slice config", "serviceCIDR config", "node config"])
      logLine(self, "I", "shared_informer.go:357", "Caches are synced", { controller: name });
    this.#rows.update(key, { attempt: undefined, phase: "running", cluster: cluster.name, connected: true });
    this.#watch(cluster.name);
    this.#proxiers.delete(key);
    const retry = this.#sync(self, key);
    this.#arm(key, retry ?? this.#kernel.now + nextSync(row), { periodic: retry === undefined });
  }

  /** Hears of changes in a cluster for all kube-proxies there. */
  #watch(name: string): void {
    const cluster = clustersOf(this.#hosts).get(name);
    if (!cluster || this.#watched.has(name)) return;
    this.#watched.add(name);
    watchCluster(cluster, {
      service: (service, changed) => {
        for (const [key, { counts }] of this.#inCluster(name)) {
          this.#rows.count(key, { serviceChanges: counts.serviceChanges + 1 });
          if (changed) this.#changed(key, [service], false);
        }
      },
      endpoints: (names, udp) => {
        for (const [key, { counts }] of this.#inCluster(name)) {
          this.#rows.count(key, { endpointChanges: counts.endpointChanges + 1 });
          this.#changed(key, names, udp);
        }
      },
      node: (node) => {
        for (const [key, { nodeName, connected }] of this.#inCluster(name)) {
          if (nodeName !== node || !connected) continue;
          this.#rows.update(key, { needFullSync: true });
          this.#changed(key, [], false);
        }
      },
    });
  }

  *#inCluster(cluster: string): IterableIterator<[string, ProxyRow]> {
    for (const entry of this.#rows.entries())
      if (entry[1].cluster === cluster && entry[1].phase === "running") yield entry;
  }

  /** Something to write: the runner is asked to run. */
  #changed(key: string, names: readonly string[], udp: boolean): void {
    const row = this.#rows.get(key);
    const { now } = this.#kernel;
    const changed = names.every((name) => row.changed.includes(name))
      ? row.changed
      : [...new Set([...row.changed, ...names])];
    this.#rows.update(key, { changed, udpChanged: row.udpChanged || udp });
    if (!row.connected) return;
    this.#rows.update(key, {
      signal: row.signal ?? this.#kernel.after(SYNC_TIME, RUN, { key }),
      health: { ...row.health, IPv4: { queued: now, ...row.health.IPv4 } },
      counts: { ...row.counts, lastQueued: now },
    });
  }

  #serverEnded(): void {
    for (const [key, row] of this.#rows.entries()) if (row.connected) this.#later(key, LISTS_TIME, RECONNECT, 1);
  }

  /** An API server serves (again): whoever waits for one tries now. */
  serverStarted(): void {
    for (const [key, { phase, attempt }] of this.#rows.entries())
      if (attempt !== undefined)
        this.#later(key, LISTS_TIME, phase === "node" ? FIND_NODE : phase === "caches" ? FILL_CACHES : RECONNECT, 1);
  }

  /** Plans the next attempt to reach the API server, in place of the one that is planned. */
  #later(key: string, delay: number, kind: string, args: number): void {
    const { attempt } = this.#rows.get(key);
    if (attempt !== undefined) this.#kernel.cancel(attempt);
    this.#rows.update(key, { attempt: this.#kernel.after(delay, kind, { key, args }, { periodic: args > 1 }) });
  }

  /** Watches are opened again, if the way is open; else it tries again later. */
  #reconnect(self: DaemonProcess, key: string, attempt: number): void {
    const row = this.#rows.get(key);
    const connection = this.#connection(self, key, row);
    const since = this.#cluster(row)?.api.store.revision;
    const failures = connection.listFailures(row.nodeName, since === undefined ? undefined : String(since));
    if (failures.length === 0 && connection.cluster?.name === row.cluster) {
      const zone = this.node(row)?.metadata.labels?.[ZONE_LABEL];
      const moved = this.#proxier(key, row)?.zone !== zone;
      this.#rows.update(key, { connected: true, attempt: undefined, needFullSync: row.needFullSync || moved });
      if (moved || row.changed.length > 0 || row.needFullSync) this.#changed(key, [], row.udpChanged);
      return;
    }
    logReflectors(self, failures.filter(({ refused }) => !refused)); // prettier-ignore
    this.#rows.update(key, { connected: false, health: { ...row.health, IPv4: { updated: row.health.IPv4.updated } } });
    this.#later(key, this.#backoff(key, attempt), RECONNECT, attempt + 1);
  }

  // Rules

  #tryRun(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    if (row.phase !== "running") return;
    const { now } = this.#kernel;
    const { minSyncPeriod } = row.config;
    const runner = tryAccept(row.runner, now, minSyncPeriod);
    if (!runner) return this.#arm(key, nextPossible(row.runner, now, minSyncPeriod));
    this.#rows.update(key, { runner });
    const retry = this.#sync(self, key);
    this.#arm(key, retry ?? now + nextSync(row), { periodic: retry === undefined });
  }

  /** Sets the runner's timer. */
  #arm(key: string, at: Time, options: { periodic?: boolean } = {}): void {
    const row = this.#rows.find(key);
    if (!row) return;
    if (row.timer !== undefined) this.#kernel.cancel(row.timer);
    // After a full sync the next one has something to do only if somebody has written into the tables.
    const calm = options.periodic && row.lastFullSync === this.#kernel.now;
    const timer = calm
      ? this.#kernel.rest(at - this.#kernel.now, TIMER, { key }, watchedState(row))
      : this.#kernel.at(at, TIMER, { key }, options);
    this.#rows.update(key, { timer });
  }

  /** syncProxyRules. Returns when to try again if it has failed. */
  #sync(self: DaemonProcess, key: string): Time | undefined {
    const row = this.#rows.get(key);
    const proxier = this.#proxier(key, row);
    if (!proxier) return undefined;
    const online = this.#connection(self, key, row).open;
    if (online) {
      for (const name of row.changed) proxier.set(name, serviceState(this.#cluster(row)!, name, row.nodeName));
      proxier.zone = this.node(row)?.metadata.labels?.[ZONE_LABEL];
      if (proxier instanceof NftablesProxier) proxier.serviceCIDRs = serviceCIDRsOf(this.#cluster(row)!);
    } else if (row.connected) this.#later(key, 0, RECONNECT, 1);
    // What it has not heard of it cannot write.
    if (!online && !row.needFullSync) return undefined;
    const change = syncRules(self, key, online ? row : { ...row, changed: [], udpChanged: false }, proxier);
    this.#rows.update(key, online ? change : { ...change, changed: row.changed, udpChanged: row.udpChanged });
    if (proxier instanceof IpvsProxier) this.#rememberTerminating(key, proxier);
    return change.needFullSync ? this.#kernel.now + row.config.syncPeriod : undefined;
  }

  #rememberTerminating(key: string, { terminating }: IpvsProxier): void {
    const { graceful } = this.#rows.get(key);
    if (terminating.size === 0 && graceful === undefined) return;
    const next = graceful ?? this.#kernel.after(GRACEFUL_PERIOD, GRACEFUL, { key }, { periodic: true });
    this.#rows.update(key, { terminating: [...terminating], graceful: next });
  }

  /** GracefulTerminationManager.tryDeleteRs */
  #removeTerminated(self: DaemonProcess, key: string): void {
    const proxier = this.#proxier(key, this.#rows.get(key));
    if (!(proxier instanceof IpvsProxier)) return;
    proxier.removeTerminated(namespaceOf(self));
    this.#rows.update(key, { graceful: undefined, terminating: undefined });
    this.#rememberTerminating(key, proxier);
  }

  /** util/iptables Monitor: every syncPeriod it looks whether somebody has flushed the tables. */
  #monitor(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    const ns = namespaceOf(self);
    if (hasCanary(ns, CANARY)) this.#kernel.rest(row.config.syncPeriod, MONITOR, { key }, RULES);
    else if (hasOtherCanary(ns, CANARY)) this.#kernel.after(FLUSH_TIMEOUT, FLUSHED, { key }, { periodic: true });
    else this.#flushed(self, key);
  }

  #monitor6(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    const ns = namespaceOf(self);
    const proxier = this.#proxier(key, row);
    if (!hasCanary(ns, CANARY, 6) && proxier instanceof Proxier) {
      proxier.syncIpv6(ns, false);
      ensureCanaries(ns, CANARY, 6);
    }
    this.#kernel.rest(row.config.syncPeriod, MONITOR_6, { key }, RULES_6);
  }

  #flushed(self: DaemonProcess, key: string): void {
    const row = this.#rows.get(key);
    const ns = namespaceOf(self);
    logVerbose(self, row, "iptables.go:560", "IPTables canary deleted", { table: "mangle", chain: CANARY });
    if (hasOtherCanary(ns, CANARY)) logLine(self, "I", "iptables.go:578", "Inconsistent iptables state detected");
    logVerbose(self, row, "iptables.go:591", "Reloading after iptables flush");
    this.#rows.update(key, { needFullSync: true });
    if (row.phase === "running") {
      const retry = this.#sync(self, key);
      if (retry !== undefined) this.#arm(key, retry);
    }
    ensureCanaries(ns, CANARY);
    this.#kernel.rest(row.config.syncPeriod, MONITOR, { key }, RULES);
  }

  // Parts

  #cluster({ cluster }: ProxyRow): Cluster | undefined {
    return cluster === undefined ? undefined : clustersOf(this.#hosts).get(cluster);
  }

  #connection(self: DaemonProcess, key: string, row: ProxyRow): ApiConnection {
    let connection = this.#connections.get(key);
    if (!connection) this.#connections.set(key, (connection = new ApiConnection(self, row)));
    return connection;
  }

  /** What it knows of all services; after a restore made anew from what the cluster has. */
  #proxier(key: string, row: ProxyRow): AnyProxier | undefined {
    const cluster = this.#cluster(row);
    let proxier = this.#proxiers.get(key);
    if (proxier || !cluster) return proxier;
    proxier =
      row.config.mode === "ipvs"
        ? new IpvsProxier(ipvsSettings(row), row.terminating, row.needFullSync)
        : row.config.mode === "nftables"
          ? new NftablesProxier(nftablesSettings(row), row.needFullSync)
          : new Proxier(proxierSettings(row));
    if (proxier instanceof NftablesProxier) proxier.serviceCIDRs = serviceCIDRsOf(cluster);
    loadServices(cluster, row.nodeName, proxier);
    proxier.zone = this.node(row)?.metadata.labels?.[ZONE_LABEL];
    this.#proxiers.set(key, proxier);
    return proxier;
  }

  #backoff(key: string, attempt: number): number {
    return Math.min(RECONNECT_FIRST * 2 ** (attempt - 1), RECONNECT_MOST) * (1 + this.#random(key));
  }

  /** From 0 to 1. */
  #random(key: string): number {
    return this.#kernel.random.uint32(`kube-proxy/${key}`) / 2 ** 32;
  }
}

type AnyProxier = Proxier | IpvsProxier | NftablesProxier;

/** The tables of the world that its next sync looks at. */
function watchedState({ config }: ProxyRow): string {
  return config.mode === "ipvs" ? NETWORK : config.mode === "nftables" ? NFT_RULES : RULES;
}

/** When the next sync comes by itself: the ipvs mode looks at everything every syncPeriod. */
function nextSync({ config }: ProxyRow): number {
  return config.mode === "ipvs" ? config.syncPeriod : FULL_SYNC_PERIOD;
}

function keyOf(self: DaemonProcess): string {
  return `${self.host.machine.name}/${self.pid}`;
}

const KUBE_PROXIES = new Part<KubeProxies>("kube-proxies");

/** For whoever starts an API server: kube-proxies that wait for one need not sit out their back-off. */
export function apiServerStarted(hosts: Hosts): void {
  kubeProxiesOf(hosts).serverStarted();
}

/** Binds kube-proxy to a world: its events, its watches, its ports. Once per world, after the clusters are known. */
export function bindKubeProxy(hosts: Hosts): void {
  const proxies = new KubeProxies(hosts);
  hosts.provide(KUBE_PROXIES, proxies);
  bindServers(hosts, proxies);
}

export function kubeProxiesOf(hosts: Hosts): KubeProxies {
  return hosts.part(KUBE_PROXIES);
}

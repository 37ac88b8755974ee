import { DaemonProcess, Part, programVersion, type Hosts, type ProcessRow } from "../../../../host/index.ts";
import { HOUR, MILLISECOND, rfc3339, SECOND, type Kernel, type Table } from "../../../../kernel/index.ts";
import { connect, namespaceOf, networkOfHosts, openSocket, writeSysctl } from "../../../../net/index.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import type { AnyKind, Node } from "../../../api/index.ts";
import { clustersOf, type Cluster } from "../../../cluster/cluster.ts";
import { ApiClient, ApiFailure } from "../../access/api-client.ts";
import { felixesOf } from "../felix/index.ts";
import { datastoreWords, Ipam, IpamError } from "../ipam/ipam.ts";
import { logLine } from "../log.ts";
import { NET_DIR, pluginKubeconfig } from "../plugin/kubeconfig.ts";
import {
  BLOCK_AFFINITIES,
  CALICO_GROUP,
  CLUSTER_INFORMATIONS,
  IP_POOLS,
  NODE_ADDRESS,
  NODE_IPIP_ADDRESS,
  NODES,
  type BlockAffinity,
  type IpPool,
} from "../resources.ts";
import { bindHealth, FELIX_HEALTH, FELIX_PORT } from "./health.ts";
import { applyRoutes, ensureTunl0, ensureVxlan, wantedRoutes } from "./routes.ts";
import { rowKey, type CalicoNodeRow, type PeerRow } from "./row.ts";
import { startUp, writeFile, type Log } from "./startup.ts";

const AGENT = "calico-node/v0.0.0 (linux/amd64) kubernetes/$Format";
const BIRD = "calico-bird";
const BGP = 179;
const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

const EVENTS = {
  start: "calico-node/start",
  services: "calico-node/services",
  sync: "calico-node/sync",
  /** BIRD looks at the kernel's routes, Felix at its devices. */
  scan: "calico-node/scan",
  keepalive: "calico-node/keepalive",
  token: "calico-node/token",
};

const RETRY = SECOND;
const SERVICES = 900 * MILLISECOND;
const REACTION = 100 * MILLISECOND;
const SCAN = 2 * SECOND;
/** A third of BIRD's hold time of 240 s. */
const KEEPALIVE = 80 * SECOND;
const HOLD = 3;
/** Routes of a neighbour whose session has ended are kept so long (graceful restart time). */
const GRACEFUL_RESTART = 120 * SECOND;
/** A quarter of the time that the plugins' token is good for. */
const TOKEN_REFRESH = 6 * HOUR;
const RELIST = 30 * SECOND;

/** All calico-nodes of a world: start-up, then BIRD's mesh and the parts of Felix that keep devices and routes. */
export class CalicoNodes {
  readonly hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, CalicoNodeRow>;
  readonly #clients = new Map<string, ApiClient>();

  constructor(hosts: Hosts) {
    this.hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = this.#kernel.state.table("calico-nodes");
    const on = (kind: string, act: (self: DaemonProcess, row: CalicoNodeRow) => void): void =>
      this.#kernel.handle(kind, ({ key }: { key: string }) => {
        const row = this.#rows.get(key);
        const self = row && this.process(row);
        if (row && self && !hosts.postpones(row.machine, row.pid, kind, { key })) act(self, row);
      });
    on(EVENTS.start, (self, row) => this.#start(self, row));
    on(EVENTS.services, (self, row) => this.#services(self, row));
    on(EVENTS.sync, (self, row) => this.#sync(self, row));
    on(EVENTS.scan, (self, row) => this.#scan(self, row));
    on(EVENTS.keepalive, (self, row) => this.#keepalive(self, row));
    on(EVENTS.token, (self, row) => this.#refreshToken(self, row));
    bindHealth(hosts, this);
    networkOfHosts(hosts).serve(BIRD, { stream: { receive: () => ({}) } });
    hosts.onProcessEnd((row) => this.#ended(row));
    clustersOf(hosts).each((cluster) => this.#watch(cluster));
  }

  all(): CalicoNodeRow[] {
    return [...this.#rows.values()];
  }

  /** The calico-node of that container. */
  inHost(host: string): CalicoNodeRow | undefined {
    return this.all().find((row) => row.host === host);
  }

  process({ host: name, machine, pid }: CalicoNodeRow): DaemonProcess | undefined {
    const host = this.hosts.host(name);
    return host && this.hosts.machine(machine).isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
  }

  started(self: DaemonProcess): void {
    const { env } = self;
    const row: CalicoNodeRow = {
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      node: env["NODENAME"] || self.host.hostname,
      phase: "starting",
      bird: (env["CALICO_NETWORKING_BACKEND"] ?? "bird") === "bird",
      peers: {},
      routes: [],
    };
    this.#rows.set(rowKey(row), row);
    const log = this.#log(self);
    log("INFO", "startup/startup.go 431", "Early log level set to info");
    log("INFO", "startup/utils.go 126", `Using NODENAME environment for node name ${row.node}`);
    log("INFO", "startup/utils.go 138", `Determined node name: ${row.node}`);
    log("INFO", "startup/startup.go 95", `Starting node ${row.node} with version ${versionOf(self)}`);
    log("INFO", "startup/startup.go 436", "Checking datastore connection");
    this.#start(self, row);
  }

  stopped(self: DaemonProcess): void {
    const key = `${self.host.machine.name}/${self.pid}`;
    felixesOf(this.hosts).stopped(self);
    this.#rows.delete(key);
    this.#clients.delete(key);
  }

  #change(row: CalicoNodeRow, change: Partial<CalicoNodeRow>): CalicoNodeRow {
    const now = { ...(this.#rows.get(rowKey(row)) ?? row), ...change };
    this.#rows.set(rowKey(row), now);
    return now;
  }

  api(self: DaemonProcess, row: CalicoNodeRow): ApiClient {
    const key = rowKey(row);
    let client = this.#clients.get(key);
    if (!client) {
      client = new ApiClient(self, AGENT, () => inClusterConfig(self.host, self.env, AGENT));
      this.#clients.set(key, client);
    }
    return client;
  }

  /** Lines of the container's programs; those at the start come from process 9. */
  #log(self: DaemonProcess, pid = 9): Log {
    return (level, source, text) => self.log(logLine(self.kernel.now, level, pid, source, text), 1);
  }

  #later(row: CalicoNodeRow, event: string, delay: number, periodic = false): void {
    this.#kernel.after(delay, event, { key: rowKey(row) }, { periodic });
  }

  #start(self: DaemonProcess, row: CalicoNodeRow): void {
    const log = this.#log(self);
    const api = this.api(self, row);
    try {
      if (self.env["WAIT_FOR_DATASTORE"] === "true") {
        api.get(CLUSTER_INFORMATIONS, "default");
        log("INFO", "startup/startup.go 460", "Datastore connection verified");
        log("INFO", "startup/startup.go 105", "Datastore is ready");
      } else log("INFO", "startup/startup.go 107", "Skipping datastore connection test");
      const ipam = new Ipam(api, () => this.#kernel.now * 1000 + this.#kernel.random.below("calico/sequence", 1000));
      const started = startUp(self, row.node, versionOf(self), api, ipam, log);
      if (started === false) {
        self.log("Calico node failed to start", 1);
        return self.exit(1);
      }
      self.log("Calico node started successfully", 1);
      const cluster = api.cluster?.name;
      this.#change(row, { ...started, ...(cluster === undefined ? {} : { cluster }) });
      this.#fork(self, row.bird);
      this.#later(row, EVENTS.services, SERVICES);
    } catch (error) {
      if (error instanceof IpamError) {
        log("ERROR", "tunnel-ip-allocator/allocateip.go 473", `Unable to autoassign an address: ${error.message}`);
        self.log("Calico node failed to start", 1);
        return self.exit(1);
      }
      if (!(error instanceof ApiFailure)) throw error;
      log("INFO", "startup/startup.go 445", `Hit error connecting to datastore - retry error=${datastoreWords(error)}`);
      const timeout = error.message.endsWith("i/o timeout") ? RELIST : RETRY;
      this.#later(row, EVENTS.start, timeout, true);
    }
  }

  /** What runsv looks after, as the process table shows it. */
  #fork(self: DaemonProcess, bird: boolean): void {
    for (const argv of [
      ["calico-node", "-felix"],
      ["calico-node", "-confd"],
      ["calico-node", "-monitor-addresses"],
      ["calico-node", "-allocate-tunnel-addrs"],
      ["calico-node", "-monitor-token"],
      ["calico-node", "-status-reporter"],
      ...(bird
        ? [["bird", "-R", "-s", "/var/run/calico/bird.ctl", "-d", "-c", "/etc/calico/confd/config/bird.cfg"]]
        : []),
    ])
      self.fork(argv);
  }

  #services(self: DaemonProcess, row: CalicoNodeRow): void {
    const ns = namespaceOf(self);
    const listen = (application: string, address: string, port: number): void => {
      openSocket(ns, {
        protocol: "tcp",
        address,
        port,
        backlog: 128,
        reuseAddress: true,
        pid: self.pid,
        application,
        args: { pid: self.pid, host: row.host },
      });
    };
    if (self.env["FELIX_HEALTHENABLED"] === "true") listen(FELIX_HEALTH, "127.0.0.1", FELIX_PORT);
    if (row.bird) {
      listen(BIRD, "0.0.0.0", BGP);
      for (const line of [
        "device1: Initializing",
        "direct1: Initializing",
        "device1: Starting",
        "device1: Connected to table master",
        "device1: State changed to feed",
        "direct1: Starting",
        "direct1: Connected to table master",
        "direct1: State changed to feed",
        "Graceful restart started",
        "Started",
        "device1: State changed to up",
        "direct1: State changed to up",
      ])
        self.log(`bird: ${line}`, 1);
    }
    writeSysctl(ns, "net/ipv4/ip_forward", "1");
    felixesOf(this.hosts).started(self, {
      node: row.node,
      prefix: self.env["FELIX_INTERFACEPREFIX"] ?? "cali",
      endpointToHost:
        (self.env["FELIX_DEFAULTENDPOINTTOHOSTACTION"] ?? "DROP").toUpperCase() === "ACCEPT" ? "ACCEPT" : "DROP",
    });
    const running = this.#change(row, { phase: "running" });
    this.#sync(self, running);
    this.#complete(self, row);
    this.#later(row, EVENTS.token, TOKEN_REFRESH, true);
    this.#kernel.rest(SCAN, EVENTS.scan, { key: rowKey(row) }, "net");
    if (row.bird) this.#kernel.rest(KEEPALIVE, EVENTS.keepalive, { key: rowKey(row) }, "net");
    for (const other of this.all()) if (other.cluster === running.cluster && other.pid !== row.pid) this.#plan(other);
  }

  /** The condition that keeps Pods away until the network is there. */
  #complete(self: DaemonProcess, row: CalicoNodeRow): void {
    const now = rfc3339(this.#kernel.now);
    const condition = {
      type: "NetworkUnavailable",
      status: "False",
      lastHeartbeatTime: now,
      lastTransitionTime: now,
      reason: "CalicoIsUp",
      message: "Calico is running on this node",
    };
    this.#try(self, row, (api) =>
      api.patch(NODES, { name: row.node, subresource: "status" }, { status: { conditions: [condition] } }),
    );
  }

  #try<T>(self: DaemonProcess, row: CalicoNodeRow, work: (api: ApiClient) => T): T | undefined {
    try {
      return work(this.api(self, row));
    } catch (error) {
      if (error instanceof ApiFailure) return undefined;
      throw error;
    }
  }

  #watch(cluster: Cluster): void {
    const kind = (group: string, plural: string): AnyKind => ({ group, plural }) as AnyKind;
    const changed = (): void => {
      for (const row of this.all()) if (row.cluster === cluster.name && row.phase === "running") this.#plan(row);
    };
    for (const resource of [BLOCK_AFFINITIES, IP_POOLS])
      cluster.api.store.listen(kind(CALICO_GROUP, resource.resource), changed);
    cluster.api.store.listen(kind("", "nodes"), ({ object, previous }) => {
      const words = (one: typeof object | undefined): string =>
        Object.entries(one?.metadata.annotations ?? {})
          .filter(([name]) => name.startsWith("projectcalico.org/"))
          .join();
      if (words(object) !== words(previous)) changed();
    });
  }

  #plan(row: CalicoNodeRow): void {
    if (row.syncing) return;
    this.#change(row, { syncing: true });
    this.#later(row, EVENTS.sync, REACTION);
  }

  /** Takes what the API says of the others, and lets it take effect. Without the API all stays as it is. */
  #sync(self: DaemonProcess, before: CalicoNodeRow): void {
    const row = this.#change(before, { syncing: false });
    if (row.address === undefined) return;
    const seen = this.#try(self, row, (api) => ({
      nodes: api.list<Node>(NODES),
      affinities: api.list<BlockAffinity>(BLOCK_AFFINITIES),
      pools: api.list<IpPool>(IP_POOLS),
    }));
    if (!seen) return this.#later(row, EVENTS.sync, RELIST, true);
    const { nodes, affinities, pools } = seen;
    const peers = row.bird ? this.#meet(self, row, nodes) : {};
    const now = this.#change(row, { peers });
    const ns = namespaceOf(self);
    const mtu = ns.links.size === 0 ? 1500 : (this.#uplinkMtu(self, now) ?? 1500);
    const uses = (mode: "ipipMode" | "vxlanMode"): boolean =>
      pools.some(({ spec }) => (spec[mode] ?? "Never") !== "Never");
    const mesh = {
      node: row.node,
      address: row.address,
      link: row.link!,
      bird: row.bird,
      learned: (name: string): boolean => isLearned(peers[name], this.#kernel.now),
    };
    const tunnel = nodes.find(({ metadata }) => metadata.name === row.node)?.metadata.annotations?.[NODE_IPIP_ADDRESS];
    const overhead = uses("vxlanMode") ? 50 : uses("ipipMode") ? 20 : 0;
    if (uses("ipipMode")) ensureTunl0(ns, mtu - 20, tunnel);
    if (uses("vxlanMode")) ensureVxlan(ns, mtu - 50, mesh, nodes);
    writeFile(self, "/var/lib/calico/mtu", String(mtu - overhead));
    const wanted = wantedRoutes(ns, mesh, nodes, affinities, pools);
    applyRoutes(ns, now.routes, wanted);
    this.#change(now, { routes: wanted });
  }

  #uplinkMtu(self: DaemonProcess, { link }: CalicoNodeRow): number | undefined {
    return [...namespaceOf(self).links.values()].find(({ name }) => name === link)?.mtu;
  }

  /** The sessions of the mesh: one with every other node that has an address. */
  #meet(self: DaemonProcess, row: CalicoNodeRow, nodes: readonly Node[]): Record<string, PeerRow> {
    const peers: Record<string, PeerRow> = {};
    for (const { metadata } of nodes) {
      const address = metadata.annotations?.[NODE_ADDRESS]?.split("/")[0];
      if (metadata.name === row.node || address === undefined) continue;
      const known = row.peers[metadata.name];
      const peer = known?.address === address ? known : undefined;
      if (!peer)
        for (const word of ["Initializing", "Starting", "State changed to start"])
          self.log(`bird: ${meshName(address)}: ${word}`, 1);
      peers[metadata.name] = peer?.established
        ? peer
        : this.#approach(self, peer ?? { address, established: false, since: this.#kernel.now, misses: 0 });
    }
    return peers;
  }

  #approach(self: DaemonProcess, peer: PeerRow): PeerRow {
    if (!this.#reaches(self, peer)) return peer;
    for (const word of [
      "Connected to table master",
      "State changed to wait",
      "State changed to feed",
      "State changed to up",
    ])
      self.log(`bird: ${meshName(peer.address)}: ${word}`, 1);
    return { address: peer.address, established: true, since: this.#kernel.now, misses: 0 };
  }

  /** Both must hear each other for a session: a connection is asked for and answered. */
  #reaches(self: DaemonProcess, { address }: PeerRow): boolean {
    const attempt = connect(namespaceOf(self), { to: address, port: BGP, pid: self.pid, tracing: false });
    attempt.connection?.close();
    return attempt.outcome === "connected";
  }

  /** BIRD and Felix put back what others have taken away. */
  #scan(self: DaemonProcess, row: CalicoNodeRow): void {
    if (row.phase === "running") applyRoutes(namespaceOf(self), row.routes, row.routes);
    this.#kernel.rest(SCAN, EVENTS.scan, { key: rowKey(row) }, "net");
  }

  #keepalive(self: DaemonProcess, row: CalicoNodeRow): void {
    let changed = false;
    const peers = Object.fromEntries(
      Object.entries(row.peers).map(([name, peer]) => {
        if (!peer.established) {
          const met = this.#approach(self, peer);
          changed ||= met.established;
          return [name, met];
        }
        const misses = this.#reaches(self, peer) ? 0 : peer.misses + 1;
        if (misses < HOLD) return [name, { ...peer, misses }];
        changed = true;
        self.log(`bird: ${meshName(peer.address)}: Error: Hold timer expired`, 1);
        self.log(`bird: ${meshName(peer.address)}: State changed to start`, 1);
        return [name, { address: peer.address, established: false, since: this.#kernel.now, misses: 0 }];
      }),
    );
    const now = this.#change(row, { peers });
    if (changed) this.#plan(now);
    this.#kernel.rest(KEEPALIVE, EVENTS.keepalive, { key: rowKey(row) }, "net");
  }

  /** A calico-node has ended: its neighbours' sessions with it end, and its routes stay for a while. */
  #ended(process: ProcessRow): void {
    const machine = this.hosts.host(process.host)?.machine.name;
    const gone = machine === undefined ? undefined : this.#rows.get(`${machine}/${process.pid}`);
    const address = gone?.address?.split("/")[0];
    if (!gone || address === undefined) return;
    for (const row of this.all()) {
      const peer = row.peers[gone.node];
      const self = this.process(row);
      if (!self || row.pid === gone.pid || !peer?.established || peer.address !== address) continue;
      self.log(`bird: ${meshName(address)}: Socket: Connection closed`, 1);
      self.log(`bird: ${meshName(address)}: State changed to start`, 1);
      const staleUntil = this.#kernel.now + GRACEFUL_RESTART;
      const lost = { address, established: false, since: this.#kernel.now, misses: 0, staleUntil };
      this.#change(row, { peers: { ...row.peers, [gone.node]: lost } });
      this.#later(row, EVENTS.sync, GRACEFUL_RESTART + SECOND, true);
    }
  }

  #refreshToken(self: DaemonProcess, row: CalicoNodeRow): void {
    this.#try(self, row, (api) => {
      const authority = self.host.readText(`${FOLDER}/ca.crt`) ?? "";
      writeFile(self, `${NET_DIR}/calico-kubeconfig`, pluginKubeconfig(api, { env: self.env, authority }));
    });
    this.#later(row, EVENTS.token, TOKEN_REFRESH, true);
  }
}

function isLearned(peer: PeerRow | undefined, now: number): boolean {
  return peer !== undefined && (peer.established || (peer.staleUntil !== undefined && now < peer.staleUntil));
}

function meshName(address: string): string {
  return `Mesh_${address.replaceAll(".", "_")}`;
}

function versionOf(self: DaemonProcess): string {
  const version = programVersion(self);
  return version === "" ? "v3.30.2" : version;
}

const CALICO = new Part<CalicoNodes>("calico-nodes");

/** Binds the calico-nodes of a world. Once per world, after the clusters are known. */
export function bindCalicoNodes(hosts: Hosts): void {
  hosts.provide(CALICO, new CalicoNodes(hosts));
}

export function calicoNodesOf(hosts: Hosts): CalicoNodes {
  return hosts.part(CALICO);
}

import { createHash } from "node:crypto";
import { DaemonProcess, Part, type Hosts, type ProcessRow } from "../../../host/index.ts";
import { encode, MILLISECOND, rfc3339, SECOND, type Kernel, type Table } from "../../../kernel/index.ts";
import { connect, namespaceOf, networkOfHosts, openSocket, parsePrefix } from "../../../net/index.ts";
import { inClusterConfig } from "../../access/in-cluster.ts";
import { anyKind, type ConfigMap, type Node } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { nodes as nodeKind } from "../../kinds/index.ts";
import { ApiClient, ApiFailure, type Resource } from "../access/api-client.ts";
import { Iptables } from "../cni/index.ts";
import { ensureLinks, expose, exposedAddress, reachPeers } from "./links.ts";
import { weaveLine } from "./log.ts";
import { allocate, divide, donate, freeCount, NOTHING, prefixes, release, universe, type Space } from "./ring.ts";
import { rowKey, type PeerRow, type WeaverRow } from "./row.ts";
import { addLocalNet, ensureLocalNets, LOCAL_NETS, writeRules } from "./rules.ts";
import { bindStatus, CONTROL, METRICS } from "./status.ts";

const AGENT = "kube-utils/v0.0.0 (linux/amd64) kubernetes/$Format";
const ROUTER = "weave-router";
const PORTS = { router: 6783, control: 6784, metrics: 6782 };
const DEFAULT_RANGE = "10.32.0.0/12";
/** Where it keeps what it must not forget; the machine has it in /var/lib/weave. */
const DATABASE = "/weavedb/weave-netdata.db";
const VERSION = "2.8.1";
const EXPOSE = "weave:expose";

const NODES: Resource = { group: "", version: "v1", resource: "nodes" };
const CONFIG_MAPS: Resource = { group: "", version: "v1", resource: "configmaps" };
const PEERS_ANNOTATION = "kube-peers.weave.works/peers";

const EVENTS = { start: "weave/start", services: "weave/services", sync: "weave/sync", heartbeat: "weave/heartbeat" };
const RETRY = 5 * SECOND;
const SERVICES = 400 * MILLISECOND;
const REACTION = 100 * MILLISECOND;
/** Sleeve and fastdp miss a peer that does not answer so often, so long. */
const HEARTBEAT = 10 * SECOND;
const PATIENCE = 6;

interface Peers {
  readonly Peers: readonly { readonly PeerName: string; readonly NodeName: string }[];
}

/** All weavers of a world: links, connections, addresses (prog/weaver, prog/kube-utils, prog/weave-kube/launch.sh). */
export class Weavers {
  readonly hosts: Hosts;
  readonly #kernel: Kernel;
  readonly #rows: Table<string, WeaverRow>;

  constructor(hosts: Hosts) {
    this.hosts = hosts;
    this.#kernel = hosts.kernel;
    this.#rows = this.#kernel.state.table("weavers");
    const on = (kind: string, act: (self: DaemonProcess, row: WeaverRow) => void): void =>
      this.#kernel.handle(kind, ({ key }: { key: string }) => {
        const row = this.#rows.get(key);
        const self = row && this.process(row);
        if (row && self) act(self, row);
      });
    on(EVENTS.start, (self, row) => this.#start(self, row));
    on(EVENTS.services, (self, row) => this.#services(self, row));
    on(EVENTS.sync, (self, row) => this.#sync(self, row));
    on(EVENTS.heartbeat, (self, row) => this.#heartbeat(self, row));
    bindStatus(hosts, this);
    networkOfHosts(hosts).serve(ROUTER, { stream: { receive: () => ({}) }, datagram: () => [] });
    hosts.onProcessEnd((row) => this.#ended(row));
    clustersOf(hosts).each((cluster) => this.#watch(cluster));
  }

  all(): WeaverRow[] {
    return [...this.#rows.values()];
  }

  inHost(host: string): WeaverRow | undefined {
    return this.all().find((row) => row.host === host);
  }

  process({ host: name, machine, pid }: WeaverRow): DaemonProcess | undefined {
    const host = this.hosts.host(name);
    return host && this.hosts.machine(machine).isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
  }

  started(self: DaemonProcess): void {
    const range = self.env["IPALLOC_RANGE"] ?? DEFAULT_RANGE;
    const row: WeaverRow = {
      machine: self.host.machine.name,
      host: self.host.name,
      pid: self.pid,
      node: self.env["HOSTNAME"] || self.host.hostname,
      name: peerName(self.host.machine.row.machineId),
      phase: "starting",
      range,
      quorum: 1,
      peers: {},
    };
    if (!parsePrefix(range)) {
      self.log(`invalid CIDR address: ${range}`);
      return self.exit(1);
    }
    this.#rows.set(rowKey(row), row);
    this.#start(self, row);
  }

  stopped(self: DaemonProcess): void {
    this.#rows.delete(`${self.host.machine.name}/${self.pid}`);
  }

  /** An address for a container, or the one that it has. */
  allocate(row: WeaverRow, id: string): string | undefined {
    const self = this.process(row);
    if (!self) return undefined;
    const all = universe(row.range);
    let space = this.space(self);
    if (!allocate(space, id, all)) space = this.#obtain(self, row, space);
    const given = allocate(space, id, all);
    if (!given) return undefined;
    this.#keep(self, given.space);
    return given.address;
  }

  release(row: WeaverRow, id: string): void {
    const self = this.process(row);
    if (self) this.#keep(self, release(this.space(self), id));
  }

  space(self: DaemonProcess): Space {
    const text = self.host.readText(DATABASE);
    return text === undefined || text === "" ? NOTHING : (JSON.parse(text) as Space);
  }

  #keep(self: DaemonProcess, space: Space): void {
    self.host.files.write(DATABASE, encode(JSON.stringify(space)), { mode: 0o660 });
  }

  #change(row: WeaverRow, change: Partial<WeaverRow>): WeaverRow {
    const now = { ...(this.#rows.get(rowKey(row)) ?? row), ...change };
    this.#rows.set(rowKey(row), now);
    return now;
  }

  #api(self: DaemonProcess): ApiClient {
    return new ApiClient(self, AGENT, () => inClusterConfig(self.host, self.env, AGENT));
  }

  #log(self: DaemonProcess, level: "INFO" | "DEBU" | "WARN" | "FATA", text: string): void {
    self.log(weaveLine(this.#kernel.now, level, text));
  }

  #later(row: WeaverRow, event: string, delay: number, periodic = false): void {
    this.#kernel.after(delay, event, { key: rowKey(row) }, { periodic });
  }

  /** launch.sh until it has become the weaver: who else is there, and the links. */
  #start(self: DaemonProcess, row: WeaverRow): void {
    const api = this.#api(self);
    let addresses: string[];
    try {
      const known = this.#knownPeers(api);
      const list = known.Peers.map(({ PeerName, NodeName }) => `{${PeerName} ${NodeName}}`).join(" ");
      this.#log(self, "DEBU", `[kube-peers] Checking peer "${row.name}" against list &{[${list}]}`);
      if (!known.Peers.some(({ PeerName }) => PeerName === row.name))
        self.log("Peer not in list; removing persisted data");
      addresses = api.list<Node>(NODES).flatMap((node) => internalAddress(node) ?? []);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      this.#log(self, "FATA", `[kube-peers] Could not get peers: ${error.message}`);
      self.log("Failed to get peers");
      return this.#kernelLater(self, error.message.endsWith("i/o timeout") ? 30 * SECOND : RETRY);
    }
    const { range, name } = row;
    const mtu = Number(self.env["WEAVE_MTU"] ?? "") || undefined;
    this.#log(
      self,
      "INFO",
      `Command line options: map[conn-limit:${self.env["CONN_LIMIT"] ?? "200"} datapath:datapath db-prefix:/weavedb/weave-net docker-api: expect-npc:true http-addr:127.0.0.1:6784 ipalloc-init:consensus=${addresses.length} ipalloc-range:${range} metrics-addr:0.0.0.0:6782${mtu ? ` mtu:${mtu}` : ""} name:${name} nickname:${row.node} no-dns:true no-masq-local:true port:6783]`,
    );
    this.#log(self, "INFO", `weave  ${VERSION}`);
    const ns = namespaceOf(self);
    const before = exposedAddress(ns);
    if (before !== undefined)
      this.#log(self, "INFO", `Re-exposing ${before}/${parsePrefix(range)!.length} on bridge "weave"`);
    ensureLinks(ns, name, mtu);
    const iptables = Iptables.find(self);
    if ("error" in iptables) {
      this.#log(self, "FATA", `Could not configure iptables: ${iptables.error}`);
      return self.exit(1);
    }
    ensureLocalNets(ns);
    writeRules(iptables, range);
    this.#log(self, "INFO", "Bridge type is bridged_fastdp");
    this.#log(self, "INFO", "Communication between peers is unencrypted.");
    this.#log(self, "INFO", `Our name is ${name}(${row.node})`);
    this.#log(self, "INFO", `Launch detected - using supplied peer list: [${addresses.join(" ")}]`);
    this.#log(self, "INFO", 'Using "no-masq-local" LocalRangeTracker');
    this.#log(self, "INFO", "Checking for pre-existing addresses on weave bridge");
    if (before !== undefined)
      this.#log(self, "INFO", `weave bridge has address ${before}/${parsePrefix(range)!.length}`);
    const persisted = this.space(self).ranges.length > 0;
    this.#log(
      self,
      "INFO",
      `[allocator ${name}] ${persisted ? "Initialising with persisted data" : "No valid persisted data"}`,
    );
    if (!persisted) this.#log(self, "INFO", `[allocator ${name}] Initialising via deferred consensus`);
    this.#log(self, "INFO", "Sniffing traffic on datapath (via ODP)");
    const cluster = api.cluster?.name;
    const address = addresses.find((one) => isOwn(self, one));
    this.#change(row, {
      quorum: addresses.length,
      ...(cluster === undefined ? {} : { cluster }),
      ...(address === undefined ? {} : { address }),
    });
    for (const argv of [
      [
        "/home/weave/weaver",
        "--port=6783",
        "--datapath=datapath",
        `--name=${name}`,
        "--http-addr=127.0.0.1:6784",
        "--metrics-addr=0.0.0.0:6782",
        "--docker-api=",
        "--no-dns",
        "--db-prefix=/weavedb/weave-net",
        `--ipalloc-range=${range}`,
        `--nickname=${row.node}`,
        `--ipalloc-init`,
        `consensus=${addresses.length}`,
        "--conn-limit=200",
        "--expect-npc",
        "--no-masq-local",
        ...addresses,
      ],
      [
        "/home/weave/kube-utils",
        "-run-reclaim-daemon",
        `-node-name=${row.node}`,
        `-peer-name=${name}`,
        "-log-level=debug",
      ],
    ])
      self.fork(argv);
    this.#later(row, EVENTS.services, SERVICES);
  }

  /** launch.sh gives up, and the container is started again. */
  #kernelLater(self: DaemonProcess, wait: number): void {
    if (wait > RETRY)
      return void this.#kernel.after(
        wait,
        EVENTS.start,
        { key: `${self.host.machine.name}/${self.pid}` },
        { periodic: true },
      );
    self.exit(1);
  }

  #knownPeers(api: ApiClient): Peers {
    const map = api.get<ConfigMap>(CONFIG_MAPS, "weave-net", "kube-system");
    const text = map?.metadata.annotations?.[PEERS_ANNOTATION];
    return text === undefined ? { Peers: [] } : (JSON.parse(text) as Peers);
  }

  #services(self: DaemonProcess, row: WeaverRow): void {
    const ns = namespaceOf(self);
    const args = { host: row.host };
    const listen = (application: string, address: string, port: number, protocol: "tcp" | "udp" = "tcp"): void => {
      openSocket(ns, {
        protocol,
        address,
        port,
        ...(protocol === "tcp" ? { backlog: 4096 } : {}),
        reuseAddress: true,
        pid: self.pid,
        application,
        args,
      });
    };
    listen(ROUTER, "::", PORTS.router);
    listen(ROUTER, "::", PORTS.router, "udp");
    listen(CONTROL, "127.0.0.1", PORTS.control);
    listen(METRICS, "::", PORTS.metrics);
    this.#log(self, "INFO", "Listening for HTTP control messages on 127.0.0.1:6784");
    this.#log(self, "INFO", "Listening for metrics requests on 0.0.0.0:6782");
    const running = this.#change(row, { phase: "running" });
    this.#sync(self, running);
    this.#kernel.rest(HEARTBEAT, EVENTS.heartbeat, { key: rowKey(row) }, "net");
    for (const other of this.all()) if (other.cluster === running.cluster && other.pid !== row.pid) this.#plan(other);
  }

  #watch(cluster: Cluster): void {
    cluster.api.store.listen(anyKind(nodeKind), ({ type }) => {
      if (type === "MODIFIED") return;
      for (const row of this.all()) if (row.cluster === cluster.name && row.phase === "running") this.#plan(row);
    });
  }

  #plan(row: WeaverRow): void {
    if (row.syncing) return;
    this.#change(row, { syncing: true });
    this.#later(row, EVENTS.sync, REACTION);
  }

  /** Connections to all that run; then what hangs on them: the tunnel, addresses, the exposed bridge. */
  #sync(self: DaemonProcess, before: WeaverRow): void {
    const row = this.#change(before, { syncing: false });
    if (row.phase !== "running") return;
    const peers: Record<string, PeerRow> = {};
    for (const other of this.all()) {
      if (other.cluster !== row.cluster || other.name === row.name || other.phase !== "running" || !other.address)
        continue;
      const known = row.peers[other.name];
      peers[other.name] = known?.established
        ? known
        : this.#approach(self, other.name, {
            address: other.address,
            node: other.node,
            established: false,
            since: this.#kernel.now,
            misses: 0,
          });
    }
    const now = this.#change(row, { peers });
    this.#connected(self, now);
  }

  #connected(self: DaemonProcess, row: WeaverRow): void {
    const ns = namespaceOf(self);
    const established = Object.values(row.peers).filter((peer) => peer.established);
    reachPeers(
      ns,
      established.map(({ address }) => address),
    );
    if (row.exposed !== undefined) return;
    const address = this.allocate(row, EXPOSE);
    if (address === undefined) return;
    this.#complete(self, this.#change(row, { exposed: address }), address);
  }

  /** What launch.sh does once there is an address: the bridge has it, and others hear of this peer. */
  #complete(self: DaemonProcess, row: WeaverRow, address: string): void {
    const { length } = parsePrefix(row.range)!;
    expose(namespaceOf(self), address, length);
    try {
      const api = this.#api(self);
      const known = this.#knownPeers(api);
      if (!known.Peers.some(({ PeerName }) => PeerName === row.name)) {
        const list = { Peers: [...known.Peers, { PeerName: row.name, NodeName: row.node }] };
        this.#log(
          self,
          "INFO",
          `[kube-peers] Added myself to peer list &{[${list.Peers.map((one) => `{${one.PeerName} ${one.NodeName}}`).join(" ")}]}`,
        );
        const annotations = { [PEERS_ANNOTATION]: JSON.stringify(list) };
        const map = api.get<ConfigMap>(CONFIG_MAPS, "weave-net", "kube-system");
        if (map)
          api.update(CONFIG_MAPS, {
            ...map,
            metadata: { ...map.metadata, annotations: { ...map.metadata.annotations, ...annotations } },
          });
        else
          api.create(
            CONFIG_MAPS,
            {
              apiVersion: "v1",
              kind: "ConfigMap",
              metadata: { name: "weave-net", namespace: "kube-system", annotations },
            },
            "kube-system",
          );
      }
      const at = rfc3339(this.#kernel.now);
      const condition = {
        type: "NetworkUnavailable",
        status: "False",
        lastHeartbeatTime: at,
        lastTransitionTime: at,
        reason: "WeaveIsUp",
        message: "Weave pod has set this",
      };
      api.patch(NODES, { name: row.node, subresource: "status" }, { status: { conditions: [condition] } });
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      this.#log(self, "WARN", `[kube-peers] ${error.message}`);
    }
    self.log(address, 1);
    this.#log(self, "DEBU", "registering for updates for node delete events");
  }

  /** More addresses: what peers agree on at first, later a part of what a peer has. */
  #obtain(self: DaemonProcess, row: WeaverRow, space: Space): Space {
    const peers = this.all().filter((other) => row.peers[other.name]?.established && this.process(other));
    const owners = peers
      .map((other) => ({ other, process: this.process(other)! }))
      .map((one) => ({ ...one, space: this.space(one.process) }))
      .filter((one) => one.space.ranges.length > 0)
      .sort((a, b) => freeCount(b.space) - freeCount(a.space));
    for (const owner of owners) {
      const gift = donate(owner.space);
      if (!gift) continue;
      this.#keep(owner.process, gift.space);
      return this.#own(self, { ...space, ranges: [...space.ranges, gift.donated] });
    }
    if (space.ranges.length > 0 || owners.length > 0 || peers.length + 1 < Math.floor(row.quorum / 2) + 1) return space;
    const everyone = [
      { name: row.name, process: self },
      ...peers.map((other) => ({ name: other.name, process: this.process(other)! })),
    ];
    everyone.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const [index, range] of divide(universe(row.range), everyone.length).entries()) {
      const { process } = everyone[index]!;
      this.#own(process, { ...this.space(process), ranges: [range] });
    }
    return this.space(self);
  }

  #own(self: DaemonProcess, space: Space): Space {
    this.#keep(self, space);
    const ns = namespaceOf(self);
    for (const prefix of space.ranges.flatMap(prefixes))
      if (addLocalNet(ns, prefix)) {
        this.#log(self, "INFO", `adding entry ${prefix} to ${LOCAL_NETS} of 0`);
        this.#log(self, "INFO", `added entry ${prefix} to ${LOCAL_NETS} of 0`);
      }
    return space;
  }

  #approach(self: DaemonProcess, name: string, peer: PeerRow): PeerRow {
    this.#log(self, "INFO", `->[${peer.address}:6783] attempting connection`);
    if (!this.#reaches(self, peer)) {
      this.#log(
        self,
        "INFO",
        `->[${peer.address}:6783] error during connection attempt: dial tcp :0->${peer.address}:6783: connect: connection refused`,
      );
      return peer;
    }
    const full = `->[${peer.address}:6783|${name}(${peer.node})]`;
    this.#log(self, "INFO", `${full}: connection ready; using protocol version 2`);
    this.#log(self, "INFO", `overlay_switch ->[${name}(${peer.node})] using fastdp`);
    this.#log(self, "INFO", `${full}: connection added (new peer)`);
    this.#log(self, "INFO", `${full}: connection fully established`);
    return { ...peer, established: true, since: this.#kernel.now, misses: 0 };
  }

  #reaches(self: DaemonProcess, { address }: PeerRow): boolean {
    const attempt = connect(namespaceOf(self), { to: address, port: PORTS.router, pid: self.pid, tracing: false });
    attempt.connection?.close();
    return attempt.outcome === "connected";
  }

  #heartbeat(self: DaemonProcess, row: WeaverRow): void {
    let changed = false;
    const peers = Object.fromEntries(
      Object.entries(row.peers).map(([name, peer]) => {
        if (!peer.established) {
          const met = this.#reaches(self, peer) ? this.#approach(self, name, peer) : peer;
          changed ||= met.established;
          return [name, met];
        }
        const misses = this.#reaches(self, peer) ? 0 : peer.misses + 1;
        if (misses < PATIENCE) return [name, { ...peer, misses }];
        changed = true;
        this.#log(
          self,
          "INFO",
          `->[${peer.address}:6783|${name}(${peer.node})]: connection shutting down due to error: read tcp ${row.address ?? ""}->${peer.address}:6783: i/o timeout`,
        );
        return [name, { ...peer, established: false, since: this.#kernel.now, misses: 0 }];
      }),
    );
    const now = this.#change(row, { peers });
    if (changed) this.#connected(self, now);
    this.#kernel.rest(HEARTBEAT, EVENTS.heartbeat, { key: rowKey(row) }, "net");
  }

  #ended(process: ProcessRow): void {
    const machine = this.hosts.host(process.host)?.machine.name;
    const gone = machine === undefined ? undefined : this.#rows.get(`${machine}/${process.pid}`);
    if (!gone) return;
    for (const row of this.all()) {
      const peer = row.peers[gone.name];
      const self = this.process(row);
      if (!self || row.pid === gone.pid || !peer?.established) continue;
      const full = `->[${peer.address}:6783|${gone.name}(${gone.node})]`;
      this.#log(self, "INFO", `${full}: connection shutting down due to error: EOF`);
      this.#log(self, "INFO", `${full}: connection deleted`);
      // The kernel's flows stay for as long as nobody takes them away: the datapath goes on.
      this.#change(row, {
        peers: { ...row.peers, [gone.name]: { ...peer, established: false, since: this.#kernel.now } },
      });
    }
  }
}

function internalAddress({ status }: Node): string | undefined {
  return status.addresses?.find(({ type }) => type === "InternalIP")?.address;
}

function isOwn(self: DaemonProcess, address: string): boolean {
  const ns = namespaceOf(self);
  return [...ns.addresses.values()].flat().some(({ local }) => local === address);
}

/** A peer's name is drawn from the machine's id, so that it is the same after a restart. */
function peerName(machineId: string): string {
  const digest = createHash("sha256").update(`weave ${machineId}`).digest();
  const bytes = [(digest[0]! & 0xfe) | 0x02, ...digest.subarray(1, 6)];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

const WEAVE = new Part<Weavers>("weavers");

export function bindWeavers(hosts: Hosts): void {
  hosts.provide(WEAVE, new Weavers(hosts));
}

export function weaversOf(hosts: Hosts): Weavers {
  return hosts.part(WEAVE);
}

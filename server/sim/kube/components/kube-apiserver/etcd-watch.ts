import { SECOND, type Duration, type State, type Table, type Time } from "../../../kernel/index.ts";
import { DaemonProcess } from "../../../host/index.ts";
import { connect, namespaceOf, networkOfHosts, socketsOf } from "../../../net/index.ts";
import { dialError } from "../../access/dial-error.ts";
import { isStill, openWay, wayOf, type OpenWay } from "../../access/open-way.ts";
import { crosses, STANDING, standingConnection, type StandingConnection } from "../../access/standing.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { ETCD_CLIENT } from "../etcd.ts";
import { isFlagProblem, listFlag, parseFlags, type Flags } from "../go-flags.ts";
import { parseEndpoint, type Endpoint } from "../urls.ts";
import { FLAGS } from "./flags.ts";

/** Watches on etcd, one or more for each resource: what `netstat | grep 2379` shows on a control plane (facts/node.md, 3). */
const CONNECTIONS = 60;

/** A connection to etcd is not looked after at every request: it is good for a moment, unless etcd itself has gone. */
const TRUSTED: Duration = SECOND;

interface EtcdProcess {
  readonly machine: string;
  readonly pid: number;
}

type Etcd =
  | { readonly cluster: Cluster; readonly process: EtcdProcess | null; readonly way: OpenWay | undefined }
  | { readonly target: string; readonly error: string };

/** The etcd that --etcd-servers leads to, over the network. */
export function findEtcd(self: DaemonProcess, flags: Flags): Etcd {
  let problem = { target: "127.0.0.1:2379", error: "no etcd servers" };
  for (const url of listFlag(flags, "etcd-servers")) {
    const endpoint = parseEndpoint(url);
    if (!endpoint) continue;
    const target = `${endpoint.host}:${endpoint.port}`;
    const result = connect(namespaceOf(self), {
      to: endpoint.host,
      port: endpoint.port,
      pid: self.pid,
      tracing: false,
    });
    const socket = result.trace?.delivery?.socket;
    result.connection?.close();
    const way = openWay(namespaceOf(self), result);
    if (result.outcome !== "connected")
      problem = { target, error: dialError(endpoint.host, endpoint.port, result.errno) };
    else if (socket?.application !== ETCD_CLIENT || !endpoint.tls)
      problem = { target, error: "error reading server preface: EOF" };
    else {
      const args = socket.args as { readonly cluster: string; readonly host: string };
      const cluster = clustersOf(self.host.hosts).get(args.cluster);
      const machine = self.host.hosts.host(args.host)?.row.machine;
      const process = machine === undefined || socket.pid === undefined ? null : { machine, pid: socket.pid };
      if (cluster) return { cluster, process, way };
    }
  }
  return problem;
}

/** Connects the watches of the server to its etcd, unless they are connected; one of them. */
export function openWatches(self: DaemonProcess, flags: Flags): StandingConnection | undefined {
  const etcd = listFlag(flags, "etcd-servers")
    .map(parseEndpoint)
    .find((endpoint) => endpoint);
  if (!etcd) return undefined;
  if (watches(self, etcd).length === 0)
    for (let count = 0; count < CONNECTIONS; count++)
      connect(namespaceOf(self), {
        to: etcd.host,
        port: etcd.port,
        pid: self.pid,
        tracing: false,
        application: STANDING,
      });
  return watches(self, etcd)[0];
}

function watches(self: DaemonProcess, { port }: Endpoint): StandingConnection[] {
  const ns = namespaceOf(self);
  const { connections } = socketsOf(ns, self.pid);
  return connections
    .filter(({ peerPort, state }) => peerPort === port && state === "established")
    .map(({ id }) => ({ ns: ns.id, id }));
}

/** What the API server found of its etcd, and for which generations of the network and the processes that holds. */
interface EtcdLook {
  readonly world: string;
  readonly problem: string | null;
  readonly at: Time;
  /** Who looked: the API server's process. */
  readonly pid: number | null;
  /** The process that answered, if one did. */
  readonly etcd: EtcdProcess | null;
  readonly way?: OpenWay;
  /** One of its watches. */
  readonly watch?: StandingConnection;
}

/** Whether the etcd of a cluster's running API server answers. */
export class EtcdWatch {
  readonly #cluster: Cluster;
  /** What was found is part of the world's state: a restored world does not look where this one did not. */
  readonly #looks: Table<string, EtcdLook>;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#looks = cluster.kernel.state.table("etcd-looks", { quiet: true });
  }

  /** What a request hears that needs the database; undefined if all is well. */
  problem(): string | undefined {
    const { name, row, kernel } = this.#cluster;
    const last = this.#looks.get(name);
    const pid = row.apiServer?.pid ?? null;
    if (last && (last.world === worldOf(kernel.state) || (last.pid === pid && this.#isTrusted(last))))
      return last.problem ?? undefined;
    const found = (last && this.#ask(last)) ?? this.#look();
    // Looking opens sockets, which changes the network.
    const look = { ...found, world: worldOf(kernel.state), at: kernel.now, pid };
    this.#looks.set(name, look);
    return look.problem ?? undefined;
  }

  #isTrusted({ at, etcd, way }: EtcdLook): boolean {
    const { kernel, hosts } = this.#cluster;
    if (etcd === null || !hosts.machine(etcd.machine).isAlive(etcd.pid)) return false;
    return kernel.now - at < TRUSTED || (way !== undefined && isStill(kernel, way));
  }

  /** What it finds over a watch that is open. */
  #ask({ watch, etcd }: EtcdLook): Omit<EtcdLook, "world" | "at" | "pid"> | undefined {
    const open = watch && standingConnection(networkOfHosts(this.#cluster.hosts), watch);
    const trace = open && crosses(open);
    if (!trace) return undefined;
    const way = wayOf(open.ns, trace);
    return { problem: null, etcd, ...(way ? { way } : {}), watch };
  }

  /** Connects anew. */
  #look(): Omit<EtcdLook, "world" | "at" | "pid"> {
    const { row, hosts } = this.#cluster;
    const host = row.apiServer && hosts.host(row.apiServer.host);
    const self = host && new DaemonProcess(host, row.apiServer.pid);
    const flags = self && parseFlags(self.argv.slice(1), FLAGS);
    // Without a server there is none to look for.
    if (!flags || isFlagProblem(flags)) return { problem: null, etcd: null };
    const found = findEtcd(self, flags);
    if ("error" in found) return { problem: "etcdserver: request timed out", etcd: null };
    const { process: etcd, way } = found;
    const watch = openWatches(self, flags);
    return { problem: null, etcd, ...(way ? { way } : {}), ...(watch ? { watch } : {}) };
  }
}

function worldOf(state: State): string {
  return `${state.generation("net")} ${state.generation("processes")}`;
}

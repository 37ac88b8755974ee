import { createHash } from "node:crypto";
import type { DaemonProcess, Hosts, Process } from "../../host/index.ts";
import { SECOND, type Duration, type State, type Table, type Time } from "../../kernel/index.ts";
import { connect, namespaceOf, startTls, type Connection } from "../../net/index.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { clustersOf } from "../cluster/cluster.ts";
import type { UserInfo } from "../api/index.ts";
import { dialError } from "./dial-error.ts";
import { isStill, openWay, type OpenWay } from "./open-way.ts";
import type { RestConfig } from "./rest-config.ts";
import { parseServer, resolveServer } from "./server-address.ts";
import { API_SERVER, apiServerBehind, identify } from "./server.ts";
import { clientHello, trustError } from "./tls.ts";

const TRUSTED: Duration = SECOND;

/** What a component finds at the end of its way to the API server: the server and who it is there, or why not. */
export type Found = { readonly cluster: Cluster; readonly user: UserInfo } | { readonly error: string };

/**
 * A process' way to its API server. It really connects through its network; what it found holds until something of the
 * network, the processes or its configuration changes. With it open, requests are calls within this process (DESIGN.md,
 * law 4).
 */
export class ApiLink {
  readonly #self: DaemonProcess | Process;
  readonly #read: () => Config;
  readonly #key: string;
  readonly #rows: Table<string, LinkRow>;
  /** The row that `#found` is made of. */
  #row: LinkRow | undefined;
  #found: Found | undefined;
  /** Of the connection that was looked at last. */
  #way: OpenWay | undefined;
  #config: Config | undefined;

  constructor(self: DaemonProcess | Process, config: () => Config) {
    this.#self = self;
    this.#read = config;
    this.#key = `${self.host.machine.name}/${self.pid}`;
    this.#rows = self.kernel.state.table("api-links", { quiet: true });
  }

  /** Looks again if anything has changed that could matter. */
  find(): Found {
    if (this.#self.row?.state === "stopped") return { error: "the process is stopped" };
    const { state } = this.#self.kernel;
    const row = this.#rows.get(this.#key);
    const files = state.generation("files");
    const stood = row !== undefined && (row.world === worldOf(state) || this.#isTrusted(row));
    if (stood && row === this.#row && row.files === files) return this.#found!;
    const config = this.#read();
    const same = row !== undefined && (this.#config === config || digest(config) === row.config);
    this.#config = config;
    if (stood && same) return this.#keep({ ...row, files });
    this.#way = undefined;
    const found = this.#look(config);
    // Looking opens sockets, which changes the network.
    const world = worldOf(state);
    const kept = "error" in found ? found : { cluster: found.cluster.name, user: found.user };
    const at = this.#self.kernel.now;
    const servers = state.generation("clusters");
    const way = "error" in found ? undefined : this.#way;
    return this.#keep(
      { world, files, config: digest(config), found: kept, at, servers, ...(way ? { way } : {}) },
      found,
    );
  }

  /** An open connection is not looked after at every packet: it is good for a moment, unless the server itself has gone. */
  #isTrusted({ found, at, servers, way }: LinkRow): boolean {
    const { kernel } = this.#self;
    if ("error" in found || kernel.state.generation("clusters") !== servers) return false;
    return kernel.now - at < TRUSTED || (way !== undefined && isStill(kernel, way));
  }

  /** What was found is part of the world's state: a restored world does not look where this one did not. */
  #keep(row: LinkRow, found?: Found): Found {
    if (row.files !== this.#row?.files || row.found !== this.#row.found) this.#rows.set(this.#key, row);
    this.#row = this.#rows.get(this.#key)!;
    this.#found = found ?? this.#revive(row.found);
    return this.#found;
  }

  #revive(found: LinkRow["found"]): Found {
    if ("error" in found) return found;
    const cluster = clustersOf(this.#self.host.hosts).get(found.cluster);
    return cluster ? { cluster, user: found.user } : { error: `the cluster ${found.cluster} is gone` };
  }

  /** The server that its configuration names. */
  get server(): string | undefined {
    const config = this.#read();
    return "error" in config ? undefined : config.server;
  }

  get open(): boolean {
    return "cluster" in this.find();
  }

  #look(config: Config): Found {
    if ("error" in config) return config;
    const server = parseServer(config.server);
    if ("error" in server) return server;
    const ns = namespaceOf(this.#self);
    const address = resolveServer(this.#self.host, ns, server.host);
    if (typeof address !== "string") return address;
    const attempt = connect(ns, { to: address, port: server.port, pid: this.#self.pid, tracing: false });
    if (!attempt.connection || attempt.outcome !== "connected") {
      attempt.connection?.close();
      return { error: dialError(address, server.port, attempt.errno) };
    }
    const found = this.#greet(attempt.connection, apiServerBehind(attempt), config, server.host);
    attempt.connection.close();
    this.#way = openWay(ns, attempt);
    return found;
  }

  #greet(connection: Connection, name: string | undefined, config: RestConfig, host: string): Found {
    const handshake = startTls(connection, clientHello(config, host));
    if (handshake.outcome === "no answer") return { error: "net/http: TLS handshake timeout" };
    if (handshake.outcome === "alert") return { error: `remote error: tls: ${handshake.alert.replaceAll("_", " ")}` };
    if (handshake.outcome !== "established")
      return { error: handshake.outcome === "not tls" ? "http: server gave HTTP response to HTTPS client" : "EOF" };
    const distrust = trustError(config, host, handshake.session.serverChain, this.#self.kernel.now);
    if (distrust !== undefined) return { error: distrust };
    const cluster = name === undefined ? undefined : clustersOf(this.#self.host.hosts).get(name);
    if (!cluster) return { error: `the server at ${host} is no ${API_SERVER}` };
    const user = identify(cluster, {
      ...(handshake.session.clientChain ? { clientChain: handshake.session.clientChain } : {}),
      ...(config.token === undefined ? {} : { authorization: `Bearer ${config.token}` }),
    });
    return user ? { cluster, user } : { error: "Unauthorized" };
  }
}

type Config = RestConfig | { readonly error: string };

/** What a link has found, and for which state of the world that holds: plain data in table `api-links`. */
interface LinkRow {
  /** Generations of the network, the processes and the clusters. */
  readonly world: string;
  readonly files: number;
  readonly at: Time;
  /** Which API servers there were. */
  readonly servers: number;
  /** The digest of its configuration: files change all the time, those that it is made of seldom do. */
  readonly config: string;
  readonly found: { readonly cluster: string; readonly user: UserInfo } | { readonly error: string };
  readonly way?: OpenWay;
}

function worldOf(state: State): string {
  return `${state.generation("net")} ${state.generation("processes")} ${state.generation("clusters")}`;
}

const digests = new WeakMap<object, string>();

function digest(config: Config): string {
  let known = digests.get(config);
  if (known === undefined)
    digests.set(config, (known = createHash("sha256").update(JSON.stringify(config)).digest("base64")));
  return known;
}

/** Forgets what the links of a process found when it ends. Once per world. */
export function bindApiLinks(hosts: Hosts): void {
  const rows = hosts.kernel.state.table<string, LinkRow>("api-links", { quiet: true });
  hosts.onProcessEnd((row) => {
    const machine = hosts.host(row.host)?.machine.name;
    if (machine !== undefined) rows.delete(`${machine}/${row.pid}`);
  });
}

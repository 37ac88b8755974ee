import { createHash } from "node:crypto";
import type { DaemonProcess, Hosts, Process } from "../../host/index.ts";
import { SECOND, type Duration, type State, type Table, type Time } from "../../kernel/index.ts";
import { connect, namespaceOf, networkOfHosts, startTls, type Connection } from "../../net/index.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { clustersOf } from "../cluster/cluster.ts";
import type { UserInfo } from "../api/index.ts";
import { bindBeats } from "./beats.ts";
import { dialError } from "./dial-error.ts";
import type { Credentials } from "./identity.ts";
import { isStill, openWay, wayOf, type OpenWay } from "./open-way.ts";
import type { RestConfig } from "./rest-config.ts";
import { parseServer, resolveServer } from "./server-address.ts";
import { API_SERVER, apiServerBehind, identify } from "./server.ts";
import { crosses, STANDING, standing, standingConnection, type StandingConnection } from "./standing.ts";
import { clientHello, trustError } from "./tls.ts";

const TRUSTED: Duration = SECOND;

/** What a component finds at the end of its way to the API server: the server and who it is there, or why not. */
export type Found = { readonly cluster: Cluster; readonly user: UserInfo } | { readonly error: string };

/**
 * A process' way to its API server. It really connects through its network and keeps the connection; that it is open holds
 * until something of the network, the processes or its configuration changes: then something is sent through it. With it
 * open, requests are calls within this process (DESIGN.md, law 4).
 */
export class ApiLink {
  readonly #self: DaemonProcess | Process;
  readonly #read: () => Config;
  readonly #key: string;
  readonly #rows: Table<string, LinkRow>;
  /** The row that `#found` is made of. */
  #row: LinkRow | undefined;
  #found: Found | undefined;
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
    const { found, ...open } = (same && !("error" in config) && this.#ask(row, config)) || this.#look(config, row);
    // Looking opens sockets, which changes the network.
    const world = worldOf(state);
    const kept = "error" in found ? found : { cluster: found.cluster.name, user: found.user };
    const at = this.#self.kernel.now;
    const servers = state.generation("clusters");
    return this.#keep({ world, files, config: digest(config), found: kept, at, servers, ...open }, found);
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

  /** What it finds over the connection that is open; undefined: there is none now, or it knows nobody there any more. */
  #ask({ connection, found }: LinkRow, config: RestConfig): Looked | undefined {
    const open = connection && standingConnection(networkOfHosts(this.#self.host.hosts), connection);
    const cluster = "cluster" in found ? clustersOf(this.#self.host.hosts).get(found.cluster) : undefined;
    const trace = open && cluster && crosses(open);
    const user = trace && identify(cluster, credentialsOf(config, open.row?.tls?.clientChain));
    if (!user) return undefined;
    const way = wayOf(open.ns, trace);
    return { found: { cluster, user }, ...(way ? { way } : {}), connection };
  }

  /** Connects anew. */
  #look(config: Config, before: LinkRow | undefined): Looked {
    if (before?.connection) standingConnection(networkOfHosts(this.#self.host.hosts), before.connection)?.close();
    if ("error" in config) return { found: config };
    const server = parseServer(config.server);
    if ("error" in server) return { found: server };
    const ns = namespaceOf(this.#self);
    const address = resolveServer(this.#self.host, ns, server.host);
    if (typeof address !== "string") return { found: address };
    const { port } = server;
    const { pid } = this.#self;
    const attempt = connect(ns, { to: address, port, pid, tracing: false, application: STANDING });
    const { connection } = attempt;
    if (!connection || attempt.outcome !== "connected") {
      connection?.close();
      return { found: { error: dialError(address, port, attempt.errno) } };
    }
    const found = this.#greet(connection, apiServerBehind(attempt), config, server.host);
    if ("error" in found) {
      connection.close();
      return { found };
    }
    const way = openWay(ns, attempt);
    return { found, ...(way ? { way } : {}), connection: { ns: ns.id, id: connection.id } };
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
    const user = identify(cluster, credentialsOf(config, handshake.session.clientChain));
    return user ? { cluster, user } : { error: "Unauthorized" };
  }
}

type Config = RestConfig | { readonly error: string };

/** What was found, and the connection that it was found over. */
interface Looked {
  readonly found: Found;
  readonly way?: OpenWay;
  readonly connection?: StandingConnection;
}

function credentialsOf({ token }: RestConfig, clientChain: readonly string[] | undefined): Credentials {
  return {
    ...(clientChain ? { clientChain } : {}),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
}

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
  /** Its own end of the connection that is open. */
  readonly connection?: StandingConnection;
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

/** Serves the connections of links, and forgets what the links of a process found when it ends. Once per world. */
export function bindApiLinks(hosts: Hosts): void {
  networkOfHosts(hosts).serve(STANDING, standing);
  const rows = hosts.kernel.state.table<string, LinkRow>("api-links", { quiet: true });
  bindBeats(hosts, rows);
  hosts.onProcessEnd((row) => {
    const machine = hosts.host(row.host)?.machine.name;
    if (machine !== undefined) rows.delete(`${machine}/${row.pid}`);
  });
}

import type { DaemonProcess } from "../../host/index.ts";
import { connect, namespaceOf, startTls, type Connection } from "../../net/index.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { clustersOf } from "../cluster/cluster.ts";
import type { UserInfo } from "../api/index.ts";
import { dialError } from "./dial-error.ts";
import type { RestConfig } from "./rest-config.ts";
import { parseServer, resolveServer } from "./server-address.ts";
import { API_SERVER, apiServerBehind, identify } from "./server.ts";
import { clientHello, trustError } from "./tls.ts";

/** What a component finds at the end of its way to the API server: the server and who it is there, or why not. */
export type Found = { readonly cluster: Cluster; readonly user: UserInfo } | { readonly error: string };

/**
 * A daemon's way to its API server. It really connects through its network; what it found holds until something of the
 * network, the processes or its configuration changes. With it open, requests are calls within this process (DESIGN.md,
 * law 4).
 */
export class ApiLink {
  readonly #self: DaemonProcess;
  readonly #read: () => Config;
  #config: Config | undefined;
  #found: Found | undefined;
  /** Generations of the network, the processes, the clusters and the files at the time of the last look. */
  #net = -1;
  #processes = -1;
  #clusters = -1;
  #files = -1;

  constructor(self: DaemonProcess, config: () => Config) {
    this.#self = self;
    this.#read = config;
  }

  /** Looks again if anything has changed that could matter. */
  find(): Found {
    const files = this.#self.kernel.state.generation("files");
    const moved = this.#found === undefined || this.#worldChanged();
    const now = moved || files !== this.#files ? this.#read() : this.#config!;
    if (this.#found === undefined || moved || !sameConfig(now, this.#config!)) {
      this.#config = now;
      this.#found = this.#look(now);
      // Looking opens sockets, which changes the network.
      const { state } = this.#self.kernel;
      this.#net = state.generation("net");
      this.#processes = state.generation("processes");
      this.#clusters = state.generation("clusters");
    }
    this.#files = files;
    return this.#found;
  }

  #worldChanged(): boolean {
    const { state } = this.#self.kernel;
    return (
      state.generation("net") !== this.#net ||
      state.generation("processes") !== this.#processes ||
      state.generation("clusters") !== this.#clusters
    );
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

/** Files change all the time; those that a configuration is made of seldom do. */
function sameConfig(a: Config, b: Config): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

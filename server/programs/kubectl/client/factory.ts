import type { Process } from "../../../sim/host/index.ts";
import { ClientConfig } from "../clientcmd/client-config.ts";
import { GoError } from "../errors/go-error.ts";
import type { GlobalFlags } from "../clientcmd/global-flags.ts";
import type { Ports } from "../ports.ts";
import type { ApiTransport } from "../transport.ts";
import { CredentialTransport } from "./credential-transport.ts";
import { Discovery } from "./discovery.ts";
import { Helper } from "./helper.ts";
import { RequestLog } from "./request-log.ts";
import { RestClient } from "./rest-client.ts";
import { RestMapper } from "./rest-mapper.ts";
import { warn } from "./warning.ts";

const CLIENT_VERSION = "v1.33.1";

/** What a command needs to reach a cluster, made when first asked for (kubectl pkg/cmd/util/factory.go). */
export class Factory {
  readonly process: Process;
  readonly globals: GlobalFlags;
  readonly ports: Ports;
  readonly config: ClientConfig;
  readonly printHelp: (onError?: boolean) => Promise<void>;
  #client: RestClient | undefined;
  #transport: ApiTransport | undefined;
  #mapper: RestMapper | undefined;

  constructor(process: Process, globals: GlobalFlags, ports: Ports, printHelp: (onError?: boolean) => Promise<void>) {
    this.process = process;
    this.globals = globals;
    this.ports = ports;
    this.config = new ClientConfig(process, globals);
    this.printHelp = printHelp;
  }

  async client(): Promise<RestClient> {
    if (this.#client) return this.#client;
    const transport = await this.transport();
    const config = await this.config.rest();
    const log = new RequestLog(this.process, config, this.globals.v);
    await log.gates();
    this.#client = new RestClient(this.process, config, transport, log);
    if (this.globals["match-server-version"]) await this.#matchVersion(this.#client);
    return this.#client;
  }

  /** kubectl pkg/cmd/util/kubectl_match_version.go */
  async #matchVersion(client: RestClient): Promise<void> {
    const { gitVersion } = await client.object({ method: "GET", path: "/version", query: { timeout: ["32s"] } });
    if (gitVersion !== CLIENT_VERSION)
      throw new GoError(
        `server version (version.Info{GitVersion:${JSON.stringify(gitVersion)}}) differs from client version (version.Info{GitVersion:${JSON.stringify(CLIENT_VERSION)}})`,
      );
  }

  /** The way to the server, for what is no request of kubectl's own. */
  async transport(): Promise<ApiTransport> {
    if (this.#transport) return this.#transport;
    const { process, ports } = this;
    const config = await this.config.rest();
    const source = this.config.credentialSource(config);
    return (this.#transport = source
      ? new CredentialTransport(process, source, (given) => ports.connect(process, { ...config, ...given }))
      : ports.connect(process, config));
  }

  /** Lets go of what is open. */
  close(): void {
    this.#transport?.close();
  }

  /** The client, if anything was asked of a server yet. */
  get usedClient(): RestClient | undefined {
    return this.#client;
  }

  async helper(): Promise<Helper> {
    return new Helper(await this.client());
  }

  async mapper(): Promise<RestMapper> {
    return (this.#mapper ??= new RestMapper(
      new Discovery(this.process, await this.client(), this.globals["cache-dir"]),
      (text) => warn(this.process, text),
    ));
  }
}

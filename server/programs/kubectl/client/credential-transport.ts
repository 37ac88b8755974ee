import type { CredentialSource, Credentials } from "../clientcmd/credentials.ts";
import type { Process } from "../../../sim/host/index.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import type { ApiCall, ApiReply, ApiTransport, RestConfig } from "../transport.ts";

/** A way to a server with credentials that are asked for with the first request, and again when they are over or refused. */
export class CredentialTransport implements ApiTransport {
  readonly #process: Process;
  readonly #source: CredentialSource;
  readonly #connect: (given: Pick<RestConfig, "token" | "clientCertificate" | "clientKey">) => ApiTransport;
  #inner: { readonly credentials: Credentials; readonly transport: ApiTransport } | undefined;

  constructor(
    process: Process,
    source: CredentialSource,
    connect: (given: Pick<RestConfig, "token" | "clientCertificate" | "clientKey">) => ApiTransport,
  ) {
    this.#process = process;
    this.#source = source;
    this.#connect = connect;
  }

  async request(call: ApiCall): Promise<ApiReply> {
    const failed = await this.#ready();
    if (failed) return failed;
    const reply = await this.#inner!.transport.request(call);
    if (this.#source.refreshes && reply.kind === "object" && reply.code === 401) await this.#ask();
    return reply;
  }

  close(): void {
    this.#inner?.transport.close();
    this.#inner = undefined;
  }

  async #ready(): Promise<ApiReply | undefined> {
    const { expires } = this.#inner?.credentials ?? {};
    if (this.#inner && (expires === undefined || this.#process.now <= expires)) return undefined;
    return this.#ask();
  }

  async #ask(): Promise<ApiReply | undefined> {
    try {
      const credentials = await this.#source.credentials();
      const { token, clientCertificate, clientKey } = credentials;
      this.close();
      this.#inner = { credentials, transport: this.#connect({ token, clientCertificate, clientKey }) };
      return undefined;
    } catch (error) {
      if (!(error instanceof GoError) || error instanceof NotSimulated) throw error;
      return { kind: "unreachable", why: `${this.#source.prefix}${error.message}` };
    }
  }
}

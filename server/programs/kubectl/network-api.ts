import type { Process } from "../../sim/host/index.ts";
import { ApiUnreachable, connectApi, type ApiConnection } from "../../sim/kube/access/connect.ts";
import { impersonated, type ImpersonationHeaders } from "../../sim/kube/access/impersonation.ts";
import type { RestConfig as AccessConfig } from "../../sim/kube/access/rest-config.ts";
import { errors } from "../../sim/kube/api/index.ts";
import { ERRORS } from "./client/http-error.ts";
import { quote } from "./output/index.ts";
import { serve, USER_AGENT } from "./serve.ts";
import type { ApiCall, ApiReply, ApiTransport, RestConfig } from "./transport.ts";

/** The way to an API server through the process' own network: one connection, opened with the first request, as in HTTP/2. */
export class NetworkApi implements ApiTransport {
  readonly #process: Process;
  readonly #config: RestConfig;
  #connection: ApiConnection | undefined;

  constructor(process: Process, config: RestConfig) {
    this.#process = process;
    this.#config = config;
  }

  async request(call: ApiCall): Promise<ApiReply> {
    const process = this.#process;
    const late = (): boolean => call.deadline !== undefined && process.kernel.now >= call.deadline;
    const [scheme = ""] = this.#config.server.split("://");
    if (!/^https?$/i.test(scheme)) return { kind: "unreachable", why: `unsupported protocol scheme ${quote(scheme)}` };
    let connection: ApiConnection | undefined;
    try {
      connection = await this.#open(call);
      await connection.carry(process);
    } catch (error) {
      if (!(error instanceof ApiUnreachable)) throw error;
      this.close();
      const timeout = connection ? ERRORS.waiting : ERRORS.connecting;
      return { kind: "unreachable", why: late() ? timeout : error.message };
    }
    if (!connection.user) return UNAUTHORIZED;
    const { api } = connection.cluster;
    const user = impersonated(api, connection.user, call.impersonate ?? this.#impersonation());
    if ("status" in user)
      return { kind: "object", code: user.code, object: user, mediaType: "application/json", warnings: [] };
    return serve(process, api, call, user);
  }

  /** What the headers Impersonate-User, -Uid and -Group say. */
  #impersonation(): ImpersonationHeaders | undefined {
    const { user, uid, groups } = this.#config.impersonate;
    return user === "" ? undefined : { user, groups, ...(uid === "" ? {} : { uid }) };
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #open({ deadline }: ApiCall): Promise<ApiConnection> {
    if (this.#connection) return this.#connection;
    const timeout = deadline === undefined ? undefined : Math.max(0, deadline - this.#process.kernel.now);
    return (this.#connection = await connectApi(this.#process, accessConfig(this.#config), timeout));
  }
}

const UNAUTHORIZED: ApiReply = {
  kind: "object",
  code: 401,
  object: errors.unauthorized().status,
  mediaType: "application/json",
  warnings: [],
};

/** What a connection needs of a client's configuration. Empty texts are what was not said. */
function accessConfig(config: RestConfig): AccessConfig {
  const given = (name: keyof AccessConfig, value: string): object => (value === "" ? {} : { [name]: value });
  return {
    server: config.server,
    insecureSkipTlsVerify: config.insecureSkipTlsVerify,
    userAgent: USER_AGENT,
    ...given("certificateAuthority", config.certificateAuthority),
    ...given("tlsServerName", config.tlsServerName),
    ...given("clientCertificate", config.clientCertificate),
    ...given("clientKey", config.clientKey),
    ...given("token", config.token),
  };
}

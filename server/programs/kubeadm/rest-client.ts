import type { Process } from "../../sim/host/index.ts";
import { ApiUnreachable, connectApi, type ApiConnection } from "../../sim/kube/access/connect.ts";
import type { RestConfig } from "../../sim/kube/access/rest-config.ts";
import { parseTarget, type JsonObject, type Status } from "../../sim/kube/api/index.ts";
import { KubeadmError } from "./failure.ts";

export const AGENT = "kubeadm/v1.33.1 (linux/amd64) kubernetes/8adc0f0";

/** The server's answer is no. `message` is its own. */
export class Refused extends KubeadmError {
  readonly reason: string;
  constructor({ message = "", reason = "" }: Partial<Status>) {
    super(message);
    this.reason = reason;
  }
}

/** Nobody answers at the server's address: `Post "https://172.30.1.2:6443/…?timeout=10s": dial tcp …`. */
export class Unreachable extends KubeadmError {}

/** client-go's REST client: one connection, opened when it is needed. Throws Refused and Unreachable. */
export class RestClient {
  readonly config: RestConfig;
  readonly #process: Process;
  #connection: ApiConnection | undefined;

  constructor(process: Process, config: RestConfig) {
    this.#process = process;
    this.config = config;
  }

  /** Throws Unreachable if a request would not get through. */
  async reach(path: string): Promise<void> {
    await this.#carry("GET", path);
  }

  async call(method: string, path: string, body?: JsonObject, contentType = "application/json"): Promise<JsonObject> {
    const { cluster, user } = await this.#carry(method, path);
    if (!user) throw new Refused({ message: "Unauthorized", reason: "Unauthorized" });
    let request = {
      ...parseTarget(method, path),
      accept: "application/json",
      contentType: body ? contentType : "",
      userAgent: AGENT,
      user,
      body,
    };
    for (;;) {
      const response = cluster.api.handle(request);
      if (response.kind === "pending") {
        await this.#process.sleep(response.after);
        request = response.request as typeof request;
      } else if (response.kind !== "object") throw new KubeadmError(`unexpected answer to ${method} ${path}`);
      else if (response.code >= 400) throw new Refused(response.object as Partial<Status>);
      else return response.object as JsonObject;
    }
  }

  /** Lets a request cross the network, over a new connection if there is none. */
  async #carry(method: string, path: string): Promise<ApiConnection> {
    try {
      const connection = (this.#connection ??= await connectApi(this.#process, this.config));
      await connection.carry(this.#process);
      return connection;
    } catch (error) {
      if (!(error instanceof ApiUnreachable)) throw error;
      this.#connection = undefined;
      const verb = method[0]! + method.slice(1).toLowerCase();
      const query = path.includes("?") ? "&" : "?";
      throw new Unreachable(`${verb} "${this.config.server}${path}${query}timeout=10s": ${error.message}`);
    }
  }
}

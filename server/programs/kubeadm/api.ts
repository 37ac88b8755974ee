import type { Process } from "../../sim/host/index.ts";
import { ApiUnreachable, connectApi, type ApiConnection } from "../../sim/kube/access/connect.ts";
import { readKubeconfig, type RestConfig } from "../../sim/kube/access/rest-config.ts";
import { parseTarget, type JsonObject, type Status } from "../../sim/kube/api/index.ts";

const AGENT = "kubeadm/v1.33.1 (linux/amd64) kubernetes/8adc0f0";
const ADMIN = "/etc/kubernetes/admin.conf";

/** Why a command of kubeadm could not do its work, in its words. */
export class KubeadmError extends Error {}

/** There is no file that says where the API server is. */
export class NoKubeconfig extends KubeadmError {}

/** kubeadm's way to the API server: `--kubeconfig`, else admin.conf, else the user's own file (cmd/util GetKubeConfigPath). */
export class AdminApi {
  readonly config: RestConfig;
  readonly #process: Process;
  readonly #connection: ApiConnection;

  private constructor(process: Process, config: RestConfig, connection: ApiConnection) {
    this.#process = process;
    this.config = config;
    this.#connection = connection;
  }

  static async connect(process: Process, kubeconfig: string | undefined): Promise<AdminApi> {
    const own = process.env["KUBECONFIG"] ?? `${process.env["HOME"] ?? "/root"}/.kube/config`;
    const path = kubeconfig ?? (process.host.files.exists(ADMIN, process) ? ADMIN : own);
    const config = readKubeconfig(process.host, path, AGENT, process);
    if ("error" in config)
      throw new NoKubeconfig(`failed to load admin kubeconfig: ${config.error.replace(/^stat /, "open ")}`);
    try {
      return new AdminApi(process, config, await connectApi(process, config));
    } catch (error) {
      if (!(error instanceof ApiUnreachable)) throw error;
      throw new KubeadmError(`Get "${config.server}/version?timeout=10s": ${error.message}`);
    }
  }

  /** Throws what the server refuses. */
  async call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    const { cluster, user } = this.#connection;
    await this.#connection.carry(this.#process);
    if (!user) throw new KubeadmError("Unauthorized");
    let request = {
      ...parseTarget(method, path),
      accept: "application/json",
      contentType: body ? "application/json" : "",
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
      else if (response.code >= 400) throw new KubeadmError((response.object as Partial<Status>).message ?? "");
      else return response.object as JsonObject;
    }
  }
}

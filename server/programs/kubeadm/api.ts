import type { Process } from "../../sim/host/index.ts";
import { readKubeconfig, type RestConfig } from "../../sim/kube/access/rest-config.ts";
import type { JsonObject } from "../../sim/kube/api/index.ts";
import { KubeadmError } from "./failure.ts";
import { AGENT, RestClient } from "./rest-client.ts";

export { KubeadmError } from "./failure.ts";

const ADMIN = "/etc/kubernetes/admin.conf";

/** There is no file that says where the API server is. */
export class NoKubeconfig extends KubeadmError {}

/** kubeadm's way to the API server: `--kubeconfig`, else admin.conf, else the user's own file (cmd/util GetKubeConfigPath). */
export class AdminApi {
  readonly #client: RestClient;

  private constructor(client: RestClient) {
    this.#client = client;
  }

  get config(): RestConfig {
    return this.#client.config;
  }

  static async connect(process: Process, kubeconfig: string | undefined): Promise<AdminApi> {
    const own = process.env["KUBECONFIG"] ?? `${process.env["HOME"] ?? "/root"}/.kube/config`;
    const path = kubeconfig ?? (process.host.files.exists(ADMIN, process) ? ADMIN : own);
    const client = clientFromFile(process, path);
    await client.reach("/version");
    return new AdminApi(client);
  }

  /** Throws what the server refuses. */
  async call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
    return this.#client.call(method, path, body);
  }
}

/** As kubeconfigutil.ClientSetFromFile. */
export function clientFromFile(process: Process, path: string): RestClient {
  const config = readKubeconfig(process.host, path, AGENT, process);
  if ("error" in config)
    throw new NoKubeconfig(`failed to load admin kubeconfig: ${config.error.replace(/^stat /, "open ")}`);
  return new RestClient(process, config);
}

import type { Process } from "../../sim/host/index.ts";
import { MILLISECOND, MINUTE } from "../../sim/kernel/index.ts";
import type { JsonObject } from "../../sim/kube/api/index.ts";
import type { KubeObject } from "../../sim/kube/kubeadm/index.ts";
import { KubeadmError } from "./failure.ts";
import { Refused, type RestClient } from "./rest-client.ts";

/** kubeadm's KubernetesAPICallRetryInterval, and the time that its configuration gives such calls. */
const RETRY = 500 * MILLISECOND;
const PATIENCE = MINUTE;

/** The plural names of what kubeadm makes. */
const PLURAL: Readonly<Record<string, string>> = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  DaemonSet: "daemonsets",
  Deployment: "deployments",
  Node: "nodes",
  Role: "roles",
  RoleBinding: "rolebindings",
  Secret: "secrets",
  Service: "services",
  ServiceAccount: "serviceaccounts",
};

/** The error with words before its own, as pkg/errors Wrap. What is no failure of kubeadm's goes on as it is. */
export function errorSaying(words: string, error: unknown): unknown {
  return error instanceof KubeadmError ? new KubeadmError(`${words}: ${error.message}`) : error;
}

/** Makes and changes objects as kubeadm does: again and again for a minute (cmd/kubeadm/app/util/apiclient/idempotency.go). */
export class ClusterObjects {
  readonly client: RestClient;
  readonly #process: Process;

  constructor(process: Process, client: RestClient) {
    this.#process = process;
    this.client = client;
  }

  /** Tries until it succeeds; after a minute throws what went wrong last. */
  async patiently<T>(attempt: () => Promise<T>): Promise<T> {
    const until = this.#process.now + PATIENCE;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof KubeadmError) || this.#process.now + RETRY > until) throw error;
        await this.#process.sleep(RETRY);
      }
    }
  }

  async create(object: KubeObject): Promise<JsonObject> {
    return this.client.call("POST", collection(object), object as unknown as JsonObject);
  }

  async update(object: KubeObject): Promise<JsonObject> {
    return this.client.call("PUT", `${collection(object)}/${object.metadata.name}`, object as unknown as JsonObject);
  }

  /** `unable to create *v1.ConfigMap: …` */
  async createOrUpdate(object: KubeObject): Promise<void> {
    await this.patiently(async () => {
      try {
        await this.create(object);
      } catch (error) {
        if (!(error instanceof Refused) || error.reason !== "AlreadyExists") throw errorSaying(`unable to create *v1.${object.kind}`, error); // prettier-ignore
        try {
          await this.update(object);
        } catch (refused) {
          throw errorSaying(`unable to update *v1.${object.kind}`, refused);
        }
      }
    });
  }

  /** Changes a Node once it is there and has its name as a label (apiclient.PatchNode). */
  async patchNode(name: string, change: (node: JsonObject) => JsonObject): Promise<void> {
    const path = `/api/v1/nodes/${name}`;
    await this.patiently(async () => {
      let node: JsonObject;
      try {
        node = await this.client.call("GET", path);
      } catch (error) {
        throw errorSaying(`error getting Node "${name}"`, error);
      }
      const labels = (node["metadata"] as { labels?: JsonObject }).labels ?? {};
      if (!("kubernetes.io/hostname" in labels))
        throw new KubeadmError(`node "${name}" does not have a hostname label`);
      try {
        await this.client.call("PATCH", path, change(node), "application/strategic-merge-patch+json");
      } catch (error) {
        throw errorSaying(`error patching Node "${name}"`, error);
      }
    });
  }
}

function collection({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const namespace = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${namespace}/${PLURAL[kind]!}`;
}

import { pass } from "../../server/sim/kernel/index.ts";
import {
  isFailure,
  type AnyKind,
  type ApiRequest,
  type ApiServer,
  type JsonObject,
  type KubeObject,
  type Status,
  type UserInfo,
  type Verb,
} from "../../server/sim/kube/api/index.ts";
import type { World } from "../../server/sim/world/index.ts";

const ADMIN: UserInfo = { name: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] };
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Something of a setup was refused: by the API server, in its words and with its Status, or because there is nothing to change. */
export class Refused extends Error {
  readonly status: Status | undefined;

  constructor(message: string, status?: Status) {
    super(message);
    this.status = status;
  }
}

/** The administrator who set the cluster up that a lab begins with. */
export class Admin {
  readonly #api: ApiServer;

  constructor(api: ApiServer) {
    this.#api = api;
  }

  /** Throws Refused if the world has no cluster. */
  static of(world: World): Admin {
    const [cluster] = world.clusters.list();
    if (!cluster) throw new Refused("this lab's world has no cluster");
    return new Admin(cluster.api);
  }

  /** Makes or changes an object as `kubectl apply` does, with its note of what was applied. Throws Refused. */
  async apply(kind: AnyKind, object: JsonObject): Promise<void> {
    const given = object["metadata"] as JsonObject;
    const namespace = kind.namespaced ? ((given["namespace"] as string | undefined) ?? "default") : "";
    const annotations = (given["annotations"] ?? {}) as JsonObject;
    const plain = { ...given, ...(kind.namespaced ? { namespace } : {}), annotations };
    const applied = `${JSON.stringify(sorted({ ...object, metadata: plain }))}\n`;
    const metadata = { ...plain, annotations: { ...annotations, [LAST_APPLIED]: applied } };
    const body: JsonObject = { ...object, metadata };
    const name = given["name"] as string;
    if (this.find(kind, namespace, name)) await this.patch(kind, namespace, name, body);
    else await this.#send(kind, { verb: "create", namespace, body });
  }

  /** Changes an object by a merge patch. Throws Refused. */
  async patch(kind: AnyKind, namespace: string, name: string, patch: JsonObject): Promise<void> {
    const contentType = "application/merge-patch+json";
    await this.#send(kind, { verb: "patch", namespace, name, contentType, body: patch });
  }

  /** Deletes an object as `kubectl delete --wait=false` does. Throws Refused. */
  async delete(kind: AnyKind, namespace: string, name: string): Promise<void> {
    const body = { propagationPolicy: "Background" };
    await this.#send(kind, { verb: "delete", namespace, name, query: {}, body });
  }

  find(kind: AnyKind, namespace: string, name: string): KubeObject | undefined {
    return this.#api.store.get(kind, namespace, name);
  }

  async #send(kind: AnyKind, parts: Partial<ApiRequest> & { readonly verb: Verb }): Promise<void> {
    let request: ApiRequest = {
      group: kind.group,
      version: kind.version,
      resource: kind.plural,
      namespace: "",
      name: "",
      subresource: "",
      query: { fieldValidation: ["Strict"] },
      accept: "",
      contentType: "",
      userAgent: "kubectl/v1.33.1 (linux/amd64) kubernetes/8adc0f0",
      user: ADMIN,
      body: undefined,
      ...parts,
    };
    for (;;) {
      const response = this.#api.handle(request);
      if (isFailure(response)) throw new Refused(response.object.message ?? "", response.object);
      if (response.kind !== "pending") return;
      request = response.request;
      await pass(this.#api.kernel, this.#api.kernel.now + response.after);
    }
  }
}

/** JSON as Go writes maps: keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

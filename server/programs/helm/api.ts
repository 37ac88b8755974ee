import type { Process } from "../../sim/host/index.ts";
import { ApiUnreachable, connectApi, type ApiConnection } from "../../sim/kube/access/connect.ts";
import { readKubeconfig } from "../../sim/kube/access/rest-config.ts";
import { parseTarget, type JsonObject, type KubeObject, type Status } from "../../sim/kube/api/index.ts";

export type Answer = { readonly object: JsonObject } | { readonly refused: Partial<Status> };

const AGENT = "Helm/3.18.3";

/** Paths of the kinds that charts of ours and releases need; cluster-wide ones have no namespace. */
const KINDS: Readonly<Record<string, readonly [prefix: string, plural: string, namespaced: boolean]>> = {
  Namespace: ["/api/v1", "namespaces", false],
  Secret: ["/api/v1", "secrets", true],
  ServiceAccount: ["/api/v1", "serviceaccounts", true],
  ConfigMap: ["/api/v1", "configmaps", true],
  Service: ["/api/v1", "services", true],
  Deployment: ["/apis/apps/v1", "deployments", true],
  DaemonSet: ["/apis/apps/v1", "daemonsets", true],
  Job: ["/apis/batch/v1", "jobs", true],
  Role: ["/apis/rbac.authorization.k8s.io/v1", "roles", true],
  RoleBinding: ["/apis/rbac.authorization.k8s.io/v1", "rolebindings", true],
  ClusterRole: ["/apis/rbac.authorization.k8s.io/v1", "clusterroles", false],
  ClusterRoleBinding: ["/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings", false],
  IngressClass: ["/apis/networking.k8s.io/v1", "ingressclasses", false],
  ValidatingWebhookConfiguration: ["/apis/admissionregistration.k8s.io/v1", "validatingwebhookconfigurations", false],
};

/** An object of a chart, as it is written. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Pick<KubeObject["metadata"], "name"> & {
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Helm's way to the API server: the user's kubeconfig, or localhost:8080 if there is none. */
export class Api {
  readonly #process: Process;
  readonly #connection: ApiConnection;

  private constructor(process: Process, connection: ApiConnection) {
    this.#process = process;
    this.#connection = connection;
  }

  /** Undefined if it cannot be reached: then `why` was told. */
  static async connect(process: Process, why: (text: string) => Promise<void>): Promise<Api | undefined> {
    const path = process.env["KUBECONFIG"] ?? `${process.env["HOME"] ?? "/root"}/.kube/config`;
    const config = readKubeconfig(process.host, path, AGENT, process);
    const usable = "error" in config ? { server: "http://localhost:8080", userAgent: AGENT } : config;
    try {
      return new Api(process, await connectApi(process, usable));
    } catch (error) {
      if (!(error instanceof ApiUnreachable)) throw error;
      const refused = "dial tcp 127.0.0.1:8080: connect: connection refused";
      const words = usable.server.startsWith("http://") ? refused : error.message;
      await why(`Kubernetes cluster unreachable: Get "${usable.server}/version": ${words}`);
      return undefined;
    }
  }

  get(kind: string, namespace: string, name: string): Promise<Answer> {
    return this.#call("GET", pathOf(kind, namespace, name));
  }

  list(kind: string, namespace: string, selector: string): Promise<Answer> {
    return this.#call("GET", `${pathOf(kind, namespace)}?labelSelector=${encodeURIComponent(selector)}`);
  }

  create({ kind, metadata, ...rest }: Manifest): Promise<Answer> {
    return this.#call("POST", pathOf(kind, metadata.namespace ?? ""), { kind, metadata, ...rest });
  }

  patch(kind: string, namespace: string, name: string, patch: JsonObject): Promise<Answer> {
    return this.#call("PATCH", pathOf(kind, namespace, name), patch);
  }

  delete(kind: string, namespace: string, name: string): Promise<Answer> {
    return this.#call("DELETE", pathOf(kind, namespace, name), { propagationPolicy: "Background" });
  }

  async #call(method: string, path: string, body?: JsonObject): Promise<Answer> {
    const { cluster, user } = this.#connection;
    await this.#connection.carry(this.#process);
    if (!user) return { refused: { reason: "Unauthorized", message: "the server has asked for the client to provide credentials" } }; // prettier-ignore
    let request = {
      ...parseTarget(method, path),
      accept: "application/json",
      contentType: method === "PATCH" ? "application/merge-patch+json" : body ? "application/json" : "",
      userAgent: AGENT,
      user,
      body,
    };
    for (;;) {
      const response = cluster.api.handle(request);
      if (response.kind === "pending") {
        await this.#process.sleep(response.after);
        request = response.request as typeof request;
      } else if (response.kind !== "object") return { refused: { message: `unexpected answer to ${method} ${path}` } };
      else if (response.code >= 400) return { refused: response.object as Partial<Status> };
      else return { object: response.object as JsonObject };
    }
  }
}

export function isNamespaced(kind: string): boolean {
  return KINDS[kind]?.[2] ?? true;
}

function pathOf(kind: string, namespace: string, name?: string): string {
  const [prefix, plural, namespaced] = KINDS[kind]!;
  const place = namespaced && namespace !== "" ? `/namespaces/${namespace}` : "";
  return `${prefix}${place}/${plural}${name === undefined ? "" : `/${name}`}`;
}

import type { DaemonProcess } from "../../../host/index.ts";
import { ApiLink } from "../../access/link.ts";
import { inClusterConfig } from "../../access/in-cluster.ts";
import { readKubeconfig, type RestConfig } from "../../access/rest-config.ts";
import { isFailure, type JsonObject, type Node, type Pod } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";

export type Answer<T> = { readonly ok: T; readonly cluster: Cluster } | { readonly error: string };

const AGENT = "flanneld/v0.0.0 (linux/amd64) kubernetes/$Format";

interface Request {
  readonly verb: "get" | "list" | "patch";
  readonly resource: "pods" | "nodes";
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly body?: JsonObject;
}

/** A flanneld's requests to its API server: over its network, with its own credentials. Errors are client-go's words. */
export class ApiSession {
  readonly #link: ApiLink;
  readonly #config: () => RestConfig | { readonly error: string };

  constructor(self: DaemonProcess, kubeconfig: string) {
    this.#config = () => restConfig(self, kubeconfig);
    this.#link = new ApiLink(self, this.#config);
  }

  /** Why it cannot even know its API server. */
  get configError(): string | undefined {
    const config = this.#config();
    return "error" in config ? config.error : undefined;
  }

  get open(): boolean {
    return this.#link.open;
  }

  pod(namespace: string, name: string): Answer<Pod> {
    return this.#send({ verb: "get", resource: "pods", namespace, name });
  }

  node(name: string): Answer<Node> {
    return this.#send({ verb: "get", resource: "nodes", name });
  }

  nodes(): Answer<{ readonly items: readonly Node[] }> {
    return this.#send({ verb: "list", resource: "nodes" });
  }

  patchNodeStatus(name: string, body: JsonObject): Answer<Node> {
    return this.#send({ verb: "patch", resource: "nodes", name, subresource: "status", body });
  }

  #send<T>(request: Request): Answer<T> {
    const { verb, resource, namespace = "", name = "", subresource = "", body } = request;
    const found = this.#link.find();
    if ("error" in found) return { error: this.#transportError(request, found.error) };
    const { cluster, user } = found;
    const response = cluster.api.handle({
      verb,
      group: "",
      version: "v1",
      resource,
      namespace,
      name,
      subresource,
      query: {},
      accept: "application/json",
      contentType: verb === "patch" ? "application/strategic-merge-patch+json" : "",
      userAgent: AGENT,
      user,
      body,
    });
    if (isFailure(response)) return { error: response.object.message ?? "" };
    if (response.kind !== "object") throw new Error(`${verb} ${resource}: the server answered ${response.kind}`);
    return { ok: response.object as T, cluster };
  }

  /** What a request says that does not get through: `Get "https://10.96.0.1:443/…": dial tcp …`. */
  #transportError({ verb, resource, namespace, name, subresource }: Request, why: string): string {
    if (why === "Unauthorized" || this.#link.server === undefined) return why;
    const path = [namespace ? `namespaces/${namespace}` : "", resource, name ?? "", subresource ?? ""];
    const url = `${this.#link.server}/api/v1/${path.filter((part) => part !== "").join("/")}`;
    return `${verb === "patch" ? "Patch" : "Get"} "${url}": ${why}`;
  }
}

/** clientcmd.BuildConfigFromFlags. */
function restConfig(self: DaemonProcess, kubeconfig: string): RestConfig | { readonly error: string } {
  return kubeconfig === ""
    ? inClusterConfig(self.host, self.env, AGENT)
    : readKubeconfig(self.host, kubeconfig, AGENT, self);
}

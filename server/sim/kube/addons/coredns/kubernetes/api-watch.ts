import { SECOND, type Duration } from "../../../../kernel/index.ts";
import { ApiLink, type Found } from "../../../access/link.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";
import { readKubeconfig, type RestConfig } from "../../../access/rest-config.ts";
import { isFailure, type ApiRequest, type UserInfo } from "../../../api/index.ts";
import type { Cluster } from "../../../cluster/cluster.ts";
import type { Instance } from "../server/instance.ts";
import type { ApiAddress, KubernetesConfig } from "./config.ts";

const USER_AGENT = "coredns/v0.0.0 (linux/amd64) kubernetes/$Format";

/** What it lists and watches, and how reflectors call that. */
const LISTED = [
  { group: "", resource: "services", type: "*v1.Service" },
  { group: "", resource: "namespaces", type: "*v1.Namespace" },
  { group: "discovery.k8s.io", resource: "endpointslices", type: "*v1.EndpointSlice" },
  { group: "", resource: "pods", type: "*v1.Pod" },
] as const;

/** After a connection that gets no answer, client-go knows so late that it failed. */
const DIAL_TIMEOUT: Duration = 30 * SECOND;

/** The kubernetes plugin's way to its API server. */
export class ApiWatch {
  readonly #instance: Instance;
  readonly #link: ApiLink;
  readonly watchesPods: boolean;
  readonly #endpoints: boolean;
  #problem = "";
  #refused: readonly string[] = [];

  constructor(instance: Instance, { api, pods, endpoints }: KubernetesConfig) {
    this.#instance = instance;
    this.watchesPods = pods === "verified";
    this.#endpoints = endpoints;
    this.#link = new ApiLink(instance.self, () => restConfig(instance, api));
  }

  get isOpen(): boolean {
    return this.#link.open;
  }

  /** Lists everything for the first time, if the server is there and lets it. */
  synchronize(): boolean {
    const found: Found = this.#link.find();
    this.#refused = [];
    if ("error" in found) {
      this.#problem = found.error;
      return false;
    }
    this.#problem = "";
    this.#refused = LISTED.filter(
      ({ resource }) => (resource !== "pods" || this.watchesPods) && (resource !== "endpointslices" || this.#endpoints),
    ).flatMap(({ group, resource, type }) => {
      const refusal = list(found.cluster, found.user, group, resource);
      return refusal === undefined ? [] : [`failed to list ${type}: ${refusal}`];
    });
    if (this.#refused.length > 0) return false;
    this.#instance.objects.synchronize(found.cluster.name, this.#instance.self.kernel.now);
    return true;
  }

  /** Says why nothing has been listed yet, as often as the real one does. `waited` since the start, by whole seconds. */
  tell(waited: Duration): void {
    const seconds = Math.round(waited / SECOND);
    const log = this.#instance;
    if (this.#problem !== "") {
      if (seconds % 10 !== 0 || (this.#problem.endsWith("i/o timeout") && waited < DIAL_TIMEOUT)) return;
      const url = `${this.#link.server ?? ""}/version`;
      log.log(
        "WARNING",
        `plugin/kubernetes: Kubernetes API connection failure: Get ${JSON.stringify(url)}: ${this.#problem}`,
      );
      return;
    }
    if (seconds > 32 ? seconds % 30 !== 0 : !Number.isInteger(Math.log2(seconds))) return;
    for (const line of this.#refused) {
      log.log("INFO", `plugin/kubernetes: pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243: ${line}`);
      log.log("ERROR", "plugin/kubernetes: Unhandled Error");
    }
  }
}

function list(cluster: Cluster, user: UserInfo, group: string, resource: string): string | undefined {
  const request: ApiRequest = {
    verb: "list",
    group,
    version: "v1",
    resource,
    namespace: "",
    name: "",
    subresource: "",
    query: { limit: ["1"] },
    accept: "",
    contentType: "",
    userAgent: USER_AGENT,
    user,
    body: undefined,
  };
  const response = cluster.api.handle(request);
  return isFailure(response) ? response.object.message : undefined;
}

function restConfig({ self }: Instance, api: ApiAddress): RestConfig | { readonly error: string } {
  if (api.kubeconfig !== undefined) return readKubeconfig(self.host, api.kubeconfig, USER_AGENT, self);
  if (api.endpoint === undefined) return inClusterConfig(self.host, self.env, USER_AGENT);
  const { tls } = api;
  const file = (key: keyof RestConfig, path: string | undefined): object => {
    const text = path === undefined ? undefined : self.host.readText(path);
    return text === undefined ? {} : { [key]: text };
  };
  return {
    server: api.endpoint,
    userAgent: USER_AGENT,
    ...file("clientCertificate", tls?.certificate),
    ...file("clientKey", tls?.key),
    ...file("certificateAuthority", tls?.authority),
  };
}

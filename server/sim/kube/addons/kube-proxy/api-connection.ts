import type { DaemonProcess } from "../../../host/index.ts";
import { ApiLink, type Found } from "../../access/link.ts";
import { readKubeconfig, type RestConfig } from "../../access/rest-config.ts";
import { isFailure, queryText, resourcePath, type Node, type Query, type Verb } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { ProxyRow } from "./row.ts";

/** Where a token that may be replaced stands, if the configuration took its token from there. */
export function tokenFileOf(self: DaemonProcess, { token }: RestConfig): string | undefined {
  const path = `${IN_CLUSTER}/token`;
  return token !== undefined && self.host.readText(path)?.trim() === token ? path : undefined;
}

const USER_AGENT = "kube-proxy/v1.33.1 (linux/amd64) kubernetes/8adc0f0";
const IN_CLUSTER = "/var/run/secrets/kubernetes.io/serviceaccount";

const OURS: Query = { labelSelector: ["!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name"] };

interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

const NODES: Resource = { group: "", version: "v1", resource: "nodes" };

/** What kube-proxy watches, by Go type; all Services and EndpointSlices but those that are not its own, and its Node. */
function watched(nodeName: string): readonly (Resource & { readonly type: string; readonly query: Query })[] {
  return [
    { type: "*v1.Service", group: "", version: "v1", resource: "services", query: OURS },
    { type: "*v1.EndpointSlice", group: "discovery.k8s.io", version: "v1", resource: "endpointslices", query: OURS },
    { type: "*v1.Node", ...NODES, query: { fieldSelector: [`metadata.name=${nodeName}`] } },
  ];
}

/** A list that a reflector did not get. */
export interface ListFailure {
  readonly type: string;
  /** `failed to list *v1.Service: Get "https://…": dial tcp …: connect: connection refused`. */
  readonly error: string;
  /** Nobody listens at the server's address: a watch that has been open is tried again without a word (isWatchErrorRetriable). */
  readonly refused: boolean;
}

/** The way of one kube-proxy to its API server. */
export class ApiConnection {
  readonly #link: ApiLink;

  constructor(self: DaemonProcess, { client, tokenFile }: Pick<ProxyRow, "client" | "tokenFile">) {
    this.#link = new ApiLink(self, () => {
      const token = tokenFile === undefined ? undefined : self.host.readText(tokenFile)?.trim();
      return token === undefined ? client : { ...client, token };
    });
  }

  get cluster(): Cluster | undefined {
    const found = this.#link.find();
    return "cluster" in found ? found.cluster : undefined;
  }

  get open(): boolean {
    return this.#link.open;
  }

  get found(): Found {
    return this.#link.find();
  }

  /** Its Node, or why it cannot be had. */
  node(name: string): { readonly node: Node; readonly cluster: Cluster } | { readonly error: string } {
    const answer = this.#ask("get", { ...NODES, name }, {});
    return "error" in answer ? answer : { node: answer.object as Node, cluster: answer.cluster };
  }

  /** Which of its lists it cannot get now; none: it may watch. `since`: the resourceVersion that it has seen, for a list that is not the first. */
  listFailures(nodeName: string, since?: string): readonly ListFailure[] {
    const failures: ListFailure[] = [];
    for (const { type, query, ...resource } of watched(nodeName)) {
      const paging: Query =
        since === undefined ? { limit: ["500"], resourceVersion: ["0"] } : { resourceVersion: [since] };
      const answer = this.#ask("list", { ...resource, name: "" }, { ...query, ...paging });
      if (!("error" in answer)) continue;
      failures.push({
        type,
        error: `failed to list ${type}: ${answer.error}`,
        refused: answer.error.endsWith("connection refused"),
      });
    }
    return failures;
  }

  #ask(
    verb: Verb,
    target: Resource & { readonly name: string },
    query: Query,
  ): { readonly object: unknown; readonly cluster: Cluster } | { readonly error: string } {
    const found = this.#link.find();
    if ("error" in found) {
      if (found.error === "Unauthorized") return { error: found.error };
      const search = queryText(query);
      const url = `${this.#link.server ?? ""}${resourcePath(target)}${search === "" ? "" : `?${search}`}`;
      return { error: `Get "${url}": ${found.error}` };
    }
    const response = found.cluster.api.handle({
      verb,
      ...target,
      namespace: "",
      subresource: "",
      // What the list holds is read from the store; here it only shows whether the server would give it.
      query: verb === "list" ? { ...query, limit: ["1"] } : query,
      accept: "application/json",
      contentType: "",
      userAgent: USER_AGENT,
      user: found.user,
      body: undefined,
    });
    if (isFailure(response)) return { error: response.object.message ?? "" };
    return { object: response.kind === "object" ? response.object : undefined, cluster: found.cluster };
  }
}

/** The kubeconfig that the configuration names, or what every Pod is given. */
export function restConfig(self: DaemonProcess, kubeconfig: string): RestConfig | { readonly error: string } {
  if (kubeconfig !== "") return readKubeconfig(self.host, kubeconfig, "kube-proxy", self);
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = self.env;
  if (!host || !port)
    return {
      error:
        "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
    };
  const token = self.host.readText(`${IN_CLUSTER}/token`);
  if (token === undefined) return { error: `open ${IN_CLUSTER}/token: no such file or directory` };
  const ca = self.host.readText(`${IN_CLUSTER}/ca.crt`);
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
    token: token.trim(),
    userAgent: "kube-proxy",
    ...(ca === undefined ? {} : { certificateAuthority: ca }),
  };
}

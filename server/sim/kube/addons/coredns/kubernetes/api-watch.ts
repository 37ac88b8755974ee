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
  { group: "discovery.k8s.io", resource: "endpointslices", type: "*v1.EndpointSlice" },
  { group: "", resource: "services", type: "*v1.Service" },
  { group: "", resource: "namespaces", type: "*v1.Namespace" },
  { group: "", resource: "pods", type: "*v1.Pod" },
] as const;

/** client-go hears that late of a connection that gets no answer, and of a host that nobody finds. */
const DIAL_TIMEOUT: Duration = 30 * SECOND;
const NO_ROUTE_TIME: Duration = 3 * SECOND;
/** A reflector's back-off between two lists: from the first to the last, with its jitter on the average. */
const FIRST_PAUSE: Duration = 1.2 * SECOND;
const LAST_PAUSE: Duration = 45 * SECOND;

/** The server at the end of the way, and who the client is there. */
interface Reached {
  readonly cluster: Cluster;
  readonly user: UserInfo;
}

/** The kubernetes plugin's way to its API server. */
export class ApiWatch {
  readonly #instance: Instance;
  readonly #link: ApiLink;
  readonly watchesPods: boolean;
  readonly #endpoints: boolean;
  /** Why the lists failed when they were tried last. */
  #failures: readonly string[] = [];

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
    const wanted = LISTED.filter(
      ({ resource }) => (resource !== "pods" || this.watchesPods) && (resource !== "endpointslices" || this.#endpoints),
    );
    this.#failures = wanted.flatMap(({ group, resource, type }) => {
      const failure = "error" in found ? this.#unreachable(found.error, group, resource) : list(found, group, resource);
      return failure === undefined ? [] : [`failed to list ${type}: ${failure}`];
    });
    if (this.#failures.length > 0 || "error" in found) return false;
    this.#instance.objects.synchronize(found.cluster.name, this.#instance.self.kernel.now);
    return true;
  }

  /** Says why nothing has been listed yet, as often as reflectors try. `waited` since the start. */
  tell(waited: Duration): void {
    const rows = this.#instance.table<string, number>("reflector");
    const told = rows.get("told") ?? 0;
    const [first = ""] = this.#failures;
    const takes = first.endsWith("i/o timeout") ? DIAL_TIMEOUT : first.endsWith("no route to host") ? NO_ROUTE_TIME : 0;
    let due = takes;
    for (let count = 0; count < told; count++) due += Math.min(FIRST_PAUSE * 2 ** count, LAST_PAUSE) + takes;
    if (waited < due) return;
    rows.set("told", told + 1);
    for (const line of this.#failures) {
      // As the logs of 1.12 show them: klog's warning, and an error whose text is lost.
      const source = "pkg/mod/k8s.io/client-go@v0.31.2/tools/cache/reflector.go:243";
      this.#instance.log("INFO", `plugin/kubernetes: ${source}: ${line}`);
      this.#instance.log("ERROR", "plugin/kubernetes: Unhandled Error");
    }
  }

  #unreachable(error: string, group: string, resource: string): string {
    if (error === "Unauthorized") return error;
    const path = group === "" ? `api/v1/${resource}` : `apis/${group}/v1/${resource}`;
    const url = `${this.#link.server ?? ""}/${path}?limit=500&resourceVersion=0`;
    return `Get ${JSON.stringify(url)}: ${error}`;
  }
}

function list({ cluster, user }: Reached, group: string, resource: string): string | undefined {
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

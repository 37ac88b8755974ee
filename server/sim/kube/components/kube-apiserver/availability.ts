import { MILLISECOND, rfc3339, SECOND, type Duration } from "../../../kernel/index.ts";
import {
  Client, ControllerLoop, watching, type ApiService, type EndpointSlice, type KubeObject, type Service,
} from "../../api/index.ts"; // prettier-ignore
import type { Cluster } from "../../cluster/cluster.ts";
import { apiServices, endpointSlices, services } from "../../kinds/index.ts";
import type { ServiceAggregator } from "./aggregator.ts";

interface Verdict {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

/** How soon a server that has not answered is asked again. */
const RECHECK: Duration = 5 * SECOND;

/**
 * Says of every APIService whether the server behind it can be asked (kube-aggregator status/remote): by its Service, its
 * endpoints, and by asking it.
 */
export class ApiServiceAvailability {
  readonly #cluster: Cluster;
  readonly #aggregator: ServiceAggregator;
  readonly #client: Client;
  readonly #loop: ControllerLoop;

  constructor(cluster: Cluster, aggregator: ServiceAggregator) {
    this.#cluster = cluster;
    this.#aggregator = aggregator;
    this.#client = new Client(cluster.api, {
      user: { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] },
      userAgent: "kube-apiserver/v1.33.1",
    });
    const behind = (namespace: string | undefined, name: string): string[] =>
      this.#client
        .list(apiServices)
        .filter(({ spec }) => spec.service?.namespace === namespace && spec.service?.name === name)
        .map(({ metadata }) => metadata.name);
    this.#loop = new ControllerLoop(
      this.#client,
      {
        name: "apiservice-availability",
        watches: [
          watching(apiServices, ({ type, object }) =>
            type !== "DELETED" && object.spec.service ? [object.metadata.name] : [],
          ),
          watching(services, ({ object: { metadata } }) => behind(metadata.namespace, metadata.name)),
          watching(endpointSlices, ({ object: { metadata } }) =>
            behind(metadata.namespace, metadata.labels?.["kubernetes.io/service-name"] ?? ""),
          ),
        ],
        reconcile: (name) => this.#sync(name),
        delay: 20 * MILLISECOND,
      },
      () => cluster.row.apiServer !== undefined,
    );
  }

  /** The server has started: everything is asked. */
  start(): void {
    this.#loop.start();
  }

  #sync(name: string): void {
    const service = this.#client.get(apiServices, "", name);
    if (!service?.spec.service) return;
    const verdict = this.#judge(service);
    const now = rfc3339(this.#cluster.kernel.now);
    const old = service.status.conditions?.find(({ type }) => type === "Available");
    const lastTransitionTime = old?.status === verdict.status ? old.lastTransitionTime : now;
    if (old?.status !== verdict.status || old.reason !== verdict.reason || old.message !== verdict.message) {
      const conditions = [{ type: "Available", lastTransitionTime, ...verdict }];
      this.#client.updateStatus(apiServices, { ...service, status: { conditions } });
    }
    if (verdict.reason === "FailedDiscoveryCheck") this.#loop.queue.addAfter(name, RECHECK, { periodic: true });
  }

  #judge(service: ApiService): Verdict {
    const { namespace = "", name = "", port = 443 } = service.spec.service!;
    const refuse = (reason: string, message: string): Verdict => ({ status: "False", reason, message });
    const found: Service | undefined = this.#client.get(services, namespace, name);
    const called = `service/${name} in "${namespace}"`;
    if (!found) return refuse("ServiceNotFound", `${called} is not present`);
    if ((found.spec.type ?? "ClusterIP") === "ClusterIP") {
      const portName = found.spec.ports?.find((one) => one.port === port)?.name ?? "";
      if (!found.spec.ports?.some((one) => one.port === port))
        return refuse("ServicePortError", `${called} is not listening on port ${port}`);
      const slices: readonly EndpointSlice[] = this.#client
        .list(endpointSlices, namespace)
        .filter(({ metadata }: KubeObject) => metadata.labels?.["kubernetes.io/service-name"] === name);
      if (slices.length === 0) return refuse("EndpointsNotFound", `cannot find endpoints for ${called}`);
      const ready = slices.some(
        ({ endpoints, ports }) =>
          endpoints?.some(({ conditions }) => conditions?.ready !== false) &&
          ports?.some((one) => (one.name ?? "") === portName),
      );
      if (!ready)
        return refuse("MissingEndpoints", `endpoints for ${called} have no addresses with port name "${portName}"`);
    }
    const { group = "", version = "" } = service.spec;
    const place = this.#aggregator.address(service);
    const url = "host" in place ? `https://${place.host}:${place.port}/apis/${group}/${version}` : "";
    const reply = this.#aggregator.ask(service, `/apis/${group}/${version}`);
    if ("error" in reply)
      return refuse(
        "FailedDiscoveryCheck",
        `failing or missing response from ${url}: Get "${url}": ${reply.slow ? "context deadline exceeded" : reply.error}`,
      );
    if (reply.status !== 200)
      return refuse(
        "FailedDiscoveryCheck",
        `failing or missing response from ${url}: bad status from ${url}: ${reply.status}`,
      );
    return { status: "True", reason: "Passed", message: "all checks passed" };
  }
}

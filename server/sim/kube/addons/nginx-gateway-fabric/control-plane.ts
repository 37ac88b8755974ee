import { createHash } from "node:crypto";
import type { DaemonProcess, Hosts } from "../../../host/index.ts";
import { decode, encode, MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import { goError, goResponse } from "../../../images/index.ts";
import { namespaceOf, openSocket, type Application, type HttpAnswer, type HttpRequest } from "../../../net/index.ts";
import type { AnyKind, Client, EndpointSlice, Service } from "../../api/index.ts";
import { clustersOf, type Cluster } from "../../cluster/cluster.ts";
import { endpointSlices, namespaces, pods, secrets, services } from "../../kinds/index.ts";
import { configurationFiles, type ConfFile } from "./conf/files.ts";
import { buildGraph } from "./graph/graph.ts";
import { customKind, keyOf, NGINX, API, type GatewayClass } from "./kinds.ts";
import { deprovision, GATEWAY_NAME, provision, provisioned, type ControlPlane } from "./provision.ts";
import { Rows, Sessions, zapLine, type ControllerOptions, type ControlPlaneRow, type Failures } from "./rows.ts";
import { StatusWriter } from "./status.ts";
import { unsimulated } from "./unsimulated.ts";

const LOOK = "nginx-gateway/look";
/** The controller gathers events for a moment before it looks (internal/framework/events). */
const DELAY: Duration = 30 * MILLISECOND;
const FIRST: Duration = SECOND;
const AGAIN: Duration = 5 * SECOND;
const SERVER = "nginx-gateway";
export const CONFIGURATION = "/mpi.v1.CommandService/Subscribe";
/** Where an agent says how it went; in life that goes over the same stream. */
export const RESULT = "/mpi.v1.CommandService/Result";

const AGENTS = 8443;
const METRICS = 9113;
const HEALTH = 8081;

/** The control planes of a world: driven by watches; what lasts is in their rows. */
export class ControlPlanes {
  readonly rows: Rows<ControlPlaneRow>;
  readonly #sessions = new Sessions();
  /** Told when a control plane has another configuration for the agents of a Gateway. */
  onChange: (server: string) => void = () => {};
  /** Told when one is gone. */
  onEnd: (server: string) => void = () => {};

  constructor(hosts: Hosts) {
    this.rows = new Rows(hosts, "nginx-gateway");
    hosts.kernel.handle<string>(LOOK, (key) => this.#look(key));
    clustersOf(hosts).each((cluster) => this.#listen(cluster));
  }

  started(self: DaemonProcess, options: ControllerOptions): void {
    const { machine, name: host } = self.host;
    const key = this.rows.add({ machine: machine.name, host, pid: self.pid, options, configurations: {} });
    zapLine(self, "info", "", "Starting the NGINX Gateway Fabric control plane", { version: "2.0.2", commit: "", date: "", dirty: "false" }); // prettier-ignore
    for (const port of [AGENTS, METRICS, HEALTH])
      openSocket(namespaceOf(self), { protocol: "tcp", address: "::", port, backlog: 4096, pid: self.pid, uid: self.uid, application: SERVER, args: { key, port } }); // prettier-ignore
    this.#queue(key, FIRST);
  }

  stopped(self: DaemonProcess): void {
    const key = `${self.host.machine.name}/${self.pid}`;
    if (!this.rows.row(key)) return;
    this.rows.remove(key);
    this.#sessions.forget(key);
    this.onEnd(key);
  }

  #queue(key: string, delay: Duration, periodic = false): void {
    const row = this.rows.row(key);
    if (!row || row.queued) return;
    this.rows.change(key, { queued: true });
    this.rows.kernel.after(delay, LOOK, key, { periodic });
  }

  #look(key: string): void {
    this.rows.drop(key, "queued");
    const self = this.rows.self(key);
    const row = this.rows.row(key);
    if (!self || !row) return;
    const session = this.#sessions.of(key, self);
    const reached = session.reach();
    if ("error" in reached) {
      zapLine(self, "error", "", "error reading from the API server", { error: reached.error });
      return this.#queue(key, AGAIN, true);
    }
    const { cluster, client } = reached;
    this.rows.change(key, { cluster: cluster.name });
    const kind = customKind<GatewayClass>(cluster, "gatewayclasses");
    if (!kind || !customKind(cluster, "nginxproxies")) {
      const what = kind ? `NginxProxy" in version "${NGINX}/v1alpha2` : `GatewayClass" in version "${API}/v1`;
      zapLine(self, "error", "", "failed to start control loop", { error: `no matches for kind "${what}"` });
      return self.exit(1);
    }
    const refusal = session.refusal("list", kind) ?? session.refusal("list", services);
    if (refusal !== undefined) {
      zapLine(self, "error", "", "Failed to watch", { error: refusal });
      return this.#queue(key, AGAIN, true);
    }
    this.#reconcile(key, self, cluster, client);
    this.rows.change(key, { ready: true });
  }

  #reconcile(key: string, self: DaemonProcess, cluster: Cluster, client: Client): void {
    const row = this.rows.row(key)!;
    const own = controlPlane(self, row.options);
    const { className, controllerName } = row.options;
    const graph = buildGraph(cluster, client, { className, controllerName });
    const configurations: Record<string, string> = {};
    let changed = false;
    for (const gateway of graph.gateways) {
      if (!gateway.valid) continue;
      for (const error of provision(client, gateway, own)) zapLine(self, "error", "provisioner", "error from provisioner", { error }); // prettier-ignore
      const digest = digestOf(configurationFiles(gateway, slicesOf(client)));
      configurations[gateway.key] = digest;
      changed ||= row.configurations[gateway.key] !== digest;
    }
    for (const known of provisioned(client, own))
      if (configurations[known] === undefined) deprovision(client, known, own);
    this.rows.change(key, { configurations });
    this.#tellUnsimulated(key, self, cluster);
    if (changed) this.onChange(key);
    const failed = (error: string): void => zapLine(self, "error", "statusUpdater", "Failed to update status", { error }); // prettier-ignore
    const failures = this.#failures(key, client);
    new StatusWriter(cluster, client, { controllerName, own, failures, failed }).write(graph);
  }

  /** Why configurations were not taken, by Pods that are still there. */
  #failures(key: string, client: Client): Failures {
    const before = this.rows.row(key)!.failures;
    if (!before) return {};
    const alive = new Set(client.list(pods).map((pod) => keyOf(pod)));
    const after = Object.entries(before).map(([gateway, failures]) => {
      const namespace = gateway.split("/")[0]!;
      return [gateway, Object.fromEntries(Object.entries(failures).filter(([pod]) => alive.has(`${namespace}/${pod}`)))] as const; // prettier-ignore
    });
    const left = Object.fromEntries(after.filter(([, failures]) => Object.keys(failures).length > 0));
    if (Object.keys(left).length > 0) this.rows.change(key, { failures: left });
    else this.rows.drop(key, "failures");
    return left;
  }

  /** An agent has tried a configuration. */
  #tried(key: string, self: DaemonProcess, gateway: string, pod: string, error: string | undefined): void {
    const { failures = {} } = this.rows.row(key)!;
    const { [pod]: before, ...others } = failures[gateway] ?? {};
    if (error === undefined) zapLine(self, "info", "eventHandler", "NGINX configuration was successfully updated");
    else zapLine(self, "error", "eventHandler", "Failed to update NGINX configuration", { error });
    if (before === error) return;
    this.rows.change(key, { failures: { ...failures, [gateway]: error === undefined ? others : { ...others, [pod]: error } } }); // prettier-ignore
    this.#queue(key, DELAY);
  }

  /** Each is told once. */
  #tellUnsimulated(key: string, self: DaemonProcess, cluster: Cluster): void {
    const told = this.rows.row(key)!.told ?? [];
    const found = unsimulated(cluster);
    for (const what of found) if (!told.includes(what)) self.log(`drydock: nginx-gateway-fabric: ${what} is not simulated`); // prettier-ignore
    if (found.length > 0 || told.length > 0) this.rows.change(key, { told: found });
  }

  #listen(cluster: Cluster): void {
    const hear = (): void => {
      for (const key of this.rows.keys) if (this.rows.row(key)!.cluster === cluster.name) this.#queue(key, DELAY);
    };
    const { store } = cluster.api;
    const custom = [
      ...["gatewayclasses", "gateways", "httproutes", "grpcroutes", "referencegrants"].map((plural) => ({ group: API, plural })),
      ...["nginxproxies", "clientsettingspolicies", "observabilitypolicies", "upstreamsettingspolicies"].map((plural) => ({ group: NGINX, plural })),
    ] as AnyKind[]; // prettier-ignore
    for (const kind of [services, endpointSlices, secrets, namespaces] as unknown as AnyKind[])
      store.listen(kind, hear);
    for (const kind of custom) store.listen(kind, hear);
  }

  /** What answers at its ports. */
  get application(): Application {
    return {
      tls: (_hello, context) => {
        const { key, port } = context.args as PortArgs;
        const self = this.rows.self(key);
        const chain = self && certificates(self.host.readText("/var/run/secrets/ngf/tls.crt") ?? "");
        return port === AGENTS && chain && chain.length > 0 ? { chain, alpn: "h2" } : { alert: "internal_error" };
      },
      http: (request, context) => {
        const { key, port } = context.args as PortArgs;
        const self = this.rows.self(key);
        if (!self) return { close: "reset" };
        return port === AGENTS ? this.#agents(key, self, request) : this.#plain(key, port, request);
      },
    };
  }

  #plain(key: string, port: number, request: HttpRequest): HttpAnswer {
    const { now } = this.rows.kernel;
    if (port === METRICS && request.target === "/metrics")
      return goResponse(request, now, { body: "# drydock: the metrics of nginx-gateway-fabric are not simulated\n" });
    if (port !== HEALTH || request.target !== "/readyz") return goResponse(request, now, goError(404, "404 page not found")); // prettier-ignore
    const ready = this.rows.row(key)!.ready === true;
    return goResponse(request, now, ready ? { body: "" } : goError(503, "control plane is not yet ready"));
  }

  /** An agent asks for its nginx' files. In life they come on the stream that it has opened. */
  #agents(key: string, self: DaemonProcess, request: HttpRequest): HttpAnswer {
    const { now } = this.rows.kernel;
    const say = (body: object): HttpAnswer => goResponse(request, now, { headers: [["Content-Type", "application/json"]], body: encode(JSON.stringify(body)) }); // prettier-ignore
    const reached = this.#sessions.of(key, self).reach();
    if ("error" in reached) return say({ error: "error getting the deployment of the agent" });
    const { client, cluster } = reached;
    const { pod: name, error } = JSON.parse(decode(request.body)) as { readonly pod: string; readonly error?: string };
    const pod = client.list(pods).find(({ metadata }) => metadata.name === name);
    const owner = pod?.metadata.labels?.[GATEWAY_NAME];
    const { options } = this.rows.row(key)!;
    const gateway = owner === undefined ? undefined : buildGraph(cluster, client, options).gateways.find((one) => one.key === `${pod!.metadata.namespace!}/${owner}`); // prettier-ignore
    if (!gateway) return say({ error: `failed to register nginx deployment: agent ${JSON.stringify(name)} is no Pod of a Gateway` }); // prettier-ignore
    if (request.target === RESULT) {
      this.#tried(key, self, gateway.key, name, error);
      return say({});
    }
    const files = configurationFiles(gateway, slicesOf(client));
    return say({ server: key, digest: digestOf(files), files } satisfies Configuration);
  }
}

interface PortArgs {
  readonly key: string;
  readonly port: number;
}

/** What an agent is given. */
export interface Configuration {
  /** The control plane that it speaks to from now on. */
  readonly server: string;
  readonly digest: string;
  readonly files: readonly ConfFile[];
}

function controlPlane({ env, host }: DaemonProcess, options: ControllerOptions): ControlPlane {
  const namespace = env["POD_NAMESPACE"] ?? "";
  const { service, agentSecret, className } = options;
  const image = env["IMAGE_NAME"] ?? "ghcr.io/nginx/nginx-gateway-fabric:2.0.2";
  return { namespace, service, agentSecret, className, image, instance: env["INSTANCE_NAME"] ?? host.hostname };
}

function slicesOf(client: Client): (service: Service) => readonly EndpointSlice[] {
  return ({ metadata: { namespace = "", name } }) =>
    client.selected(endpointSlices, namespace, [{ key: "kubernetes.io/service-name", operator: "=", values: [name] }]);
}

function digestOf(files: readonly ConfFile[]): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("base64");
}

function certificates(pem: string): readonly string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----\n?/g) ?? [];
}

import { DaemonProcess, type Daemon, type Hosts } from "../../../host/index.ts";
import { encode, SECOND } from "../../../kernel/index.ts";
import {
  GO_CIPHERS,
  namespaceOf,
  networkOfHosts,
  openSocket,
  header,
  type Context,
  type HttpAnswer,
  type HttpRequest,
} from "../../../net/index.ts";
import { answer, apiRequest } from "../../access/server.ts";
import { ApiServer, errors, KUBEADM_SETTINGS, type ApiRequest, type ApiResponse } from "../../api/index.ts";
import { klogLine, selfSigned } from "../../components/index.ts";
import { metricsKinds } from "./kinds.ts";
import { readOptions, type MetricsServerOptions } from "./options.ts";
import { scrape, type Scrape } from "./scrape.ts";

const NAME = "metrics-server";
const ANONYMOUS = { name: "system:anonymous", groups: ["system:unauthenticated"] };

interface MetricsSocket {
  readonly host: string;
  readonly pid: number;
  readonly options: MetricsServerOptions;
}

/** metrics-server 0.7: serves metrics.k8s.io from what it measures at the kubelets. */
export const metricsServer: Daemon = {
  name: NAME,
  summary: "a source of container resource metrics",
  start(self) {
    const options = readOptions(self);
    if ("error" in options) {
      self.log(options.error);
      return self.exit(options.code);
    }
    log(self, "I", "serving.go:374", "Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)");
    const args: MetricsSocket = { host: self.host.name, pid: self.pid, options };
    const opened = openSocket(namespaceOf(self), {
      protocol: "tcp",
      address: "::",
      port: options.securePort,
      backlog: 4096,
      reuseAddress: true,
      pid: self.pid,
      uid: self.uid,
      application: NAME,
      args,
    });
    if (!opened.ok) {
      const why = opened.errno === "EACCES" ? "permission denied" : "address already in use";
      self.log(
        `panic: failed to create listener: failed to listen on 0.0.0.0:${options.securePort}: listen tcp 0.0.0.0:${options.securePort}: bind: ${why}`,
      );
      return self.exit(2);
    }
    log(self, "I", "handler.go:275", "Adding GroupVersion metrics.k8s.io v1beta1 to ResourceManager");
    log(self, "I", "secure_serving.go:213", `Serving securely on [::]:${options.securePort}`);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    log(self, "I", "secure_serving.go:258", "Stopped listening on [::]:10250");
    self.exit(0);
    return true;
  },
};

/** Binds what answers at its port. Once per world. */
export function bindMetricsServer(hosts: Hosts): void {
  const certificates = new Map<string, string>();
  let asked: Scrape | undefined;
  let api: ApiServer | undefined;
  networkOfHosts(hosts).serve(NAME, {
    tls(_hello, context) {
      const { host, pid } = context.args as MetricsSocket;
      const self = processOf(hosts, context);
      if (!self) return { alert: "internal_error" };
      const key = `${host} ${pid}`;
      let pem = certificates.get(key);
      if (pem === undefined) {
        const started = Math.floor(self.row.startedAt / SECOND);
        pem = selfSigned(hosts.kernel.seed, { component: NAME, host: self.host.hostname, started });
        certificates.set(key, pem);
      }
      return { chain: [pem], alpn: "h2", ciphers: GO_CIPHERS, requestsCertificate: true };
    },
    http(request, context) {
      const self = processOf(hosts, context);
      if (!self) return { close: "reset" };
      if (!context.tls) return text(400, "Client sent an HTTP request to an HTTPS server.\n");
      const path = request.target.replace(/\?.*/, "");
      const { options } = context.args as MetricsSocket;
      if (/^\/(healthz|livez)(\/ping)?$/.test(path)) return text(200, "ok");
      if (path === "/readyz") return readiness(self, options);
      const user = remoteUser(request, context);
      if (!user)
        return text(403, `forbidden: User "${ANONYMOUS.name}" cannot ${request.method.toLowerCase()} path "${path}"`);
      const found = scrape(self, options);
      if ("error" in found) log(self, "E", "pathrecorder.go:107", found.error);
      asked = "error" in found ? undefined : found;
      api ??= new ApiServer(hosts.kernel, {
        cluster: NAME,
        kinds: metricsKinds(() => asked),
        settings: () => KUBEADM_SETTINGS,
      });
      const asking = apiRequest(request, user);
      return answer(withOwnName(asking, api.handle(asking)), false);
    },
  });
}

/** What it has no measurements of is called by its kind and whole name (pkg/api/pod.go, node.go). */
function withOwnName({ verb, resource, namespace, name }: ApiRequest, response: ApiResponse): ApiResponse {
  if (verb !== "get" || response.kind !== "object" || response.code !== 404) return response;
  const [kind, whole] = resource === "pods" ? ["podmetrics", `${namespace}/${name}`] : ["nodemetrics", name];
  return { ...response, object: errors.notFound({ group: "metrics.k8s.io", resource: kind }, whole).status };
}

/** Ready when the nodes, or one of them, have been measured twice (pkg/server/server.go probeMetricStorageReady). */
function readiness(self: DaemonProcess, options: MetricsServerOptions): HttpAnswer {
  const found = scrape(self, options);
  const failed = "error" in found || found.nodes.length === 0;
  if (!failed) return text(200, "ok");
  if (!("error" in found))
    for (const { node, error } of found.errors)
      log(
        self,
        "E",
        "scraper.go:149",
        `"Failed to scrape node" err=${JSON.stringify(error)} node=${JSON.stringify(node)}`,
      );
  log(self, "I", "server.go:191", '"Failed probe" probe="metric-storage-ready" err="no metrics to serve"');
  const checks = ["ping", "log", "metric-informer-sync", "metadata-informer-sync", "shutdown"].map(
    (name) => `[+]${name} ok`,
  );
  return text(
    500,
    `${[...checks, "[-]metric-storage-ready failed: reason withheld", "readyz check failed"].join("\n")}\n`,
  );
}

/** The aggregator says for whom it asks; it shows the certificate of the front proxy (extension-apiserver-authentication). */
function remoteUser(
  request: HttpRequest,
  { tls }: Context,
): { readonly name: string; readonly groups: readonly string[] } | undefined {
  const name = header(request, "X-Remote-User");
  if (name === undefined || !tls?.clientChain) return undefined;
  const groups = request.headers
    .filter(([field]) => field.toLowerCase() === "x-remote-group")
    .map(([, value]) => value);
  return { name, groups };
}

function processOf(hosts: Hosts, context: Context): DaemonProcess | undefined {
  const { host: name, pid } = context.args as MetricsSocket;
  const host = hosts.host(name);
  return host && host.machine.isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
}

function log(self: DaemonProcess, severity: "I" | "E", source: string, message: string): void {
  self.log(klogLine(severity, self.kernel.now, self.host.pidOf(self.row), source, message));
}

function text(status: 200 | 400 | 403 | 500, body: string): HttpAnswer {
  const reasons = { 200: "OK", 400: "Bad Request", 403: "Forbidden", 500: "Internal Server Error" } as const;
  return {
    status,
    reason: reasons[status],
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["X-Content-Type-Options", "nosniff"],
      ["Content-Length", String(encode(body).length)],
    ],
    body: encode(body),
  };
}

import { SECOND } from "../../../kernel/index.ts";
import type { DaemonProcess, Hosts } from "../../../host/index.ts";
import {
  hostNamespace,
  namespaceOf,
  networkOfHosts,
  openSocket,
  type Application,
  type Context,
  type HttpRequest,
} from "../../../net/index.ts";
import { goError, goResponse, type GoAnswer } from "../../../images/index.ts";
import { healthBody, isEligible, isHealthy, serviceHealthBody } from "./health.ts";
import type { KubeProxies } from "./kube-proxies.ts";
import { logLine } from "./klog.ts";
import { metricsPage } from "./metrics.ts";
import type { ProxyRow } from "./row.ts";

export const HEALTHZ = "kube-proxy-healthz";
export const METRICS = "kube-proxy-metrics";
export const SERVICE_HEALTH = "kube-proxy-service-health";

/** Plain data of the sockets: whose they are, and for which service. */
interface SocketArgs {
  readonly proxy: string;
  readonly service?: string;
}

/** A server that could not listen tries again after this time. */
export const LISTEN_AGAIN = 5 * SECOND;

/** Opens a port of kube-proxy itself; what Go says if that fails. Go listens on every address of both families for 0.0.0.0. */
export function listen(
  self: DaemonProcess,
  application: string,
  args: SocketArgs,
  bind: string,
): { readonly socket: number } | { readonly error: string } {
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(bind)!;
  const host = match[1]!;
  const opened = openSocket(namespaceOf(self), {
    protocol: "tcp",
    address: host === "0.0.0.0" || host === "" ? "::" : host,
    port: Number(match[2]),
    backlog: 4096,
    pid: self.pid,
    application,
    args,
  });
  if (opened.ok) return { socket: opened.value.id };
  const words = opened.errno === "EADDRINUSE" ? "address already in use" : "cannot assign requested address";
  return { error: `listen tcp ${bind}: bind: ${words}` };
}

/** Starts the servers of healthz and metrics that do not run yet. Returns why the last of them that cannot does not. */
export function startServers(self: DaemonProcess, row: ProxyRow, key: string): string | undefined {
  const ns = namespaceOf(self);
  const running = new Set([...ns.sockets.values()].filter(({ pid }) => pid === self.pid).map((one) => one.application));
  let problem: string | undefined;
  const { healthzBindAddress, metricsBindAddress } = row.config;
  if (!running.has(HEALTHZ)) {
    const opened = listen(self, HEALTHZ, { proxy: key }, healthzBindAddress);
    if ("error" in opened) {
      const err = `failed to start proxy healthz on ${healthzBindAddress}: ${opened.error}`;
      logLine(self, "E", "server.go:433", "Healthz server failed", { err });
      problem = `healthz server failed: ${err}`;
    }
  }
  if (!running.has(METRICS)) {
    const opened = listen(self, METRICS, { proxy: key }, metricsBindAddress);
    if ("error" in opened) {
      const err = `starting metrics server failed: ${opened.error}`;
      logLine(self, "E", "server.go:483", "Unhandled Error", { err, logger: "UnhandledError" });
      problem = err;
    }
  }
  return problem;
}

/** Binds what answers at the ports of kube-proxies. Once per world. */
export function bindServers(hosts: Hosts, proxies: KubeProxies): void {
  const network = networkOfHosts(hosts);
  const bind = (
    name: string,
    answer: (path: string, row: ProxyRow, args: SocketArgs, context: Context) => GoAnswer,
  ): void => {
    const http: NonNullable<Application["http"]> = (request: HttpRequest, context) => {
      const args = context.args as SocketArgs;
      const row = proxies.row(args.proxy);
      if (!row) return { close: "reset" };
      return goResponse(request, context.now, answer(request.target.replace(/\?.*/, ""), row, args, context));
    };
    network.serve(name, { http });
  };
  bind(HEALTHZ, (path, row, { proxy }, { now }) => {
    if (path !== "/healthz" && path !== "/livez") return goError(404, "404 page not found");
    const eligible = path === "/healthz" ? isEligible(proxies.node(row)) : undefined;
    const healthy = isHealthy(row, now) && eligible !== false;
    proxies.countProbe(proxy, path === "/healthz" ? "healthz" : "livez", healthy ? 200 : 503);
    return json(healthy ? 200 : 503, healthBody(row, now, healthy, eligible));
  });
  bind(METRICS, (path, row) => {
    if (path === "/healthz") return text("ok");
    if (path === "/proxyMode") return text(row.config.mode);
    if (path === "/metrics") {
      const host = hosts.host(row.host);
      const type = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
      return { headers: [["Content-Type", type]], body: host ? metricsPage(row, hostNamespace(host)) : "" };
    }
    if (path === "/configz" || path.startsWith("/metrics/") || path.startsWith("/debug/"))
      return goError(501, `drydock: kube-proxy: '${path}' is not simulated`);
    return goError(404, "404 page not found");
  });
  bind(SERVICE_HEALTH, (_path, row, { proxy, service = "" }, { now }) => {
    const endpoints = proxies.localReadyEndpoints(proxy, service);
    const healthy = isHealthy(row, now);
    const answer = json(endpoints > 0 && healthy ? 200 : 503, serviceHealthBody(service, endpoints, healthy));
    return { ...answer, headers: [...answer.headers!, ["X-Load-Balancing-Endpoint-Weight", String(endpoints)]] };
  });
}

function json(status: number, body: string): GoAnswer {
  return {
    status,
    headers: [
      ["Content-Type", "application/json"],
      ["X-Content-Type-Options", "nosniff"],
    ],
    body,
  };
}

function text(body: string): GoAnswer {
  return {
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["X-Content-Type-Options", "nosniff"],
    ],
    body,
  };
}

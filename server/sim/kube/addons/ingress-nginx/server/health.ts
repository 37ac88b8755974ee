import { encode } from "../../../../kernel/index.ts";
import { DaemonProcess, type Hosts } from "../../../../host/index.ts";
import { namespaceOf, openSocket, type Application, type Context } from "../../../../net/index.ts";
import { fetchOnce, goError, goResponse, type GoAnswer } from "../../../../images/index.ts";
import type { Options } from "../options.ts";
import type { RunningControllers } from "../running.ts";

export const HEALTH = "nginx-ingress-controller-health";

interface HealthSocket {
  readonly host: string;
  readonly pid: number;
}

/** Opens port 10254; why it cannot, in Go's words. */
export function openHealth(self: DaemonProcess, { numbers, text }: Options): string | undefined {
  const port = numbers["healthz-port"];
  const host = text["healthz-host"];
  const opened = openSocket(namespaceOf(self), {
    protocol: "tcp",
    address: host === "" ? "::" : host,
    port,
    backlog: 4096,
    pid: self.pid,
    uid: self.uid,
    application: HEALTH,
    args: { host: self.host.name, pid: self.pid } satisfies HealthSocket,
  });
  return opened.ok ? undefined : `listen tcp ${host}:${port}: bind: address already in use`;
}

/** `/healthz` is what nginx answers to its own health check. */
export function healthApplication(hosts: Hosts, running: RunningControllers): Application {
  return {
    http(request, context) {
      const self = processOf(hosts, context);
      if (!self) return { close: "reset" };
      return goResponse(request, hosts.kernel.now, answer(self, running, request.target.replace(/\?.*/, "")));
    },
  };
}

function answer(self: DaemonProcess, running: RunningControllers, path: string): GoAnswer {
  const row = running.find(`${self.host.machine.name}/${self.pid}`)?.row;
  if (path === "/metrics") return goError(501, "drydock: the metrics of nginx-ingress-controller are not simulated");
  if (!row || path !== row.options.text["health-check-path"]) return goError(404, "404 page not found");
  const failed = (why: string): GoAnswer => goError(500, `[+]ping ok\n[-]ingress-controller failed: ${why}\nhealthz check failed`); // prettier-ignore
  if (row.phase === "stopping") return failed("the ingress controller is shutting down");
  if (row.nginx === undefined || !self.host.machine.isAlive(row.nginx))
    return failed("reading /tmp/nginx/nginx.pid: no such file or directory");
  const port = row.options.numbers["status-port"];
  const fetched = fetchOnce(self, "127.0.0.1", port, {
    method: "GET",
    target: path,
    version: "HTTP/1.1",
    headers: [["Host", `127.0.0.1:${port}`]],
    body: "",
  });
  if ("failed" in fetched) return failed("checking if NGINX is running");
  if (fetched.response.status !== 200) return failed("ingress controller is not healthy");
  return { headers: [["Content-Type", "text/plain; charset=utf-8"]], body: encode("ok") };
}

export function processOf(hosts: Hosts, context: Context): DaemonProcess | undefined {
  const { host: name, pid } = context.args as HealthSocket;
  const host = hosts.host(name);
  return host && host.machine.isAlive(pid) ? new DaemonProcess(host, pid) : undefined;
}

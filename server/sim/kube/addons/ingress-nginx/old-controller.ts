import type { DaemonProcess, Hosts } from "../../../host/index.ts";
import { DaemonProcess as Daemon } from "../../../host/index.ts";
import { SECOND } from "../../../kernel/index.ts";
import { pods, services } from "../../kinds/index.ts";
import { klogLine } from "../../components/klog.ts";
import { ApiSession } from "./api-session.ts";
import type { Options } from "./options.ts";

const EVENT = "ingress-nginx/old";
const LISTED = "k8s.io/ingress-nginx/internal/ingress/controller/store/store.go:181";

interface Again {
  readonly machine: string;
  readonly host: string;
  readonly pid: number;
}

/**
 * A controller of version 0.x: it watches Ingresses of extensions/v1beta1, which a server of today does not have, and so never
 * begins to serve. Its health check fails.
 */
export function runOld(self: DaemonProcess, version: string, { text }: Options): void {
  const log = (severity: "I" | "E" | "F", source: string, message: string): void =>
    self.log(klogLine(severity, self.kernel.now, self.host.pidOf(self.row), source, message));
  const fatal = (source: string, message: string): void => {
    log("F", source, message);
    self.exit(255);
  };
  const session = new ApiSession(self, `nginx-ingress-controller/${version} (linux/amd64) ingress-nginx/git`);
  const reached = session.reach();
  if ("error" in reached) return fatal("main.go:274", `Error while initiating a connection to the Kubernetes API server. This could mean the cluster is misconfigured (e.g. it has invalid API server certificates or Service Accounts configuration). Reason: ${reached.error}`); // prettier-ignore
  log("I", "main.go:205", `Creating API client for ${session.server}`);
  log("I", "main.go:249", "Running in Kubernetes cluster version v1.33 (v1.33.1) - git (clean) commit 8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828 - platform linux/amd64"); // prettier-ignore
  const standard = text["default-backend-service"];
  if (standard !== "") {
    const [namespace, name = ""] = standard.split("/") as [string, string?];
    if (
      session.refusal("get", services, namespace, name) !== undefined ||
      !reached.client.get(services, namespace, name)
    )
      return fatal("main.go:83", `No service with name ${standard} found: services "${name}" not found`);
  }
  log(
    "I",
    "main.go:102",
    "Created fake certificate with PemFileName: /etc/ingress-controller/ssl/default-fake-certificate.pem",
  );
  const { POD_NAME: name = "", POD_NAMESPACE: namespace = "" } = self.env;
  if (name === "" || namespace === "") return fatal("nginx.go:98", "unexpected error obtaining pod information: unable to get POD information (missing POD_NAME or POD_NAMESPACE environment variable"); // prettier-ignore
  const refusal = session.refusal("get", pods, namespace, name);
  if (refusal !== undefined) return fatal("nginx.go:98", `unexpected error obtaining pod information: unable to get POD information: ${refusal}`); // prettier-ignore
  log("I", "nginx.go:257", "Starting NGINX Ingress controller");
  complain(self);
}

function complain(self: DaemonProcess): void {
  const line = `${LISTED}: Failed to list *v1beta1.Ingress: the server could not find the requested resource`;
  self.log(klogLine("E", self.kernel.now, self.host.pidOf(self.row), "reflector.go:134", line));
  const again: Again = { machine: self.host.machine.name, host: self.host.name, pid: self.pid };
  self.kernel.after(SECOND, EVENT, again, { periodic: true });
}

/** Binds what old controllers plan. Once per world. */
export function bindOldControllers(hosts: Hosts): void {
  hosts.kernel.handle<Again>(EVENT, ({ machine, host: name, pid }) => {
    const host = hosts.host(name);
    if (host && hosts.machine(machine).isAlive(pid)) complain(new Daemon(host, pid));
  });
}

import { programVersion, type Daemon } from "../../../host/index.ts";
import { ingressControllersOf } from "./controllers.ts";
import { runOld } from "./old-controller.ts";
import { readOptions } from "./options.ts";
import { BUILD } from "./running.ts";
import { NGINX } from "./sync.ts";

/** ingress-nginx' controller: watches Ingresses, writes nginx.conf and runs nginx (cmd/nginx/main.go). */
export const nginxIngressController: Daemon = {
  name: "nginx-ingress-controller",
  summary: "the Ingress controller of Kubernetes with nginx",
  start(self) {
    const version = programVersion(self);
    const old = version.startsWith("0.");
    const nginx = programVersion({ host: self.host, row: { exe: NGINX } }).replace(/\+.*/, "");
    const dashes = "-".repeat(79);
    const lines = [
      dashes,
      "NGINX Ingress controller",
      `  Release:       ${old ? "" : "v"}${version}`,
      `  Build:         ${old ? `git-${BUILD.slice(0, 9)}` : BUILD}`,
      "  Repository:    https://github.com/kubernetes/ingress-nginx",
      ...(old ? [] : [`  nginx version: nginx/${nginx}`, ""]),
      dashes,
      "",
    ];
    for (const line of lines) self.log(line, 1);
    const read = readOptions(self.argv.slice(1));
    if ("error" in read) {
      self.log(`Error: ${read.error}`);
      return self.exit(read.code);
    }
    if (read.options.flags.version) return self.exit(0);
    for (const name of read.unsimulated) self.log(`drydock: nginx-ingress-controller: '--${name}' is not simulated`);
    if (old) return runOld(self, version, read.options);
    ingressControllersOf(self.host.hosts).started(self, read.options, version);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM") return false;
    ingressControllersOf(self.host.hosts).end(self);
    return true;
  },
  stopped: (self) => ingressControllersOf(self.host.hosts).stopped(self),
};

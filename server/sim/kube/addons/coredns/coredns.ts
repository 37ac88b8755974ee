import { attempt, Errno, type Daemon, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { decode } from "../../../kernel/index.ts";
import { networkOfHosts } from "../../../net/index.ts";
import { answerQuery } from "./server/answer.ts";
import { openError, write } from "./server/configure.ts";
import { coreDnsOf, provideCoreDns, VERSION } from "./server/core-dns.ts";
import { readFlags } from "./server/flags.ts";
import { healthApplication, metricsApplication, readyApplication } from "./server/http.ts";
import { DNS_SERVER, HEALTH_SERVER, METRICS_SERVER, READY_SERVER, type CoreDnsSocket } from "./server/sockets.ts";

/** CoreDNS 1.12.0: the cluster's name server. */
export const coredns: Daemon = {
  name: "coredns",
  summary: "DNS server that chains plugins",
  start(self) {
    const flags = readFlags(self.argv.slice(1));
    if ("lines" in flags) {
      for (const line of flags.lines) self.log(line);
      return self.exit(flags.code);
    }
    self.log(`maxprocs: Leaving GOMAXPROCS=${self.host.machine.row.cpus}: CPU quota undefined`, 1);
    if (flags.version) {
      for (const line of VERSION) self.log(line, 1);
      return self.exit(0);
    }
    if (flags.plugins) {
      self.log("drydock: coredns: '-plugins' is not simulated");
      return self.exit(64);
    }
    const path = flags.conf === "" ? "Corefile" : flags.conf;
    const text = readCorefile(self, path, flags.conf === "");
    if (text === undefined) return;
    coreDnsOf(self.host.hosts).start(self, { path, text, port: flags.port }, flags.quiet);
  },
  signal(self, signal) {
    switch (signal) {
      case "SIGTERM":
        write(self, "INFO", "SIGTERM: Shutting down servers then terminating");
        coreDnsOf(self.host.hosts).end(self);
        return true;
      case "SIGINT":
        write(self, "INFO", "SIGINT: Shutting down");
        coreDnsOf(self.host.hosts).end(self);
        return true;
      case "SIGQUIT":
        write(self, "INFO", "SIGQUIT: Quitting process immediately");
        self.exit(0);
        return true;
      case "SIGHUP":
        return true;
      case "SIGUSR1":
        coreDnsOf(self.host.hosts).reload(self);
        return true;
      default:
        return false;
    }
  },
  stopped: (self) => coreDnsOf(self.host.hosts).stopped(self),
};

/** The Corefile's text; undefined if there is none and the process has ended. Without `-conf` there need not be one. */
function readCorefile(self: DaemonProcess, path: string, optional: boolean): string | undefined {
  const file = path.startsWith("/") ? path : `${self.cwd.replace(/\/$/, "")}/${path}`;
  const data = attempt(() => self.host.files.read(file, self));
  if (!(data instanceof Errno)) return decode(data);
  if (optional && data.code === "ENOENT") return "";
  self.log(`loading Caddyfile via ${optional ? "default" : "flag"}: ${openError(path, data)}`);
  self.exit(1);
  return undefined;
}

/** Binds what answers at CoreDNS' ports, and what its processes planned. Once per world, after its clusters are known. */
export function bindCoreDns(hosts: Hosts): void {
  const coreDns = provideCoreDns(hosts);
  const network = networkOfHosts(hosts);
  network.serve(DNS_SERVER, {
    dns(query, context) {
      const { pid, server } = context.args as CoreDnsSocket;
      const running = coreDns.find(`${context.ns.machine}/${pid}`);
      return running && answerQuery(running.instance, server, query, context);
    },
  });
  network.serve(HEALTH_SERVER, healthApplication());
  network.serve(READY_SERVER, readyApplication(coreDns));
  network.serve(METRICS_SERVER, metricsApplication(coreDns));
}

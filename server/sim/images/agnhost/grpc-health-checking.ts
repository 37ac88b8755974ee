import type { DaemonProcess, Hosts } from "../../host/index.ts";
import { rfc3339, SECOND } from "../../kernel/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";
import { goDuration } from "../go/duration.ts";
import { goFatal, goLog } from "../go/log.ts";
import { goListen, goService } from "../go/server.ts";
import { healthServer } from "../grpc/health.ts";
import type { AgnhostCommand } from "./command.ts";

const LATE = "agnhost/unhealthy";

interface State {
  readonly command: string;
  readonly service: string;
  /** What an HTTP request has forced, or the delay has brought. */
  readonly unhealthy?: boolean;
}

/** test/images/agnhost/grpc-health-checking/server.go */
export const grpcHealthChecking: AgnhostCommand = {
  name: "grpc-health-checking",
  flags: [
    { name: "port", type: "int", value: "5000" },
    { name: "http-port", type: "int", value: "8080" },
    { name: "delay-unhealthy-sec", type: "int", value: "-1" },
    { name: "service", type: "string", value: "" },
    { name: "tls-cert-file", type: "string", value: "" },
    { name: "tls-private-key-file", type: "string", value: "" },
  ],
  args: 0,
  start(self, values) {
    if (values["tls-cert-file"] || values["tls-private-key-file"]) {
      self.log("drydock: agnhost: '--tls-cert-file' is not simulated");
      return self.exit(64);
    }
    self.data = { command: "grpc-health-checking", service: values["service"]! } satisfies State;
    const [port, httpPort, delay] = ["port", "http-port", "delay-unhealthy-sec"].map((name) => Number(values[name]));
    goLog(self, `Http server starting to listen on :${httpPort}`);
    const http = goListen(self, grpcHealthHttp, `:${httpPort}`);
    if (typeof http === "string") return goFatal(self, http);
    const opened = listen(self, grpcHealth, { address: "::", port: port!, v6only: false });
    if (typeof opened === "string")
      return goFatal(
        self,
        `Error while starting the listening service listen tcp :${port}: bind: address already in use`,
      );
    goLog(self, `gRPC server starting to listen on :${port}`);
    if (delay! >= 0)
      self.kernel.after(delay! * SECOND, LATE, { machine: self.host.machine.name, pid: self.pid }, { periodic: true });
  },
};

/** Binds what the command does later. Once per world. */
export function bindGrpcHealth(hosts: Hosts): void {
  hosts.kernel.handle(LATE, ({ machine, pid }: { machine: string; pid: number }) => {
    const self = hosts.machine(machine).daemon(pid)?.self;
    if (self?.alive) change(self, true, true);
  });
}

function change(self: DaemonProcess, unhealthy: boolean, late = false): void {
  const state = self.data as State;
  // What was forced before the delay was over stays.
  if (late && state.unhealthy === true) return;
  self.data = { ...state, unhealthy } satisfies State;
}

export const grpcHealth: Service = {
  name: "agnhost grpc-health-checking",
  application: (hosts) =>
    healthServer((service, context) => {
      const self = daemonOf(hosts, context);
      if (!self) return { code: 14, message: "" };
      const state = self.data as State;
      goLog(self, `Serving the Check request for health check, started at ${goTime(self.row.startedAt)}`);
      if (service !== state.service) return { code: 5, message: "unknown service" };
      return { serving: state.unhealthy ? "NOT_SERVING" : "SERVING" };
    }),
};

/** time.Time with %v, without its monotonic part. */
function goTime(time: number): string {
  return `${rfc3339(time).replace("T", " ").replace("Z", "")} +0000 UTC`;
}

export const grpcHealthHttp = goService("agnhost grpc-health-checking http", ({ self, url }) => {
  const healthy = url.path === "/make-serving";
  if (!healthy && url.path !== "/make-not-serving")
    return {
      status: 404,
      headers: [
        ["Content-Type", "text/plain; charset=utf-8"],
        ["X-Content-Type-Options", "nosniff"],
      ],
      body: "404 page not found\n",
    };
  goLog(self, `Mark as ${healthy ? "healthy" : "unhealthy"}`);
  change(self, !healthy);
  return { body: goDuration(self.kernel.now - self.row.startedAt) };
});

import { pad, rfc3339 } from "../kernel/index.ts";
import { attempt, dirname, ROOT, type Daemon, type DaemonProcess } from "../host/index.ts";
import { namespaceOf, openSocket } from "../net/index.ts";
import { Directory } from "../kube/kubelet/index.ts";
import { engineOf } from "./bind.ts";
import { startContainer } from "./container/start.ts";
import type { Engine } from "./engine.ts";
import { bridgeUp } from "./network/bridge.ts";
import { Firewall, setUpChains } from "./network/firewall.ts";
import { predefinedNetworks } from "./network/networks.ts";

export const DOCKER_VERSION = "28.5.2";
export const DOCKER_COMMIT = "89c5e8f";
export const SOCKET = "/run/docker.sock";

/** dockerd: Docker Engine. Its networks and containers are in `engine.ts`. */
export const dockerd: Daemon = {
  name: "dockerd",
  summary: "a self-sufficient runtime for containers",
  start(self) {
    const engine = engineOf(self.host.machine);
    const wrong = self.argv.slice(1).find((word) => word.startsWith("-") && !/^(-H|--host|--containerd)/.test(word));
    if (wrong !== undefined) {
      self.log(`drydock: dockerd: '${wrong}' is not simulated`);
      return self.exit(64);
    }
    log(self, "info", "Starting up");
    const { runtime } = engine;
    if (!runtime.running) {
      log(self, "info", `failed to start containerd: timeout waiting for containerd to start`);
      return self.exit(1);
    }
    engine.pid = self.pid;
    listen(self);
    setUpChains(new Firewall(engine.ns));
    log(self, "info", "Loading containers: start.");
    predefinedNetworks(engine);
    for (const network of engine.networks.values()) if (network.driver === "bridge") bridgeUp(engine, network);
    for (const row of engine.containers.values()) if (restarts(engine, row.id)) startContainer(engine, row.id);
    log(self, "info", "Loading containers: done.");
    log(self, "info", "Docker daemon", {
      commit: DOCKER_COMMIT,
      "containerd-snapshotter": "false",
      "storage-driver": "overlay2",
      version: DOCKER_VERSION,
    });
    log(self, "info", "Daemon has completed initialization");
    log(self, "info", "API listen on /run/docker.sock");
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    log(self, "info", "Processing signal 'terminated'");
    const engine = engineOf(self.host.machine);
    // Without live-restore its containers end with it; those with a policy come back.
    for (const { id } of engine.containers.values()) {
      const { pid } = engine.task(id);
      if (pid !== undefined) engine.machine.signal(pid, "SIGKILL");
    }
    attempt(() => self.host.files.unlink(SOCKET));
    self.exit(0);
    return true;
  },
  stopped(self) {
    const engine = engineOf(self.host.machine);
    if (engine.pid === self.pid) engine.pid = undefined;
  },
};

function restarts(engine: Engine, id: string): boolean {
  const { spec, stopped } = engine.containers.get(id)!;
  if (engine.isRunning(id)) return false;
  return spec.restart.name === "always" || (spec.restart.name === "unless-stopped" && !stopped);
}

function listen(self: DaemonProcess): void {
  Directory.at(self.host, dirname(SOCKET));
  attempt(() => self.host.files.unlink(SOCKET));
  openSocket(namespaceOf(self), { protocol: "unix", address: SOCKET, port: 0, backlog: 4096, pid: self.pid });
  const group = self.host.users.groupByName("docker")?.gid ?? 0;
  self.host.files.mknod(SOCKET, { type: "socket", mode: 0o660 }, { ...ROOT, umask: 0 });
  self.host.files.chown(SOCKET, 0, group);
}

/** As logrus' TextFormatter prints it. */
function log(self: DaemonProcess, level: string, message: string, fields: Readonly<Record<string, string>> = {}): void {
  const { kernel } = self;
  const nanos = `${pad(kernel.now % 1_000_000, 6)}${pad(kernel.random.below("docker/log", 1000), 3)}`;
  const time = `${rfc3339(kernel.now).slice(0, 19)}.${nanos}Z`;
  const words = Object.entries({ level, msg: message, ...fields }).map(
    ([key, value]) => `${key}=${/^[A-Za-z0-9\-._/@^+]+$/.test(value) ? value : JSON.stringify(value)}`,
  );
  self.log([`time="${time}"`, ...words].join(" "));
}

import { attempt, dirname, ROOT, type Daemon, type DaemonProcess } from "../../../../host/index.ts";
import { GRPC, namespaceOf, openSocket, placeOf, updateSocket } from "../../../../net/index.ts";
import { containerdConfig } from "../../../kubeadm/index.ts";
import { Directory } from "../directory.ts";
import { containerdLine } from "../runtime.ts";
import { containerdOf } from "../runtimes.ts";
import { readContainerdConfig, type ContainerdConfig } from "./config.ts";

export const CONTAINERD_VERSION = "1.7.27";
const REVISION = "05044ec0a9a75232cad458027ca83437aae3f4da";
const CONFIG = "/etc/containerd/config.toml";
const CRI_SERVICE = "containerd-stream";

/** containerd 1.7: reads its configuration, opens its socket and serves the CRI (see ../runtime.ts). */
export const containerd: Daemon = {
  name: "containerd",
  summary: "an industry-standard container runtime",
  start(self) {
    const options = readArguments(self.argv.slice(1));
    if (typeof options !== "object") return stop(self, options);
    const { print } = options;
    if (print !== undefined) {
      self.log(print.replace(/\n$/, ""), 1);
      return self.exit(0);
    }
    log(self, "info", "starting containerd", { revision: REVISION, version: CONTAINERD_VERSION });
    const config = readContainerdConfig(self.host, options.config);
    if ("error" in config) return stop(self, `containerd: ${config.error}`);
    serve(self, options.address === undefined ? config : { ...config, address: options.address });
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    log(self, "info", "Stop CRI service");
    const running = containerdOf(self.host.machine).running;
    // Go unlinks the sockets that it listens on.
    if (running?.pid === self.pid)
      for (const path of socketPaths(running.config)) attempt(() => self.host.files.unlink(path));
    self.exit(0);
    return true;
  },
  stopped(self) {
    const runtime = containerdOf(self.host.machine);
    if (runtime.running?.pid === self.pid) runtime.stopped();
  },
};

interface Options {
  readonly config: string;
  readonly address?: string;
  /** Asked for on standard output in place of a service. */
  readonly print?: string;
}

function readArguments(args: readonly string[]): Options | string {
  let options: Options = { config: CONFIG };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [name = "", inline] = arg.split(/=(.*)/s);
    const value = (): string => inline ?? args[++at] ?? "";
    if (name === "--config" || name === "-c") options = { ...options, config: value() };
    else if (name === "--address" || name === "-a") options = { ...options, address: value() };
    else if (name === "--version" || name === "-v")
      options = { ...options, print: `containerd containerd.io ${CONTAINERD_VERSION} ${REVISION}` };
    else if (arg === "config" && args[at + 1] === "default") return { ...options, print: containerdConfig() };
    else if (["--log-level", "-l", "--root", "--state"].includes(name))
      return `drydock: containerd: '${name}' is not simulated`;
    else if (arg.startsWith("-")) return `containerd: flag provided but not defined: ${name}`;
    else return `drydock: containerd: '${arg}' is not simulated`;
  }
  return options;
}

function serve(self: DaemonProcess, config: ContainerdConfig): void {
  const ns = namespaceOf(self);
  for (const path of socketPaths(config)) {
    Directory.at(self.host, dirname(path), 0o711);
    attempt(() => self.host.files.unlink(path));
    const opened = openSocket(ns, { protocol: "unix", address: path, port: 0, backlog: 4096, pid: self.pid, application: GRPC }); // prettier-ignore
    if (!opened.ok)
      return stop(
        self,
        `containerd: failed to get listener for main endpoint: listen unix ${path}: bind: address already in use`,
      );
    self.host.files.mknod(path, { type: "socket", mode: 0o660 }, { ...ROOT, umask: 0 });
    const place = placeOf(self.host, path);
    if (place !== undefined) updateSocket(ns, opened.value.id, { place });
  }
  if (config.cri)
    openSocket(ns, {
      protocol: "tcp",
      address: "127.0.0.1",
      port: config.streamPort,
      backlog: 4096,
      reuseAddress: true,
      pid: self.pid,
      application: CRI_SERVICE,
    });
  const runtime = containerdOf(self.host.machine);
  runtime.started(self.pid, config);
  if (config.cri && runtime.cni.error !== undefined)
    log(
      self,
      "error",
      "failed to load cni during init, please check CRI plugin status before setting up network for pods",
      {
        error: runtime.cni.error,
      },
    );
  for (const address of socketPaths(config)) log(self, "info", "serving...", { address });
  log(self, "info", "containerd successfully booted in 0.035672s");
}

function socketPaths(config: ContainerdConfig): string[] {
  return [`${config.address}.ttrpc`, config.address];
}

function stop(self: DaemonProcess, line: string): void {
  self.log(line);
  self.exit(line.startsWith("drydock: ") ? 64 : 1);
}

function log(
  self: DaemonProcess,
  level: "info" | "error",
  message: string,
  fields: Readonly<Record<string, string>> = {},
): void {
  self.log(containerdLine(self.kernel, level, message, fields));
}

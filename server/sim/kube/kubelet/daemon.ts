import { attempt, Errno, type Daemon, type DaemonProcess } from "../../host/index.ts";
import { MILLISECOND } from "../../kernel/index.ts";
import { namespaceOf, openSocket } from "../../net/index.ts";
import { CURRENT_CLIENT } from "../kubeadm/index.ts";
import { klogLine } from "../components/klog.ts";
import { readKubeconfig } from "../access/rest-config.ts";
import { beginBootstrap, prepareBootstrap, writeOwnFiles } from "./bootstrap.ts";
import { readFlags, type KubeletFlags } from "./config/flags.ts";
import { readSettings, type KubeletSettings, type ReadSettings } from "./config/settings.ts";
import { CONTAINERD_VERSION } from "./cri/containerd/daemon.ts";
import { kubeletOf, watchManifests } from "./kubelets.ts";
import { KUBELET_VERSION } from "./node/status.ts";
import { EVENTS, TICK, type KubeletRow } from "./row.ts";
import { HEALTHZ, KUBELET_API } from "./server/sockets.ts";
import { watchChains } from "./node/chains.ts";
import { readManifests } from "./sources/manifests.ts";

/** What the kubelet uses where no file says anything (an empty KubeletConfiguration). */
const NO_FILE: ReadSettings = {
  settings: {
    staticPodPath: "",
    clusterDns: [],
    clusterDomain: "",
    resolvConf: "/etc/resolv.conf",
    cgroupDriver: "cgroupfs",
    address: "0.0.0.0",
    port: 10_250,
    healthzAddress: "127.0.0.1",
    healthzPort: 10_248,
    clientCa: "",
    // What flags alone leave it at (cmd/kubelet/app/options/options.go applyLegacyDefaults).
    anonymous: true,
    refusesTokens: true,
    authorization: "AlwaysAllow",
    maxPods: 110,
    runtimeEndpoint: "unix:///run/containerd/containerd.sock",
    enableServer: true,
    allowedUnsafeSysctls: [],
    statusReportFrequency: 300_000_000,
  },
  unsimulated: [],
};

/** The node's agent: reads its flags and files, opens its ports, and looks after Pods (see kubelet.ts). */
export const kubelet: Daemon = {
  name: "kubelet",
  summary: "the Kubernetes node agent",
  start(self) {
    const flags = readFlags(self.argv.slice(1));
    if ("error" in flags || "unsimulated" in flags) {
      if ("unsimulated" in flags) return stop(self, `drydock: kubelet: '${flags.unsimulated}' is not simulated`, 64);
      return failed(self, `failed to parse kubelet flag: ${flags.error}`);
    }
    if (flags.version) {
      self.log(`Kubernetes ${KUBELET_VERSION}`, 1);
      return self.exit(0);
    }
    for (const line of flags.deprecated) self.log(line);
    const read = flags.config === undefined ? NO_FILE : readSettings(self.host, flags.config);
    if ("error" in read) return failed(self, read.error);
    for (const field of read.unsimulated)
      self.log(`drydock: kubelet: the field '${field}' of its configuration is not simulated`);
    log(
      self,
      "I",
      "server.go:215",
      '"--pod-infra-container-image will not be pruned by the image garbage collector in kubelet and should also be set in the remote runtime"',
    );
    log(self, "I", "server.go:520", `"Kubelet version" kubeletVersion="${KUBELET_VERSION}"`);
    log(self, "I", "server.go:522", '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    const settings = withFlags(read.settings, flags);
    const problem = preflight(self, flags, settings);
    if (problem !== undefined) return failed(self, problem);
    run(self, flags, settings);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
  stopped(self) {
    const known = kubeletOf(self.host.machine);
    if (known.row?.pid === self.pid) known.stopped();
  },
};

function withFlags(settings: KubeletSettings, flags: KubeletFlags): KubeletSettings {
  return {
    ...settings,
    ...(flags.runtimeEndpoint === undefined ? {} : { runtimeEndpoint: flags.runtimeEndpoint }),
    ...(flags.maxPods === undefined ? {} : { maxPods: flags.maxPods }),
    ...(flags.cgroupDriver === undefined ? {} : { cgroupDriver: flags.cgroupDriver }),
    ...(flags.clientCa === undefined ? {} : { clientCa: flags.clientCa }),
    ...(flags.anonymous === undefined ? {} : { anonymous: flags.anonymous }),
    ...(flags.tokens === undefined ? {} : { refusesTokens: !flags.tokens }),
    ...(flags.authorization === undefined ? {} : { authorization: flags.authorization }),
    ...(flags.clusterDns === undefined ? {} : { clusterDns: flags.clusterDns }),
    ...(flags.clusterDomain === undefined ? {} : { clusterDomain: flags.clusterDomain }),
    ...(flags.resolvConf === undefined ? {} : { resolvConf: flags.resolvConf }),
  };
}

/** Files and services without which it does not start (cmd/kubelet/app/server.go run); the error behind `command failed`. */
function preflight(self: DaemonProcess, flags: KubeletFlags, settings: KubeletSettings): string | undefined {
  const { host } = self;
  // cmd/kubelet/app/auth.go BuildAuthz
  if (!["AlwaysAllow", "Webhook"].includes(settings.authorization))
    return `failed to run Kubelet: unknown authorization mode ${settings.authorization}`;
  if (settings.clientCa !== "") {
    const read = attempt(() => host.files.read(settings.clientCa));
    if (read instanceof Errno)
      return `failed to construct kubelet dependencies: unable to load client CA file ${settings.clientCa}: open ${settings.clientCa}: no such file or directory`;
  }
  if (flags.kubeconfig !== undefined) {
    const config = readKubeconfig(host, flags.kubeconfig, "kubelet", self);
    if ("error" in config) {
      if (host.files.exists(flags.kubeconfig))
        log(
          self,
          "E",
          "bootstrap.go:241",
          `unable to read existing bootstrap client config from ${flags.kubeconfig}: ${config.error}`,
        );
      const problem = prepareBootstrap(self, flags.kubeconfig, flags.bootstrapKubeconfig);
      if (problem !== undefined) return `failed to run Kubelet: ${problem === "" ? config.error : problem}`;
    }
    log(self, "I", "server.go:954", '"Client rotation is on, will bootstrap in background"');
    if (host.files.exists(CURRENT_CLIENT))
      log(self, "I", "certificate_store.go:130", `Loading cert/key pair from "${CURRENT_CLIENT}".`);
  }
  if (settings.clientCa !== "")
    log(
      self,
      "I",
      "dynamic_cafile_content.go:161",
      `"Starting controller" name="client-ca-bundle::${settings.clientCa}"`,
    );
  return runtimeProblem(self, settings);
}

/** Asks for the runtime's version over its socket. */
function runtimeProblem(self: DaemonProcess, { runtimeEndpoint }: KubeletSettings): string | undefined {
  const path = runtimeEndpoint.replace(/^unix:\/\//, "");
  const refused = (why: string): string =>
    `failed to run Kubelet: validate service connection: validate CRI v1 runtime API for endpoint ${JSON.stringify(runtimeEndpoint)}: rpc error: ${why}`;
  const dial = (why: string): string =>
    refused(
      `code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${path}: connect: ${why}"`,
    );
  if (!self.host.files.exists(path)) return dial("no such file or directory");
  const real = self.host.files.realpath(path);
  const { runtime } = kubeletOf(self.host.machine);
  const { running } = runtime;
  if (!running || self.host.files.realpath(running.config.address) !== real) return dial("connection refused");
  if (!runtime.serving) return refused("code = Unimplemented desc = unknown service runtime.v1.RuntimeService");
  return undefined;
}

function run(self: DaemonProcess, flags: KubeletFlags, settings: KubeletSettings): void {
  const kubelet = kubeletOf(self.host.machine);
  log(
    self,
    "I",
    "server.go:1421",
    '"CRI implementation should be updated to support RuntimeConfig when KubeletCgroupDriverFromCRI feature gate has been enabled. Falling back to using cgroupDriver from kubelet config."',
  );
  log(self, "I", "server.go:772", '"--cgroups-per-qos enabled, but --cgroup-root was not specified.  defaulting to /"');
  if (settings.staticPodPath !== "")
    log(self, "I", "kubelet.go:341", `"Adding static pod path" path=${JSON.stringify(settings.staticPodPath)}`);
  log(
    self,
    "I",
    "kuberuntime_manager.go:269",
    `"Container runtime initialized" containerRuntime="containerd" version="${CONTAINERD_VERSION}" apiVersion="v1"`,
  );
  log(self, "I", "server.go:1287", '"Started kubelet"');
  const row: KubeletRow = {
    pid: self.pid,
    nodeName: (flags.hostnameOverride ?? self.host.hostname).trim().toLowerCase(),
    startedAt: self.kernel.now,
    kubeconfig: flags.kubeconfig,
    settings,
    nodeIp: flags.nodeIp,
    nodeLabels: flags.nodeLabels,
    connected: false,
    failures: 0,
    nextToken: 1,
    sourcesReady: false,
  };
  kubelet.started(JSON.parse(JSON.stringify(row)) as KubeletRow);
  writeOwnFiles(kubelet);
  if (!listen(self, settings)) return;
  log(self, "I", "kubelet.go:2382", '"Starting kubelet main sync loop"');
  watchChains(kubelet);
  watchManifests(kubelet);
  readManifests(kubelet);
  beginBootstrap(kubelet, flags.bootstrapKubeconfig);
  if (flags.kubeconfig !== undefined) kubelet.after(50 * MILLISECOND, EVENTS.connect, { pid: self.pid });
  kubelet.after(TICK, EVENTS.tick, { pid: self.pid }, { periodic: true });
}

function listen(self: DaemonProcess, settings: KubeletSettings): boolean {
  const ns = namespaceOf(self);
  const args = { machine: self.host.machine.name };
  const common = { protocol: "tcp", backlog: 4096, reuseAddress: true, pid: self.pid, args } as const;
  if (settings.healthzPort > 0) {
    const opened = openSocket(ns, {
      ...common,
      address: settings.healthzAddress,
      port: settings.healthzPort,
      application: HEALTHZ,
    });
    if (!opened.ok)
      log(
        self,
        "E",
        "kubelet.go:1555",
        `"Failed to start healthz server" err="listen tcp ${settings.healthzAddress}:${settings.healthzPort}: bind: address already in use"`,
      );
  }
  if (!settings.enableServer) return true;
  log(self, "I", "server.go:169", `"Starting to listen" address="${settings.address}" port=${settings.port}`);
  const address = settings.address === "0.0.0.0" ? "::" : settings.address;
  const opened = openSocket(ns, { ...common, address, port: settings.port, application: KUBELET_API });
  if (opened.ok) return true;
  log(
    self,
    "E",
    "server.go:176",
    `"Failed to listen and serve" err="listen tcp ${settings.address}:${settings.port}: bind: address already in use"`,
  );
  self.exit(1);
  return false;
}

function failed(self: DaemonProcess, error: string): void {
  log(self, "E", "run.go:72", `"command failed" err=${JSON.stringify(error)}`);
  self.exit(1);
}

function stop(self: DaemonProcess, line: string, code: number): void {
  self.log(line);
  self.exit(code);
}

function log(self: DaemonProcess, severity: "I" | "E", source: string, message: string): void {
  self.log(klogLine(severity, self.kernel.now, self.pid, source, message));
}

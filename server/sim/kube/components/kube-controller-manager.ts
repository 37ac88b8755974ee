import { parseGoDuration } from "../api/index.ts";
import type { Daemon, DaemonProcess } from "../../host/index.ts";
import { KUBEADM_CONTROLLER_SETTINGS, type ControllerManagerSettings } from "../controllers/index.ts";
import { commandFailed, log, missingFile, refuseFlags } from "./component.ts";
import { controlPlaneOf } from "./control-plane.ts";
import { isFlagProblem, listFlag, parseFlags, type Flags, type FlagTable } from "./go-flags.ts";
import { serveHealth } from "./serving.ts";

const FLAGS: FlagTable = {
  "allocate-node-cidrs": "bool",
  "authentication-kubeconfig": "string",
  "authorization-kubeconfig": "string",
  "bind-address": "string",
  "client-ca-file": "string",
  "cluster-cidr": "list",
  "cluster-name": "string",
  "cluster-signing-cert-file": "string",
  "cluster-signing-duration": "duration",
  "cluster-signing-key-file": "string",
  controllers: "list",
  kubeconfig: "string",
  "leader-elect": "bool",
  "node-cidr-mask-size": "number",
  "node-cidr-mask-size-ipv4": "number",
  "node-monitor-grace-period": "duration",
  "requestheader-client-ca-file": "string",
  "root-ca-file": "string",
  "secure-port": "number",
  "service-account-private-key-file": "string",
  "service-cluster-ip-range": "list",
  "use-service-account-credentials": "bool",
  ...Object.fromEntries(
    [
      "attach-detach-reconcile-sync-period",
      "cloud-config",
      "cloud-provider",
      "concurrent-deployment-syncs",
      "concurrent-endpoint-syncs",
      "concurrent-gc-syncs",
      "concurrent-namespace-syncs",
      "concurrent-replicaset-syncs",
      "configure-cloud-routes",
      "contention-profiling",
      "enable-dynamic-provisioning",
      "enable-garbage-collector",
      "feature-gates",
      "horizontal-pod-autoscaler-sync-period",
      "kube-api-burst",
      "kube-api-qps",
      "large-cluster-size-threshold",
      "leader-elect-lease-duration",
      "leader-elect-renew-deadline",
      "leader-elect-resource-lock",
      "leader-elect-retry-period",
      "logging-format",
      "master",
      "min-resync-period",
      "node-cidr-mask-size-ipv6",
      "node-eviction-rate",
      "node-monitor-period",
      "node-startup-grace-period",
      "profiling",
      "terminated-pod-gc-threshold",
      "tls-cert-file",
      "tls-min-version",
      "tls-private-key-file",
      "unhealthy-zone-threshold",
      "v",
      "vmodule",
    ].map((name) => [name, "unsimulated" as const]),
  ),
};

const FILES = [
  "kubeconfig",
  "authentication-kubeconfig",
  "client-ca-file",
  "root-ca-file",
  "service-account-private-key-file",
  "cluster-signing-cert-file",
] as const;

/** kube-controller-manager: the control loops of its cluster, for as long as it leads. */
export const kubeControllerManager: Daemon = {
  name: "kube-controller-manager",
  summary: "the Kubernetes controller manager",
  start(self) {
    const flags = parseFlags(self.argv.slice(1), FLAGS);
    if (isFlagProblem(flags))
      return refuseFlags(self, "kube-controller-manager", flags, "Usage:\n  kube-controller-manager [flags]");
    const missing = missingFile(
      self,
      FILES.map((name) => flags.get(name)),
    );
    if (missing !== undefined) return commandFailed(self, `stat ${missing}: no such file or directory`);
    log(self, "I", "serving.go:386", "Generated self-signed cert in-memory");
    log(self, "I", "controllermanager.go:189", '"Starting" version="v1.33.1"');
    const port = Number(flags.get("secure-port") ?? 10_257);
    if (!serveHealth(self, "kube-controller-manager", flags.get("bind-address") ?? "0.0.0.0", port))
      return commandFailed(
        self,
        `failed to create listener: failed to listen on ${flags.get("bind-address") ?? "0.0.0.0"}:${port}: listen tcp ${flags.get("bind-address") ?? "0.0.0.0"}:${port}: bind: address already in use`,
      );
    log(self, "I", "secure_serving.go:211", `Serving securely on ${flags.get("bind-address") ?? "[::]"}:${port}`);
    controlPlaneOf(self.host.hosts).started(
      self,
      "kube-controller-manager",
      flags.get("kubeconfig") ?? "",
      settingsOf(self, flags),
    );
  },
  stopped: (self) => controlPlaneOf(self.host.hosts).stopped(self),
};

function settingsOf(self: DaemonProcess, flags: Flags): ControllerManagerSettings {
  const defaults = KUBEADM_CONTROLLER_SETTINGS;
  const controllers = listFlag(flags, "controllers");
  const mask = flags.get("node-cidr-mask-size-ipv4") ?? flags.get("node-cidr-mask-size");
  const grace = flags.get("node-monitor-grace-period");
  const [certificate, key] = [flags.get("cluster-signing-cert-file"), flags.get("cluster-signing-key-file")];
  const rootCa = self.host.readText(flags.get("root-ca-file") ?? "");
  const signingKey = self.host.readText(flags.get("service-account-private-key-file") ?? "");
  return {
    ...defaults,
    controllers: controllers.length > 0 ? controllers : ["*"],
    allocateNodeCidrs: flags.get("allocate-node-cidrs") === "true",
    clusterCidrs: listFlag(flags, "cluster-cidr"),
    nodeCidrMaskSize:
      mask === undefined ? defaults.nodeCidrMaskSize : { ...defaults.nodeCidrMaskSize, ipv4: Number(mask) },
    nodeMonitorGracePeriod:
      grace === undefined
        ? defaults.nodeMonitorGracePeriod
        : (parseGoDuration(grace) ?? defaults.nodeMonitorGracePeriod),
    serviceAccountCredentials: flags.get("use-service-account-credentials") === "true",
    signingDuration: parseGoDuration(flags.get("cluster-signing-duration") ?? "") ?? defaults.signingDuration,
    ...(certificate === undefined || key === undefined ? {} : { signingFiles: { certificate, key } }),
    ...(rootCa === undefined ? {} : { rootCa }),
    ...(signingKey === undefined ? {} : { signingKey }),
  };
}

import type { Daemon } from "../../host/index.ts";
import { commandFailed, log, missingFile, refuseFlags } from "./component.ts";
import { controlPlaneOf } from "./control-plane.ts";
import { isFlagProblem, parseFlags, type FlagTable } from "./go-flags.ts";
import { serveHealth } from "./serving.ts";

const FLAGS: FlagTable = {
  "authentication-kubeconfig": "string",
  "authorization-kubeconfig": "string",
  "bind-address": "string",
  kubeconfig: "string",
  "leader-elect": "bool",
  "secure-port": "number",
  ...Object.fromEntries(
    [
      "allow-metric-labels",
      "client-ca-file",
      "config",
      "contention-profiling",
      "feature-gates",
      "kube-api-burst",
      "kube-api-content-type",
      "kube-api-qps",
      "leader-elect-lease-duration",
      "leader-elect-renew-deadline",
      "leader-elect-resource-lock",
      "leader-elect-retry-period",
      "logging-format",
      "master",
      "pod-max-in-unschedulable-pods-duration",
      "profiling",
      "requestheader-client-ca-file",
      "tls-cert-file",
      "tls-min-version",
      "tls-private-key-file",
      "v",
      "vmodule",
      "write-config-to",
    ].map((name) => [name, "unsimulated" as const]),
  ),
};

/** kube-scheduler: finds nodes for the Pods of its cluster, for as long as it leads. */
export const kubeScheduler: Daemon = {
  name: "kube-scheduler",
  summary: "the Kubernetes scheduler",
  start(self) {
    const flags = parseFlags(self.argv.slice(1), FLAGS);
    if (isFlagProblem(flags)) return refuseFlags(self, "kube-scheduler", flags, "Usage:\n  kube-scheduler [flags]");
    const missing = missingFile(
      self,
      ["kubeconfig", "authentication-kubeconfig"].map((name) => flags.get(name)),
    );
    if (missing !== undefined) return commandFailed(self, `stat ${missing}: no such file or directory`);
    log(self, "I", "serving.go:386", "Generated self-signed cert in-memory");
    log(self, "I", "server.go:172", '"Starting Kubernetes Scheduler" version="v1.33.1"');
    log(self, "I", "server.go:174", '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""');
    const address = flags.get("bind-address") ?? "0.0.0.0";
    const port = Number(flags.get("secure-port") ?? 10_259);
    if (!serveHealth(self, "kube-scheduler", address, port))
      return commandFailed(
        self,
        `failed to create listener: failed to listen on ${address}:${port}: listen tcp ${address}:${port}: bind: address already in use`,
      );
    log(self, "I", "secure_serving.go:211", `Serving securely on ${address}:${port}`);
    controlPlaneOf(self.host.hosts).started(self, "kube-scheduler", flags.get("kubeconfig") ?? "");
  },
  stopped: (self) => controlPlaneOf(self.host.hosts).stopped(self),
};

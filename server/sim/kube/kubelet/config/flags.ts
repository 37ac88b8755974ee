import { isFlagProblem, parseFlags, type FlagProblem, type FlagTable } from "../../components/go-flags.ts";

/** The kubelet's command line, as far as it has its effect here. */
export interface KubeletFlags {
  readonly config: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly bootstrapKubeconfig: string | undefined;
  readonly hostnameOverride: string | undefined;
  readonly nodeIp: string | undefined;
  readonly runtimeEndpoint: string | undefined;
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly maxPods: number | undefined;
  readonly cgroupDriver: string | undefined;
  readonly clientCa: string | undefined;
  readonly anonymous: boolean | undefined;
  readonly tokens: boolean | undefined;
  readonly authorization: string | undefined;
  readonly clusterDns: readonly string[] | undefined;
  readonly clusterDomain: string | undefined;
  /** "": containers get no file at all. */
  readonly resolvConf: string | undefined;
  readonly version: boolean;
  /** Flags whose use the kubelet complains of, in its words. */
  readonly deprecated: readonly string[];
}

const BY_FILE =
  "has been deprecated, This parameter should be set via the config file specified by the Kubelet's --config flag. See https://kubernetes.io/docs/tasks/administer-cluster/kubelet-config-file/ for more information.";

const DEPRECATED: Readonly<Record<string, string>> = {
  "anonymous-auth": BY_FILE,
  "authentication-token-webhook": BY_FILE,
  "authorization-mode": BY_FILE,
  "cgroup-driver": BY_FILE,
  "client-ca-file": BY_FILE,
  "cluster-dns": BY_FILE,
  "cluster-domain": BY_FILE,
  "container-runtime-endpoint": BY_FILE,
  "eviction-hard": BY_FILE,
  "fail-swap-on": BY_FILE,
  "max-pods": BY_FILE,
  "pod-infra-container-image":
    "has been deprecated, will be removed in 1.35. Image garbage collector will get sandbox image information from CRI.",
  "resolv-conf": BY_FILE,
};

const FLAGS: FlagTable = {
  "anonymous-auth": "bool",
  "authentication-token-webhook": "bool",
  "authorization-mode": "string",
  "bootstrap-kubeconfig": "string",
  "cgroup-driver": "string",
  "client-ca-file": "string",
  "cluster-dns": "list",
  "cluster-domain": "string",
  config: "string",
  "container-runtime-endpoint": "string",
  // Labs write these to get along with small machines, which the simulated ones are not.
  "eviction-hard": "string",
  "fail-swap-on": "bool",
  "hostname-override": "string",
  kubeconfig: "string",
  "max-pods": "number",
  "node-ip": "string",
  "node-labels": "list",
  "pod-infra-container-image": "string",
  "resolv-conf": "string",
  v: "number",
  version: "bool",
  ...Object.fromEntries(
    [
      "address", "allowed-unsafe-sysctls", "cert-dir",
      "cgroup-root", "cloud-provider", "config-dir", "cpu-manager-policy",
      "enable-server", "event-qps", "feature-gates", "healthz-port", "image-credential-provider-config", "kube-reserved",
      "kubelet-cgroups", "log-file", "logging-format", "node-status-update-frequency", "pod-cidr", "pod-manifest-path", "pod-max-pids",
      "port", "protect-kernel-defaults", "provider-id", "read-only-port", "register-node", "register-with-taints",
      "root-dir", "rotate-certificates", "runtime-cgroups", "serialize-image-pulls", "sync-frequency", "system-reserved",
      "tls-cert-file", "tls-private-key-file", "topology-manager-policy", "vmodule", "volume-plugin-dir",
    ].map((name) => [name, "unsimulated" as const]),
  ),
}; // prettier-ignore

export function readFlags(args: readonly string[]): KubeletFlags | FlagProblem {
  const flags = parseFlags(args, FLAGS);
  if (isFlagProblem(flags)) return flags;
  const labels = (flags.get("node-labels") ?? "").split(",").filter((pair) => pair !== "");
  const nonEmpty = (name: string): string | undefined => flags.get(name) || undefined;
  const flag = (name: string): boolean | undefined => (flags.has(name) ? flags.get(name) === "true" : undefined);
  return {
    config: nonEmpty("config"),
    kubeconfig: nonEmpty("kubeconfig"),
    bootstrapKubeconfig: nonEmpty("bootstrap-kubeconfig"),
    hostnameOverride: nonEmpty("hostname-override"),
    nodeIp: nonEmpty("node-ip"),
    runtimeEndpoint: nonEmpty("container-runtime-endpoint"),
    nodeLabels: Object.fromEntries(labels.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
    maxPods: flags.has("max-pods") ? Number(flags.get("max-pods")) : undefined,
    cgroupDriver: nonEmpty("cgroup-driver"),
    clientCa: nonEmpty("client-ca-file"),
    anonymous: flag("anonymous-auth"),
    tokens: flag("authentication-token-webhook"),
    authorization: nonEmpty("authorization-mode"),
    clusterDns: flags
      .get("cluster-dns")
      ?.split(",")
      .filter((address) => address !== ""),
    clusterDomain: flags.get("cluster-domain"),
    resolvConf: flags.get("resolv-conf"),
    version: flags.get("version") === "true",
    deprecated: [...flags.keys()].flatMap((name) =>
      DEPRECATED[name] === undefined ? [] : [`Flag --${name} ${DEPRECATED[name]}`],
    ),
  };
}

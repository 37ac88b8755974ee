import { attempt, Errno, type Host, parseYamlText } from "../../../host/index.ts";
import { decode, SECOND, type Duration } from "../../../kernel/index.ts";
import { isObject, parseGoDuration, yamlProblem, type YamlProblem } from "../../api/index.ts";

/** What the kubelet's configuration file says, with its defaults (pkg/kubelet/apis/config/v1beta1/defaults.go). */
export interface KubeletSettings {
  readonly staticPodPath: string;
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  readonly resolvConf: string;
  readonly cgroupDriver: string;
  readonly address: string;
  readonly port: number;
  readonly healthzAddress: string;
  readonly healthzPort: number;
  readonly clientCa: string;
  /** Whether who shows nothing of himself is let in, as system:anonymous. */
  readonly anonymous: boolean;
  /** The API server is not asked whose a token is (authentication.webhook.enabled: false). */
  readonly refusesTokens: boolean;
  /** Who decides what somebody may: nobody (`AlwaysAllow`), or the API server (`Webhook`). */
  readonly authorization: string;
  readonly maxPods: number;
  readonly runtimeEndpoint: string;
  readonly enableServer: boolean;
  /** Names, or beginnings of names with a `*`, of sysctls beyond the safe ones that Pods may set. */
  readonly allowedUnsafeSysctls: readonly string[];
  /** How often the node says that it is there, although nothing has changed. */
  readonly statusReportFrequency: Duration;
}

type Kind = "string" | "bool" | "int32" | "[]string" | "duration" | "any";

/** Fields of KubeletConfiguration that have their effect here, or whose values kubeadm writes without one. */
const FIELDS: Readonly<Record<string, Kind>> = {
  apiVersion: "string",
  kind: "string",
  address: "string",
  allowedUnsafeSysctls: "[]string",
  authentication: "any",
  authorization: "any",
  cgroupDriver: "string",
  clusterDNS: "[]string",
  clusterDomain: "string",
  containerRuntimeEndpoint: "string",
  enableServer: "bool",
  healthzBindAddress: "string",
  healthzPort: "int32",
  maxPods: "int32",
  nodeStatusReportFrequency: "duration",
  port: "int32",
  resolvConf: "string",
  rotateCertificates: "bool",
  staticPodPath: "string",
  logging: "any",
};

/** Fields that the real kubelet knows; other values than none are not simulated. */
const KNOWN = new Set([
  "cgroupRoot", "cgroupsPerQOS", "configMapAndSecretChangeDetectionStrategy", "containerLogMaxFiles",
  "containerLogMaxSize", "containerLogMaxWorkers", "containerLogMonitorInterval", "contentType", "cpuCFSQuota", "cpuCFSQuotaPeriod",
  "cpuManagerPolicy", "cpuManagerPolicyOptions", "cpuManagerReconcilePeriod", "crashLoopBackOff", "enableContentionProfiling",
  "enableControllerAttachDetach", "enableDebugFlagsHandler", "enableDebuggingHandlers", "enableProfilingHandler", "enableSystemLogHandler",
  "enableSystemLogQuery", "enforceNodeAllocatable", "eventBurst", "eventRecordQPS", "evictionHard", "evictionMaxPodGracePeriod",
  "evictionMinimumReclaim", "evictionPressureTransitionPeriod", "evictionSoft", "evictionSoftGracePeriod", "failCgroupV1", "failSwapOn",
  "featureGates", "fileCheckFrequency", "hairpinMode", "httpCheckFrequency", "imageGCHighThresholdPercent", "imageGCLowThresholdPercent",
  "imageMaximumGCAge", "imageMinimumGCAge", "imagePullCredentialsVerificationPolicy", "imageServiceEndpoint", "iptablesDropBit",
  "iptablesMasqueradeBit", "kernelMemcgNotification", "kubeAPIBurst", "kubeAPIQPS", "kubeReserved", "kubeReservedCgroup",
  "kubeletCgroups", "localStorageCapacityIsolation", "makeIPTablesUtilChains", "maxOpenFiles", "maxParallelImagePulls",
  "memoryManagerPolicy", "memorySwap", "memoryThrottlingFactor", "mergeDefaultEvictionSettings", "nodeLeaseDurationSeconds",
  "nodeStatusMaxImages", "nodeStatusUpdateFrequency", "oomScoreAdj", "podCIDR", "podLogsDir", "podPidsLimit", "podsPerCore",
  "preloadedImagesVerificationAllowlist", "protectKernelDefaults", "providerID", "qosReserved", "readOnlyPort", "registerNode",
  "registerWithTaints", "registryBurst", "registryPullQPS", "reservedMemory", "reservedSystemCPUs", "runOnce", "runtimeRequestTimeout",
  "seccompDefault", "serializeImagePulls", "serverTLSBootstrap", "showHiddenMetricsForVersion", "shutdownGracePeriod",
  "shutdownGracePeriodByPodPriority", "shutdownGracePeriodCriticalPods", "singleProcessOOMKill", "staticPodURL", "staticPodURLHeader",
  "streamingConnectionIdleTimeout", "syncFrequency", "systemCgroups", "systemReserved", "systemReservedCgroup", "tlsCertFile",
  "tlsCipherSuites", "tlsMinVersion", "tlsPrivateKeyFile", "topologyManagerPolicy", "topologyManagerPolicyOptions",
  "topologyManagerScope", "tracing", "userNamespaces", "volumePluginDir", "volumeStatsAggPeriod",
]); // prettier-ignore

export interface ReadSettings {
  readonly settings: KubeletSettings;
  /** Fields with values that have no effect. */
  readonly unsimulated: readonly string[];
}

/** Reads the file of `--config`. The error is what stands behind `command failed`. */
export function readSettings(host: Host, path: string): ReadSettings | { readonly error: string } {
  const failed = (why: string): { readonly error: string } => ({
    error: `failed to load kubelet config file, path: ${path}, error: failed to load Kubelet config file ${path}, error ${why}`,
  });
  const data = attempt(() => host.files.read(path));
  if (data instanceof Errno) {
    const why = data.code === "ENOENT" ? "no such file or directory" : data.message.toLowerCase();
    return failed(`failed to read kubelet config file ${JSON.stringify(path)}, error: open ${path}: ${why}`);
  }
  const text = decode(data);
  if (text === "") return failed(`kubelet config file ${JSON.stringify(path)} was empty`);
  let document: unknown;
  try {
    document = parseYamlText(text);
  } catch (error) {
    return failed(`failed to decode: yaml: ${yamlProblem(error as YamlProblem)}`);
  }
  if (!isObject(document) || document["kind"] === undefined)
    return failed(
      'failed to decode: couldn\'t get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  if (document["kind"] !== "KubeletConfiguration" || document["apiVersion"] !== "kubelet.config.k8s.io/v1beta1")
    return failed(
      `failed to decode: no kind ${JSON.stringify(document["kind"])} is registered for version ${JSON.stringify(document["apiVersion"])} in scheme "pkg/kubelet/apis/config/scheme/scheme.go:33"`,
    );
  const unsimulated: string[] = [];
  for (const [name, value] of Object.entries(document)) {
    const kind = Object.hasOwn(FIELDS, name) ? FIELDS[name]! : undefined;
    if (kind === undefined && !KNOWN.has(name))
      return failed(`failed to decode: strict decoding error: unknown field "${name}"`);
    if (kind === undefined) {
      if (!isNothing(value)) unsimulated.push(name);
      continue;
    }
    const wrong = wrongType(value, kind);
    if (wrong !== undefined)
      return failed(
        `failed to decode: json: cannot unmarshal ${wrong} into Go struct field KubeletConfiguration.${name} of type ${kind === "duration" ? "v1.Duration" : kind}`,
      );
  }
  return { settings: interpret(document), unsimulated };
}

function interpret(document: Readonly<Record<string, unknown>>): KubeletSettings {
  const text = (name: string, otherwise: string): string => {
    const value = document[name];
    return typeof value === "string" && value !== "" ? value : otherwise;
  };
  const number = (name: string, otherwise: number): number => (document[name] as number | undefined) || otherwise;
  const authentication = isObject(document["authentication"]) ? document["authentication"] : {};
  const x509 = isObject(authentication["x509"]) ? authentication["x509"] : {};
  const anonymous = isObject(authentication["anonymous"]) ? authentication["anonymous"] : {};
  const webhook = isObject(authentication["webhook"]) ? authentication["webhook"] : {};
  const authorization = isObject(document["authorization"]) ? document["authorization"] : {};
  const frequency = parseGoDuration(text("nodeStatusReportFrequency", "0s"));
  return {
    staticPodPath: text("staticPodPath", ""),
    clusterDns: (document["clusterDNS"] as string[] | null | undefined) ?? [],
    clusterDomain: text("clusterDomain", ""),
    resolvConf: document["resolvConf"] === "" ? "" : text("resolvConf", "/etc/resolv.conf"),
    cgroupDriver: text("cgroupDriver", "cgroupfs"),
    address: text("address", "0.0.0.0"),
    port: number("port", 10_250),
    healthzAddress: text("healthzBindAddress", "127.0.0.1"),
    healthzPort: number("healthzPort", 10_248),
    clientCa: typeof x509["clientCAFile"] === "string" ? x509["clientCAFile"] : "",
    anonymous: anonymous["enabled"] === true,
    refusesTokens: webhook["enabled"] === false,
    authorization: (authorization["mode"] as string | undefined) || "Webhook",
    maxPods: number("maxPods", 110),
    runtimeEndpoint: text("containerRuntimeEndpoint", "unix:///run/containerd/containerd.sock"),
    enableServer: document["enableServer"] !== false,
    allowedUnsafeSysctls: (document["allowedUnsafeSysctls"] as string[] | null | undefined) ?? [],
    statusReportFrequency: frequency || 300 * SECOND,
  };
}

/** What kubeadm writes for "use the default". */
function isNothing(value: unknown): boolean {
  if (value === null || value === 0 || value === "" || value === "0s" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function wrongType(value: unknown, kind: Kind): string | undefined {
  if (value === null || kind === "any") return undefined;
  const type = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  if (kind === "[]string")
    return Array.isArray(value) ? (value.every((item) => typeof item === "string") ? undefined : "number") : type;
  if (kind === "string" || kind === "duration") return typeof value === "string" ? undefined : type;
  if (kind === "bool") return typeof value === "boolean" ? undefined : type;
  return typeof value === "number" ? undefined : type;
}

import { parseYamlText } from "../../../host/index.ts";
import { HOUR, SECOND, type Duration } from "../../../kernel/index.ts";
import { parseAddress } from "../../../net/index.ts";
import { parseGoDuration } from "../../api/index.ts";
import { decodeFields, type FieldTypes } from "./config-fields.ts";

export type LocalMode = "ClusterCIDR" | "NodeCIDR" | "BridgeInterface" | "InterfaceNamePrefix";

/** KubeProxyConfiguration with its defaults, as far as it is used: plain data. */
export interface ProxyConfig {
  readonly mode: string;
  /** The file left the mode open. */
  readonly modeDefaulted: boolean;
  readonly kubeconfig: string;
  readonly hostnameOverride: string;
  readonly bindAddress: string;
  readonly bindAddressHardFail: boolean;
  /** `127.0.0.1:10249`; empty: no such server. */
  readonly metricsBindAddress: string;
  readonly healthzBindAddress: string;
  readonly detectLocalMode: LocalMode;
  readonly clusterCIDRs: readonly string[];
  readonly bridgeInterface: string;
  readonly interfaceNamePrefix: string;
  readonly nodePortAddresses: readonly string[];
  readonly localhostNodePorts: boolean;
  readonly masqueradeAll: boolean;
  readonly masqueradeBit: number;
  readonly syncPeriod: Duration;
  readonly minSyncPeriod: Duration;
  readonly conntrack: ConntrackConfig;
  readonly ipvs: IpvsConfig;
  readonly verbosity: number;
}

export interface IpvsConfig {
  /** Empty: rr. */
  readonly scheduler: string;
  readonly excludeCIDRs: readonly string[];
  readonly strictARP: boolean;
  /** 0: the kernel's own is kept. */
  readonly tcpTimeout: Duration;
  readonly tcpFinTimeout: Duration;
  readonly udpTimeout: Duration;
}

export interface ConntrackConfig {
  readonly maxPerCore: number;
  readonly min: number;
  readonly tcpBeLiberal: boolean;
  readonly tcpEstablishedTimeout: Duration;
  readonly tcpCloseWaitTimeout: Duration;
  readonly udpTimeout: Duration;
  readonly udpStreamTimeout: Duration;
}

export type ReadConfig =
  | { readonly config: ProxyConfig; readonly unknown: readonly string[] }
  | { readonly error: string }
  | { readonly unsimulated: string };

const API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";

const CLIENT: FieldTypes = { acceptContentTypes: "string", burst: "int32", contentType: "string", kubeconfig: "string", qps: "float32" }; // prettier-ignore

/** pkg/proxy/apis/config/v1alpha1: names and Go types of the fields. */
const FIELDS: FieldTypes = {
  apiVersion: "string",
  kind: "string",
  bindAddress: "string",
  bindAddressHardFail: "bool",
  clientConnection: CLIENT,
  clusterCIDR: "string",
  configSyncPeriod: "duration",
  conntrack: {
    maxPerCore: "int32",
    min: "int32",
    tcpBeLiberal: "bool",
    tcpCloseWaitTimeout: "duration",
    tcpEstablishedTimeout: "duration",
    udpStreamTimeout: "duration",
    udpTimeout: "duration",
  },
  detectLocal: { bridgeInterface: "string", interfaceNamePrefix: "string" },
  detectLocalMode: "v1alpha1.LocalMode",
  enableProfiling: "bool",
  featureGates: "any",
  healthzBindAddress: "string",
  hostnameOverride: "string",
  iptables: {
    localhostNodePorts: "bool",
    masqueradeAll: "bool",
    masqueradeBit: "int32",
    minSyncPeriod: "duration",
    syncPeriod: "duration",
  },
  ipvs: {
    excludeCIDRs: "[]string",
    minSyncPeriod: "duration",
    scheduler: "string",
    strictARP: "bool",
    syncPeriod: "duration",
    tcpFinTimeout: "duration",
    tcpTimeout: "duration",
    udpTimeout: "duration",
  },
  logging: { flushFrequency: "any", format: "string", options: "any", verbosity: "uint32", vmodule: "any" },
  metricsBindAddress: "string",
  mode: "v1alpha1.ProxyMode",
  nftables: { masqueradeAll: "bool", masqueradeBit: "int32", minSyncPeriod: "duration", syncPeriod: "duration" },
  nodePortAddresses: "[]string",
  oomScoreAdj: "int32",
  portRange: "string",
  showHiddenMetricsForVersion: "string",
  windowsRunAsService: "bool",
  winkernel: {
    enableDSR: "bool",
    forwardHealthCheckVip: "bool",
    networkName: "string",
    rootHnsEndpointName: "string",
    sourceVip: "string",
  },
};

/** Reads a configuration file's text; errors in the words of `failed complete: …` (cmd/kube-proxy/app/options.go loadConfig). */
export function readConfig(text: string): ReadConfig {
  let document: unknown;
  try {
    document = parseYamlText(text);
  } catch (error) {
    return {
      error: `failed to decode: yaml: ${(error as Error).message.split("\n")[0]!.replace(/ at line (\d+).*/, "")}`,
    };
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    return { error: "failed to decode: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }" }; // prettier-ignore
  const object = document as Record<string, unknown>;
  const { kind, apiVersion } = object;
  if (typeof kind !== "string" || kind === "")
    return { error: `failed to decode: Object 'Kind' is missing in '${JSON.stringify(object)}'` };
  if (typeof apiVersion !== "string" || apiVersion === "")
    return { error: `failed to decode: Object 'apiVersion' is missing in '${JSON.stringify(object)}'` };
  if (kind !== "KubeProxyConfiguration" || apiVersion !== API_VERSION)
    return {
      error: `failed to decode: no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/proxy/apis/config/scheme/scheme.go:29"`,
    };
  const decoded = decodeFields("KubeProxyConfiguration", FIELDS, object);
  if (decoded.error !== undefined) return { error: `failed to decode: ${decoded.error}` };
  const gates = Object.keys((object["featureGates"] as object | null | undefined) ?? {});
  if (gates.length > 0) return { unsimulated: `featureGates: ${gates[0]!}` };
  return { config: withDefaults(object), unknown: decoded.unknown };
}

/** pkg/proxy/apis/config/v1alpha1/defaults.go, conversion.go and platformApplyDefaults. `object` has fields of the right types. */
export function withDefaults(object: Record<string, unknown>): ProxyConfig {
  const part = (name: string): Record<string, unknown> => (object[name] ?? {}) as Record<string, unknown>;
  const text = (owner: Record<string, unknown>, name: string): string => (owner[name] as string | undefined) ?? "";
  const flag = (owner: Record<string, unknown>, name: string, otherwise = false): boolean =>
    (owner[name] as boolean | null | undefined) ?? otherwise;
  const count = (owner: Record<string, unknown>, name: string, otherwise: number): number =>
    (owner[name] as number | null | undefined) ?? otherwise;
  /** `zero` stands for a duration of nothing, `missing` for none at all. */
  const span = (owner: Record<string, unknown>, name: string, zero: Duration, missing = zero): Duration => {
    const value = owner[name] as string | null | undefined;
    return value === undefined || value === null ? missing : parseGoDuration(value) || zero;
  };
  const [iptables, ipvs, conntrack, detect] = [part("iptables"), part("ipvs"), part("conntrack"), part("detectLocal")];
  const mode = text(object, "mode") || "iptables";
  const own = mode === "ipvs" ? ipvs : mode === "nftables" ? part("nftables") : iptables;
  // The ipvs mode shares what the iptables section says of masquerading.
  const masquerading = mode === "nftables" ? own : iptables;
  const addresses = (object["nodePortAddresses"] as readonly string[] | null | undefined) ?? [];
  const bindAddress = text(object, "bindAddress") || "0.0.0.0";
  const every = bindAddress.includes(":") ? "::" : "0.0.0.0";
  const self = bindAddress.includes(":") ? "::1" : "127.0.0.1";
  const cidrs = text(object, "clusterCIDR");
  return {
    mode,
    modeDefaulted: text(object, "mode") === "",
    kubeconfig: text(part("clientConnection"), "kubeconfig"),
    hostnameOverride: text(object, "hostnameOverride"),
    bindAddress,
    bindAddressHardFail: flag(object, "bindAddressHardFail"),
    metricsBindAddress: withPort(text(object, "metricsBindAddress") || self, 10_249),
    healthzBindAddress: withPort(text(object, "healthzBindAddress") || every, 10_256),
    detectLocalMode: (text(object, "detectLocalMode") || "ClusterCIDR") as LocalMode,
    clusterCIDRs: cidrs === "" ? [] : cidrs.split(","),
    bridgeInterface: text(detect, "bridgeInterface"),
    interfaceNamePrefix: text(detect, "interfaceNamePrefix"),
    nodePortAddresses: addresses.length === 0 && mode === "nftables" ? ["primary"] : addresses,
    localhostNodePorts: flag(iptables, "localhostNodePorts", true),
    masqueradeAll: flag(masquerading, "masqueradeAll"),
    masqueradeBit: count(masquerading, "masqueradeBit", 14),
    syncPeriod: span(own, "syncPeriod", 30 * SECOND),
    minSyncPeriod: span(own, "minSyncPeriod", mode === "ipvs" ? 0 : SECOND),
    conntrack: {
      maxPerCore: count(conntrack, "maxPerCore", 32 * 1024),
      min: count(conntrack, "min", 128 * 1024),
      tcpBeLiberal: flag(conntrack, "tcpBeLiberal"),
      tcpEstablishedTimeout: span(conntrack, "tcpEstablishedTimeout", 0, 24 * HOUR),
      tcpCloseWaitTimeout: span(conntrack, "tcpCloseWaitTimeout", 0, HOUR),
      udpTimeout: span(conntrack, "udpTimeout", 0),
      udpStreamTimeout: span(conntrack, "udpStreamTimeout", 0),
    },
    ipvs: {
      scheduler: text(ipvs, "scheduler"),
      excludeCIDRs: (ipvs["excludeCIDRs"] as readonly string[] | null | undefined) ?? [],
      strictARP: flag(ipvs, "strictARP"),
      tcpTimeout: span(ipvs, "tcpTimeout", 0),
      tcpFinTimeout: span(ipvs, "tcpFinTimeout", 0),
      udpTimeout: span(ipvs, "udpTimeout", 0),
    },
    verbosity: count(part("logging"), "verbosity", 0),
  };
}

/** proxyutil.AppendPortIfNeeded: for an address alone; anything else is left to validation. */
function withPort(address: string, port: number): string {
  if (parseAddress(address) === undefined) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

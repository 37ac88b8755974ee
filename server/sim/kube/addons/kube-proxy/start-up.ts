import type { DaemonProcess } from "../../../host/index.ts";
import { namespaceOf } from "../../../net/index.ts";
import type { Found } from "../../access/link.ts";
import { Client, goDuration, SeriesRecorder, type Node } from "../../api/index.ts";
import { events } from "../../kinds/index.ts";
import type { ListFailure } from "./api-connection.ts";
import { cleanUpIptables } from "./cleanup.ts";
import { canUseIpvs, setUpIpvs } from "./ipvs/set-up.ts";
import { logLine, logVerbose, versionOf } from "./klog.ts";
import { cleanUpNftables } from "./nftables/settings.ts";
import {
  conntrackTcpLiberal,
  localDetector,
  localhostNodePorts,
  nodePortAddresses,
  setUpConntrack,
  setUpLocalhost,
} from "./platform.ts";
import type { ProxierSettings } from "./proxier.ts";
import type { ProxyRow } from "./row.ts";

/** The addresses of a Node, one of each family, internal ones first (GetNodeHostIPs). */
export function hostIPs({ status }: Node): string[] {
  const of = (type: string): string[] =>
    (status.addresses ?? []).filter((one) => one.type === type).map(({ address }) => address);
  const [first, ...rest] = [...of("InternalIP"), ...of("ExternalIP")];
  if (first === undefined) return [];
  const second = rest.find((ip) => ip.includes(":") !== first.includes(":"));
  return second === undefined ? [first] : [first, second];
}

/** What the start came to: whether connection tracking is liberal, or why it cannot go on. */
type SetUp = { readonly liberal: boolean } | { readonly error: string };

/** The rest of newProxyServer once the node's address is known. */
export function setUp(self: DaemonProcess, row: ProxyRow): SetUp {
  const { config, nodeIP, podCIDRs } = row;
  setUpConntrack(self, config);
  const addresses = nodePortAddresses(config, nodeIP);
  const problem = nodePortProblem(addresses, config.clusterCIDRs);
  if (problem !== undefined) incomplete(self, problem);
  logLine(self, "I", "server.go:254", "kube-proxy running in dual-stack mode", { "primary ipFamily": "IPv4" });
  if (config.clusterCIDRs.length > 0 && config.clusterCIDRs.every((cidr) => cidr.includes(":")))
    incomplete(self, "cluster is IPv4-primary but clusterCIDRs contains only IPv6 addresses");
  if (!localDetector(config, podCIDRs)) {
    const empty = "but no cluster CIDR specified for primary IP family";
    if (config.detectLocalMode === "ClusterCIDR")
      logLine(self, "I", "server_linux.go:388", `Detect-local-mode set to ClusterCIDR, ${empty}`, {
        ipFamily: "IPv4",
        clusterCIDRs: config.clusterCIDRs,
      });
    else
      logLine(self, "I", "server_linux.go:396", "Detect-local-mode set to NodeCIDR, but no PodCIDR defined at node for primary IP family", {
        ipFamily: "IPv4",
        podCIDRs,
      }); // prettier-ignore
  }
  if (config.mode !== "nftables") cleanUpNftables(namespaceOf(self));
  if (config.mode === "ipvs") {
    const error = canUseIpvs(self, row);
    if (error !== undefined) return { error: `can't use the IPVS proxier: ${error}` };
    logLine(self, "I", "server_linux.go:203", "Using ipvs Proxier");
    setUpIpvs(self, row);
    return { liberal: false };
  }
  if (config.mode === "nftables") {
    // platformCleanup: what another mode has left goes.
    cleanUpIptables(namespaceOf(self));
    logLine(self, "I", "server_linux.go:262", "Using nftables Proxier");
    return { liberal: false };
  }
  logLine(self, "I", "server_linux.go:145", "Using iptables Proxier");
  setUpLocalhost(self, config, addresses);
  const liberal = conntrackTcpLiberal(self);
  const mark = `0x${(2 ** config.masqueradeBit).toString(16).padStart(8, "0")}`;
  for (const ipFamily of ["IPv4", "IPv6"]) {
    logVerbose(self, row, "proxier.go:266", "Using iptables mark for masquerade", { ipFamily, mark });
    const [minSyncPeriod, syncPeriod] = [goDuration(config.minSyncPeriod), goDuration(config.syncPeriod)];
    const sync = { ipFamily, minSyncPeriod, syncPeriod, burstSyncs: 2 };
    logVerbose(self, row, "proxier.go:302", "Iptables sync params", sync);
    logVerbose(self, row, "proxier.go:312", "Iptables supports --random-fully", { ipFamily });
  }
  return { liberal };
}

/** What its rules depend on beside Services, as it was found at the start. */
export function proxierSettings({ config, nodeIP, podCIDRs, conntrackTcpLiberal: liberal }: ProxyRow): ProxierSettings {
  const addresses = nodePortAddresses(config, nodeIP);
  return {
    masqueradeAll: config.masqueradeAll,
    detector: localDetector(config, podCIDRs),
    localhostNodePorts: localhostNodePorts(config, addresses),
    nodeIP,
    masqueradeMark: 2 ** config.masqueradeBit,
    nodePortAddresses: addresses,
    conntrackTcpLiberal: liberal,
  };
}

function incomplete(self: DaemonProcess, err: string): void {
  logLine(self, "E", "server.go:245", "Kube-proxy configuration may be incomplete or incorrect", { err });
}

/** checkBadConfig */
function nodePortProblem(addresses: readonly string[], clusterCIDRs: readonly string[]): string | undefined {
  if (addresses.length === 0)
    return "nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. Consider using `--nodeport-addresses primary`";
  const dual = [clusterCIDRs, addresses].some((list) => new Set(list.map((cidr) => cidr.includes(":"))).size === 2);
  const ipv4 = addresses.filter((cidr) => !cidr.includes(":"));
  if (dual && ipv4.length === addresses.length)
    return "cluster appears to be dual-stack but nodePortAddresses contains only IPv4 addresses; NodePort connections will be accepted on all local IPv6 IPs";
  if (ipv4.length === 0)
    return "cluster appears to be IPv4-primary but nodePortAddresses contains only IPv4 addresses; NodePort connections will be accepted on all local IPv4 IPs";
  return undefined;
}

const CONTROLLERS = [
  ["config.go:199", "service config"],
  ["config.go:105", "endpoint slice config"],
  ["config.go:440", "serviceCIDR config"],
  ["config.go:329", "node config"],
] as const;

/** What Run says before it works. */
export function announceReady(self: DaemonProcess): void {
  logLine(self, "I", "server.go:516", "Version info", { version: versionOf(self) });
  logLine(self, "I", "server.go:518", "Golang settings", { GOGC: "", GOMAXPROCS: "", GOTRACEBACK: "" });
  for (const [source, controller] of CONTROLLERS) {
    logLine(self, "I", source, `Starting ${controller} controller`);
    logLine(self, "I", "shared_informer.go:350", "Waiting for caches to sync", { controller });
  }
}

/** The Event that tells of its start. */
export function birthCry(self: DaemonProcess, nodeName: string, found: Found): void {
  if ("error" in found) return;
  const client = new Client(found.cluster.api, { user: found.user, userAgent: `kube-proxy/${versionOf(self)}` });
  const recorder = new SeriesRecorder(client, events, "kube-proxy", `kube-proxy-${self.host.hostname}`);
  const about = { kind: "Node", name: nodeName, uid: nodeName };
  recorder.event(about, "Normal", "Starting", "StartKubeProxy", "");
}

/** client-go's DefaultWatchErrorHandler. */
export function logReflectors(self: DaemonProcess, failures: readonly ListFailure[]): void {
  for (const { type, error } of failures)
    logLine(self, "E", "reflector.go:200", "Failed to watch", {
      err: error,
      logger: "UnhandledError",
      reflector: "k8s.io/client-go/informers/factory.go:160",
      type,
    });
}

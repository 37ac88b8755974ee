import { SECOND } from "../../../kernel/index.ts";
import type { DaemonProcess } from "../../../host/index.ts";
import { namespaceOf, readSysctl, writeSysctl } from "../../../net/index.ts";
import type { ProxyConfig } from "./config.ts";
import { logLine } from "./klog.ts";
import { NodePortAddresses } from "./node-port-addresses.ts";
import { fixedRule } from "./rule.ts";
import type { LocalDetector } from "./service-rules.ts";

/** Sets what connection tracking needs on a node with many connections (cmd/kube-proxy/app/server_linux.go setupConntrack). */
export function setUpConntrack(self: DaemonProcess, { conntrack }: ProxyConfig): void {
  const set = (name: string, value: number): void => {
    const path = `net/netfilter/${name}`;
    const now = readSysctl(namespaceOf(self), path);
    if (!now.ok || now.value === String(value)) return;
    logLine(self, "I", "conntrack.go:121", "Set sysctl", { entry: path, value });
    writeSysctl(namespaceOf(self), path, String(value));
  };
  const max = conntrack.maxPerCore > 0 ? Math.max(conntrack.maxPerCore * self.host.machine.row.cpus, conntrack.min) : 0;
  if (max > 0) {
    set("nf_conntrack_max", max);
    logLine(self, "I", "conntrack.go:60", "Setting nf_conntrack_max", { nfConntrackMax: max });
  }
  const seconds = (name: string, span: number): void => {
    if (span > 0) set(name, Math.floor(span / SECOND));
  };
  seconds("nf_conntrack_tcp_timeout_established", conntrack.tcpEstablishedTimeout);
  seconds("nf_conntrack_tcp_timeout_close_wait", conntrack.tcpCloseWaitTimeout);
  if (conntrack.tcpBeLiberal) set("nf_conntrack_tcp_be_liberal", 1);
  seconds("nf_conntrack_udp_timeout", conntrack.udpTimeout);
  seconds("nf_conntrack_udp_timeout_stream", conntrack.udpStreamTimeout);
}

/** Whether NodePorts answer on 127.0.0.1; the sysctl for it is set (NewProxier). */
export function setUpLocalhost(self: DaemonProcess, config: ProxyConfig, addresses: readonly string[]): boolean {
  if (!localhostNodePorts(config, addresses)) return false;
  logLine(
    self,
    "I",
    "proxier.go:243",
    "Setting route_localnet=1 to allow node-ports on localhost; to change this either disable iptables.localhostNodePorts (--iptables-localhost-nodeports) or set nodePortAddresses (--nodeport-addresses) to filter loopback addresses",
    { ipFamily: "IPv4" },
  );
  const path = "net/ipv4/conf/all/route_localnet";
  const now = readSysctl(namespaceOf(self), path);
  if (now.ok && now.value !== "1") writeSysctl(namespaceOf(self), path, "1");
  return true;
}

export function localhostNodePorts(config: ProxyConfig, addresses: readonly string[]): boolean {
  return config.localhostNodePorts && new NodePortAddresses(addresses).containsLoopback;
}

/** nodePortAddresses with `primary` resolved to the node's own address. */
export function nodePortAddresses({ nodePortAddresses: cidrs }: ProxyConfig, nodeIP: string): readonly string[] {
  if (cidrs.length !== 1 || cidrs[0] !== "primary") return cidrs;
  return nodeIP.startsWith("127.") ? [] : [`${nodeIP}/32`];
}

/** nf_conntrack_tcp_be_liberal as it is when the proxier is made; it looks once. */
export function conntrackTcpLiberal(self: DaemonProcess): boolean {
  const value = readSysctl(namespaceOf(self), "net/netfilter/nf_conntrack_tcp_be_liberal");
  if (!value.ok || value.value === "0") return false;
  logLine(
    self,
    "I",
    "proxier.go:256",
    "nf_conntrack_tcp_be_liberal set, not installing DROP rules for INVALID packets",
    {
      ipFamily: "IPv4",
    },
  );
  return true;
}

/** How local traffic is told from other, for IPv4 (getLocalDetectors); undefined: it is not. */
export function localDetector(config: ProxyConfig, podCIDRs: readonly string[]): LocalDetector | undefined {
  const ipv4 = (cidrs: readonly string[]): string | undefined => cidrs.find((cidr) => !cidr.includes(":"));
  switch (config.detectLocalMode) {
    case "ClusterCIDR":
      return by("-s", ipv4(config.clusterCIDRs));
    case "NodeCIDR":
      return by("-s", ipv4(podCIDRs));
    case "BridgeInterface":
      return by("-i", config.bridgeInterface);
    case "InterfaceNamePrefix":
      return by("-i", `${config.interfaceNamePrefix}+`);
  }
}

function by(option: string, value: string | undefined): LocalDetector | undefined {
  if (value === undefined) return undefined;
  const head = (text: string) => {
    const { matches: _, target: __, ...rest } = fixedRule("nat", text);
    return rest;
  };
  return { local: head(`${option} ${value}`), notLocal: head(`! ${option} ${value}`) };
}

import { decode } from "../../../kernel/index.ts";
import { attempt, Errno, type Daemon, type DaemonProcess } from "../../../host/index.ts";
import { namespaceOf, OTHER_SCHEDULERS } from "../../../net/index.ts";
import { commandFailed, refuseFlags } from "../../components/component.ts";
import { isFlagProblem, listFlag, parseFlags, type Flags, type FlagTable } from "../../components/go-flags.ts";
import { restConfig, tokenFileOf } from "./api-connection.ts";
import { cleanUp } from "./cleanup.ts";
import { readConfig, withDefaults, type ProxyConfig } from "./config.ts";
import { kubeProxiesOf } from "./kube-proxies.ts";
import { logLine, versionOf } from "./klog.ts";
import { validateConfig } from "./validation.ts";

/** cmd/kube-proxy/app/options.go AddFlags. With --config, all but --hostname-override and the logging ones are ignored. */
const FLAGS: FlagTable = {
  "bind-address": "string",
  cleanup: "bool",
  "bind-address-hard-fail": "bool",
  "cluster-cidr": "list",
  config: "string",
  "detect-local-mode": "string",
  "healthz-bind-address": "string",
  "hostname-override": "string",
  "iptables-localhost-nodeports": "bool",
  "iptables-masquerade-bit": "number",
  "iptables-min-sync-period": "duration",
  "iptables-sync-period": "duration",
  "ipvs-exclude-cidrs": "list",
  "ipvs-min-sync-period": "duration",
  "ipvs-scheduler": "string",
  "ipvs-strict-arp": "bool",
  "ipvs-sync-period": "duration",
  "ipvs-tcp-timeout": "duration",
  "ipvs-tcpfin-timeout": "duration",
  "ipvs-udp-timeout": "duration",
  kubeconfig: "string",
  "masquerade-all": "bool",
  "metrics-bind-address": "string",
  "nodeport-addresses": "list",
  "proxy-mode": "string",
  v: "number",
  version: "bool",
  ...Object.fromEntries(
    [
      "config-sync-period", "conntrack-max-per-core", "conntrack-min", "conntrack-tcp-be-liberal",
      "conntrack-tcp-timeout-close-wait", "conntrack-tcp-timeout-established", "conntrack-udp-timeout", "conntrack-udp-timeout-stream",
      "feature-gates", "init-only", "kube-api-burst", "kube-api-content-type",
      "kube-api-qps", "log-flush-frequency", "logging-format", "master", "oom-score-adj", "pod-bridge-interface",
      "pod-interface-name-prefix", "profiling", "proxy-port-range", "show-hidden-metrics-for-version", "vmodule",
      "write-config-to",
    ].map((name) => [name, "unsimulated" as const]),
  ),
}; // prettier-ignore

/** kube-proxy in its iptables, ipvs and nftables modes: keeps the rules of Services on its node. */
export const kubeProxy: Daemon = {
  name: "kube-proxy",
  summary: "the Kubernetes network proxy",
  start(self) {
    const flags = parseFlags(self.argv.slice(1), FLAGS);
    if (isFlagProblem(flags)) return refuseFlags(self, "kube-proxy", flags, "Usage:\n  kube-proxy [flags]");
    if (flags.get("version") === "true") {
      self.log(`Kubernetes ${versionOf(self)}`, 1);
      return self.exit(0);
    }
    const config = complete(self, flags);
    if (!config) return;
    const invalid = validateConfig(config);
    if (invalid !== undefined) return commandFailed(self, `failed validate: ${invalid}`);
    if (flags.get("cleanup") === "true") {
      cleanUp(namespaceOf(self));
      return self.exit(0);
    }
    if (config.mode === "ipvs" && (OTHER_SCHEDULERS as readonly string[]).includes(config.ipvs.scheduler))
      return refuse(self, `ipvs.scheduler: ${config.ipvs.scheduler}`);
    if (config.bindAddress.includes(":")) return refuse(self, `bindAddress: ${config.bindAddress}`);
    const client = restConfig(self, config.kubeconfig);
    if ("error" in client) return commandFailed(self, client.error);
    const nodeName = (config.hostnameOverride || self.host.hostname).trim().toLowerCase();
    const tokenFile = tokenFileOf(self, client);
    const facts = { nodeName, config, client, ...(tokenFile === undefined ? {} : { tokenFile }) };
    kubeProxiesOf(self.host.hosts).started(self, facts);
  },
  stopped: (self) => kubeProxiesOf(self.host.hosts).stopped(self),
};

function refuse(self: DaemonProcess, what: string): void {
  self.log(`drydock: kube-proxy: '${what}' is not simulated`);
  self.exit(64);
}

/** Options.Complete: the configuration of the file, or of the flags. */
function complete(self: DaemonProcess, flags: Flags): ProxyConfig | undefined {
  const path = flags.get("config");
  const read = path === undefined ? fromFlags(flags) : fromFile(self, path);
  if (!read) return undefined;
  const config = flags.has("v") ? { ...read, verbosity: Number(flags.get("v")) } : read;
  if (config.modeDefaulted) logLine(self, "I", "server_linux.go:63", "Using iptables proxy");
  const name = flags.get("hostname-override") ?? "";
  if (name === "") return config;
  if (name.trim() === "") {
    commandFailed(self, "failed complete: empty hostname-override is invalid");
    return undefined;
  }
  return { ...config, hostnameOverride: name.trim().toLowerCase() };
}

function fromFile(self: DaemonProcess, path: string): ProxyConfig | undefined {
  const data = attempt(() => self.host.files.read(path, self));
  if (data instanceof Errno) {
    commandFailed(self, `failed complete: open ${path}: ${data.message.toLowerCase()}`);
    return undefined;
  }
  const read = readConfig(decode(data));
  if ("error" in read) commandFailed(self, `failed complete: ${read.error}`);
  else if ("unsimulated" in read) refuse(self, read.unsimulated);
  else {
    if (read.unknown.length > 0)
      logLine(self, "I", "options.go:374", "Using lenient decoding as strict decoding failed", {
        err: `strict decoding error: ${read.unknown.map((field) => `unknown field "${field}"`).join(", ")}`,
      });
    return read.config;
  }
  return undefined;
}

function fromFlags(flags: Flags): ProxyConfig {
  const boolean = (name: string): boolean | undefined =>
    flags.has(name) ? /^(1|t|true)$/i.test(flags.get(name)!) : undefined;
  const bit = flags.get("iptables-masquerade-bit");
  return withDefaults({
    bindAddress: flags.get("bind-address"),
    bindAddressHardFail: boolean("bind-address-hard-fail"),
    clientConnection: { kubeconfig: flags.get("kubeconfig") },
    clusterCIDR: listFlag(flags, "cluster-cidr").join(","),
    detectLocalMode: flags.get("detect-local-mode"),
    healthzBindAddress: flags.get("healthz-bind-address"),
    iptables: {
      localhostNodePorts: boolean("iptables-localhost-nodeports"),
      masqueradeAll: boolean("masquerade-all"),
      masqueradeBit: bit === undefined ? undefined : Number(bit),
      minSyncPeriod: flags.get("iptables-min-sync-period"),
      syncPeriod: flags.get("iptables-sync-period"),
    },
    ipvs: {
      scheduler: flags.get("ipvs-scheduler"),
      excludeCIDRs: listFlag(flags, "ipvs-exclude-cidrs"),
      strictARP: boolean("ipvs-strict-arp"),
      minSyncPeriod: flags.get("ipvs-min-sync-period"),
      syncPeriod: flags.get("ipvs-sync-period"),
      tcpTimeout: flags.get("ipvs-tcp-timeout"),
      tcpFinTimeout: flags.get("ipvs-tcpfin-timeout"),
      udpTimeout: flags.get("ipvs-udp-timeout"),
    },
    metricsBindAddress: flags.get("metrics-bind-address"),
    mode: flags.get("proxy-mode"),
    nodePortAddresses: listFlag(flags, "nodeport-addresses"),
  });
}

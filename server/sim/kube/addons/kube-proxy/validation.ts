import { parseAddress } from "../../../net/index.ts";
import { fieldMessage, invalid, notSupported, parseCidr, type FieldError } from "../../api/index.ts";
import type { ProxyConfig } from "./config.ts";

const ROOT = "KubeProxyConfiguration";
const MODES = ["iptables", "ipvs", "nftables"];
const LOCAL_MODES = ["BridgeInterface", "ClusterCIDR", "InterfaceNamePrefix", "NodeCIDR", ""];

/** What is wrong with a configuration, in the words of pkg/proxy/apis/config/validation; undefined if nothing is. */
export function validateConfig(config: ProxyConfig): string | undefined {
  const errors: FieldError[] = [];
  const wrong = (field: string, value: string | number, words: string): void =>
    void errors.push(invalid(`${ROOT}.${field}`, value, words));
  if (config.masqueradeBit < 0 || config.masqueradeBit > 31)
    wrong("KubeProxyIPTablesConfiguration.MasqueradeBit", config.masqueradeBit, "must be within the range [0, 31]");
  for (const [name, value] of [
    ["MaxPerCore", config.conntrack.maxPerCore],
    ["Min", config.conntrack.min],
  ] as const)
    if (value < 0) wrong(`KubeProxyLinuxConfiguration.KubeProxyConntrackConfiguration.${name}`, value, "must be greater than or equal to 0"); // prettier-ignore
  if (!MODES.includes(config.mode))
    wrong("Mode.ProxyMode", config.mode, `must be ${MODES.join(", ")} or blank (blank means the best-available proxy [currently iptables])`); // prettier-ignore
  errors.push(...ipvs(config));
  if (config.minSyncPeriod > config.syncPeriod)
    errors.push(
      invalid(`${ROOT}.SyncPeriod`, { go: `v1.Duration{Duration:${config.minSyncPeriod * 1000}}` }, `must be greater than or equal to ${ROOT}.MinSyncPeriod`),
    ); // prettier-ignore
  if (parseAddress(config.bindAddress) === undefined)
    wrong("BindAddress", config.bindAddress, "not a valid textual representation of an IP address");
  errors.push(...hostPort(`${ROOT}.HealthzBindAddress`, config.healthzBindAddress));
  errors.push(...hostPort(`${ROOT}.MetricsBindAddress`, config.metricsBindAddress));
  for (const [at, cidr] of config.nodePortAddresses.entries()) {
    const field = `${ROOT}.NodePortAddresses[${at}]`;
    if (cidr === "primary") {
      if (config.nodePortAddresses.length !== 1)
        errors.push(invalid(field, cidr, "can't use both 'primary' and CIDRs"));
      break;
    }
    if (!parseCidr(cidr)) errors.push(invalid(field, cidr, "must be a valid CIDR"));
  }
  if (!LOCAL_MODES.includes(config.detectLocalMode))
    errors.push(notSupported(`${ROOT}.DetectLocalMode`, config.detectLocalMode, LOCAL_MODES));
  errors.push(...detectLocal(config));
  const messages = [...new Set(errors.map(fieldMessage))];
  if (messages.length === 0) return undefined;
  return messages.length === 1 ? messages[0] : `[${messages.join(", ")}]`;
}

/** validateKubeProxyIPVSConfiguration; a scheduler is tried out later. */
function ipvs({ mode, ipvs: config }: ProxyConfig): FieldError[] {
  if (mode !== "ipvs") return [];
  const parent = `${ROOT}.KubeProxyIPVSConfiguration`;
  const timeouts = [
    ["TCPTimeout", config.tcpTimeout],
    ["TCPFinTimeout", config.tcpFinTimeout],
    ["UDPTimeout", config.udpTimeout],
  ] as const;
  const errors = timeouts.flatMap(([name, value]) =>
    value < 0
      ? [
          invalid(
            `${parent}.${name}`,
            { go: `v1.Duration{Duration:${value * 1000}}` },
            "must be greater than or equal to 0",
          ),
        ]
      : [],
  );
  for (const [at, cidr] of config.excludeCIDRs.entries())
    if (!parseCidr(cidr)) errors.push(invalid(`${parent}.ExcludeCidrs[${at}]`, cidr, "must be a valid CIDR"));
  return errors;
}

function hostPort(field: string, address: string): FieldError[] {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(address);
  if (!match) return [invalid(field, address, "must be IP:port")];
  const [host, port] = [match[1] ?? match[2]!, match[3]!];
  const errors = parseAddress(host) === undefined ? [invalid(field, host, "must be a valid IP")] : [];
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    errors.push(invalid(field, port, "must be a valid port"));
  return errors;
}

function detectLocal(config: ProxyConfig): FieldError[] {
  const parent = `${ROOT}.DetectLocalConfiguration`;
  const empty = (field: string, value: string): FieldError[] =>
    value === "" ? [invalid(`${parent}.${field}`, value, "must not be empty")] : [];
  if (config.detectLocalMode === "BridgeInterface") return empty("InterfaceName", config.bridgeInterface);
  if (config.detectLocalMode === "InterfaceNamePrefix") return empty("InterfacePrefix", config.interfaceNamePrefix);
  const { clusterCIDRs } = config;
  if (config.detectLocalMode !== "ClusterCIDR" || clusterCIDRs.length === 0) return [];
  const field = `${parent}.ClusterCIDRs`;
  const go = `[]string{${clusterCIDRs.map((cidr) => JSON.stringify(cidr)).join(", ")}}`;
  const pair = "must be a either a single CIDR or dual-stack pair of CIDRs (e.g. [10.100.0.0/16, fde4:8dba:82e1::/48]";
  if (clusterCIDRs.length > 2) return [invalid(field, { go }, pair)];
  const errors = clusterCIDRs.flatMap((cidr, at) =>
    parseCidr(cidr)
      ? []
      : [invalid(`${field}[${at}]`, cidr, "must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)")],
  );
  const families = new Set(clusterCIDRs.map((cidr) => cidr.includes(":")));
  if (errors.length === 0 && clusterCIDRs.length === 2 && families.size === 1)
    errors.push(invalid(field, { go }, pair));
  return errors;
}

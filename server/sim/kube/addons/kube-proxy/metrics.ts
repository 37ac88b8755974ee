import { SECOND, type Time } from "../../../kernel/index.ts";
import { account, type Namespace } from "../../../net/index.ts";
import type { Family, ProxyCounts, ProxyRow } from "./row.ts";
import { LOCALHOST_NODE_PORTS_COUNTER } from "./service-rules.ts";
import { INVALID_COUNTER } from "./shared-rules.ts";

type Sample = readonly [labels: string, value: number];

/** The page /metrics: what kube-proxy counts of its own work (pkg/proxy/metrics); Go's and the process's numbers are left out. */
export function metricsPage(row: ProxyRow, ns: Namespace): string {
  const { counts } = row;
  const families: (readonly [name: string, type: "counter" | "gauge", help: string, samples: readonly Sample[]])[] = [
    ["iptables_ct_state_invalid_dropped_packets_total", "counter", "packets dropped by iptables to work around conntrack problems", one(account(ns, INVALID_COUNTER)?.packets ?? 0)],
    ["iptables_localhost_nodeports_accepted_packets_total", "counter", "Number of packets accepted on nodeports of loopback interface", one(account(ns, LOCALHOST_NODE_PORTS_COUNTER)?.packets ?? 0)],
    ["proxy_healthz_total", "counter", "Cumulative proxy healthz HTTP status", byCode(counts.healthz)],
    ["proxy_livez_total", "counter", "Cumulative proxy livez HTTP status", byCode(counts.livez)],
    ["sync_proxy_rules_endpoint_changes_pending", "gauge", "Pending proxy rules Endpoint changes", ipv4(row.changed.length)],
    ["sync_proxy_rules_endpoint_changes_total", "counter", "Cumulative proxy rules Endpoint changes", ipv4(counts.endpointChanges)],
    ["sync_proxy_rules_iptables_last", "gauge", "Number of iptables rules written by kube-proxy in last sync", [...tables("IPv4", counts.filterRules, counts.natRulesLast), ...ipv6Tables(counts)]],
    ["sync_proxy_rules_iptables_partial_restore_failures_total", "counter", "Cumulative proxy iptables partial restore failures", ipv4(counts.partialRestoreFailures)],
    ["sync_proxy_rules_iptables_restore_failures_total", "counter", "Cumulative proxy iptables restore failures", ipv4(counts.restoreFailures)],
    ["sync_proxy_rules_iptables_total", "gauge", "Total number of iptables rules owned by kube-proxy", [...tables("IPv4", counts.filterRules, counts.natRules), ...ipv6Tables(counts)]],
    ["sync_proxy_rules_last_queued_timestamp_seconds", "gauge", "The last time a sync of proxy rules was queued", ipv4(seconds(counts.lastQueued))],
    ["sync_proxy_rules_last_timestamp_seconds", "gauge", "The last time proxy rules were successfully synced", ipv4(seconds(counts.lastSync))],
    ["sync_proxy_rules_no_local_endpoints_total", "gauge", "Number of services with a Local traffic policy and no endpoints", noLocal(counts)],
    ["sync_proxy_rules_service_changes_pending", "gauge", "Pending proxy rules Service changes", ipv4(row.changed.length)],
    ["sync_proxy_rules_service_changes_total", "counter", "Cumulative proxy rules Service changes", ipv4(counts.serviceChanges)],
  ]; // prettier-ignore
  const lines = families.flatMap(([name, type, help, samples]) =>
    samples.length === 0
      ? []
      : [
          `# HELP kubeproxy_${name} [ALPHA] ${help}`,
          `# TYPE kubeproxy_${name} ${type}`,
          ...samples.map(([labels, value]) => `kubeproxy_${name}${labels} ${goFloat(value)}`),
        ],
  );
  return `${lines.join("\n")}\n`;
}

function one(value: number): Sample[] {
  return [["", value]];
}

function ipv4(value: number): Sample[] {
  return [['{ip_family="IPv4"}', value]];
}

function byCode(counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([code, value]) => [`{code="${code}"}`, value]);
}

function tables(family: Family, filter: number, nat: number): Sample[] {
  return [
    [`{ip_family="${family}",table="filter"}`, filter],
    [`{ip_family="${family}",table="nat"}`, nat],
  ];
}

function ipv6Tables({ ipv6 }: ProxyCounts): Sample[] {
  return ipv6 ? tables("IPv6", ipv6.filterRules, ipv6.natRules) : [];
}

function noLocal({ noLocalInternal, noLocalExternal }: ProxyCounts): Sample[] {
  return [
    ['{ip_family="IPv4",traffic_policy="external"}', noLocalExternal],
    ['{ip_family="IPv4",traffic_policy="internal"}', noLocalInternal],
  ];
}

function seconds(time: Time): number {
  return time / SECOND;
}

/** As Prometheus prints numbers: strconv.FormatFloat with 'g' and no exponent below 1e21 … but seconds since 1970 get one. */
function goFloat(value: number): string {
  if (Math.abs(value) < 1e6 || !Number.isFinite(value)) return String(value);
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  return `${digits}e+${exponent.replace("+", "").padStart(2, "0")}`;
}

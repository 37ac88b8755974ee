import type { Pod, PodDnsConfig } from "../../api/index.ts";
import type { DnsConfig } from "../cri/api.ts";

/** What the kubelet knows of names (pkg/kubelet/network/dns). */
export interface DnsSettings {
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The content of the file that resolvConf names; undefined if resolvConf is empty. */
  readonly hostResolver: string | undefined;
}

/** Complaints that become Events of the Pod (DNSConfigForming) or of Pod and node (MissingClusterDNS). */
export interface DnsProblem {
  readonly reason: "DNSConfigForming" | "MissingClusterDNS";
  readonly message: string;
}

const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_LENGTH = 2048;
const MAX_NAME = 253;

/** The resolver settings of a Pod (dns.go GetPodDNS, v1.33). */
export function podDns(
  pod: Pod,
  settings: DnsSettings,
): { readonly dns: DnsConfig; readonly problems: readonly DnsProblem[] } {
  const problems: DnsProblem[] = [];
  let dns = parseResolver(settings.hostResolver ?? "");
  const { dnsPolicy, hostNetwork, dnsConfig } = pod.spec;
  const cluster = dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  if (dnsPolicy === "None") dns = { servers: [], searches: [], options: [] };
  else if (cluster && settings.clusterDns.length > 0)
    dns = {
      servers: settings.clusterDns,
      searches: clusterSearches(pod, settings, dns.searches),
      options: ["ndots:5"],
    };
  else {
    if (cluster)
      problems.push({
        reason: "MissingClusterDNS",
        message:
          'kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.',
      });
    if (settings.hostResolver === undefined) dns = { ...dns, servers: ["127.0.0.1"], searches: ["."] };
  }
  if (dnsConfig) dns = withOwn(dns, dnsConfig);
  return fitted(dns, problems);
}

function clusterSearches({ metadata }: Pod, { clusterDomain }: DnsSettings, host: readonly string[]): string[] {
  if (clusterDomain === "") return [...host];
  const own = [`${metadata.namespace ?? ""}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  return unique([...own, ...host]);
}

/** parseResolvConf: the last `search` and each option count. */
function parseResolver(text: string): DnsConfig {
  const servers: string[] = [];
  let searches: string[] = [];
  const options = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [word = "", ...rest] = line.trim().split(/\s+/);
    if (word === "nameserver" && rest[0] !== undefined) servers.push(rest[0]);
    else if (word === "search") searches = rest.filter((name) => name !== ".").map((name) => name.replace(/\.$/, ""));
    else if (word === "options") for (const option of rest) options.set(option.split(":")[0]!, option);
  }
  return { servers, searches, options: [...options.values()] };
}

function withOwn(dns: DnsConfig, own: PodDnsConfig): DnsConfig {
  const options = new Map(dns.options.map((option) => [option.split(":")[0]!, option]));
  for (const { name = "", value } of own.options ?? []) options.set(name, value ? `${name}:${value}` : name);
  return {
    servers: unique([...dns.servers, ...(own.nameservers ?? [])]),
    searches: unique([...dns.searches, ...(own.searches ?? [])]),
    options: [...options.values()],
  };
}

function fitted(dns: DnsConfig, problems: DnsProblem[]): { dns: DnsConfig; problems: readonly DnsProblem[] } {
  const servers = dns.servers.slice(0, MAX_SERVERS);
  if (servers.length < dns.servers.length)
    problems.push({
      reason: "DNSConfigForming",
      message: `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${servers.join(" ")}`,
    });
  const searches = dns.searches.slice(0, MAX_SEARCHES).filter((name) => name.length <= MAX_NAME);
  while (searches.join(" ").length > MAX_SEARCH_LENGTH) searches.pop();
  if (searches.length < dns.searches.length)
    problems.push({
      reason: "DNSConfigForming",
      message: `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${searches.join(" ")}`,
    });
  return { dns: { servers, searches, options: dns.options }, problems };
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}

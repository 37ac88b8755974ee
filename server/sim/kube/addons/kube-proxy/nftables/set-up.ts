/** What the table's fixed part depends on. */
export interface TableSettings {
  readonly family: "ip" | "ip6";
  /** 0x4000 for bit 14. */
  readonly masqueradeMark: number;
  /** Addresses of the node that take NodePort traffic; undefined: all. */
  readonly nodePortIPs: readonly string[] | undefined;
  readonly serviceCIDRs: readonly string[];
  /** The base chains are made anew, once for each process: their priorities may have been others. */
  readonly first: boolean;
}

/** Base chains: filter chains look at packets before their destination is translated. */
const BASE_CHAINS = [
  ["filter-prerouting", "filter", "prerouting", "-110"],
  ["filter-input", "filter", "input", "-110"],
  ["filter-forward", "filter", "forward", "-110"],
  ["filter-output", "filter", "output", "-110"],
  ["filter-output-post-dnat", "filter", "output", "-90"],
  ["nat-prerouting", "nat", "prerouting", "-100"],
  ["nat-output", "nat", "output", "-100"],
  ["nat-postrouting", "nat", "postrouting", "100"],
] as const;

/** Chains, what jumps to them, and for which packets. */
const JUMPS = [
  ["nodeport-endpoints-check", "filter-input", "ct state new "],
  ["service-endpoints-check", "filter-input", "ct state new "],
  ["service-endpoints-check", "filter-forward", "ct state new "],
  ["service-endpoints-check", "filter-output", "ct state new "],
  ["firewall-check", "filter-prerouting", "ct state new "],
  ["firewall-check", "filter-output", "ct state new "],
  ["services", "nat-output", ""],
  ["services", "nat-prerouting", ""],
  ["masquerading", "nat-postrouting", ""],
  ["cluster-ips-check", "filter-forward", "ct state new "],
  ["cluster-ips-check", "filter-output-post-dnat", "ct state new "],
] as const;

/** Sets and maps whose elements follow the Services. */
export const CONTAINERS = [
  "cluster-ips",
  "service-ips",
  "firewall-ips",
  "no-endpoint-services",
  "no-endpoint-nodeports",
  "service-nodeports",
] as const;

/** The commands that make the table and all that is in it whatever Services there are (setupNFTables). */
export function setUpTable(settings: TableSettings): string[] {
  const { family: ip } = settings;
  const table = `${ip} kube-proxy`;
  const rule = (chain: string, text: string): string => `add rule ${table} ${chain} ${text}`;
  const mark = `0x${settings.masqueradeMark.toString(16).padStart(8, "0")}`;
  const three = `${ip} daddr . meta l4proto . th dport vmap`;
  const chains = [...new Set([...JUMPS.map(([to]) => to), "mark-for-masquerade"])];
  return [
    `add table ${table} { comment "rules for kube-proxy" ; }`,
    ...(settings.first
      ? BASE_CHAINS.flatMap(([name]) => [`add chain ${table} ${name}`, `delete chain ${table} ${name}`])
      : []),
    ...BASE_CHAINS.flatMap(([name, type, hook, priority]) => [
      `add chain ${table} ${name} { type ${type} hook ${hook} priority ${priority} ; }`,
      `flush chain ${table} ${name}`,
    ]),
    ...chains.flatMap((name) => [`add chain ${table} ${name}`, `flush chain ${table} ${name}`]),
    ...JUMPS.map(([to, from, packets]) => rule(from, `${packets}jump ${to}`)),
    rule("mark-for-masquerade", `mark set mark or ${mark}`),
    rule("masquerading", `mark and ${mark} == 0 return`),
    rule("masquerading", `mark set mark xor ${mark}`),
    rule("masquerading", "masquerade fully-random"),
    ...clusterIPs(settings, table),
    ...containers(settings, table),
    rule("reject-chain", "reject"),
    rule("service-endpoints-check", `${three} @no-endpoint-services`),
    rule("nodeport-endpoints-check", `${nodePorts(settings)}meta l4proto . th dport vmap @no-endpoint-nodeports`),
    rule("firewall-check", `${three} @firewall-ips`),
    rule("services", `${three} @service-ips`),
    rule("services", `${settings.nodePortIPs ? "" : "fib daddr type local "}${nodePorts(settings)}meta l4proto . th dport vmap @service-nodeports`), // prettier-ignore
  ];
}

/** Which packets are for NodePorts. */
function nodePorts({ family, nodePortIPs }: TableSettings): string {
  if (nodePortIPs) return `${family} daddr @nodeport-ips `;
  return family === "ip" ? "ip daddr != 127.0.0.0/8 " : "ip6 daddr != ::1 ";
}

function clusterIPs({ family, serviceCIDRs }: TableSettings, table: string): string[] {
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const check = `add rule ${table} cluster-ips-check ${family} daddr`;
  return [
    `add set ${table} cluster-ips { type ${type} ; comment "Active ClusterIPs" ; }`,
    `${check} @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`,
    ...(serviceCIDRs.length > 0
      ? [`${check} { ${serviceCIDRs.join(",")} } drop comment "Drop traffic to unallocated ClusterIPs"`]
      : []),
  ];
}

function containers({ family, nodePortIPs }: TableSettings, table: string): string[] {
  const type = family === "ip" ? "ipv4_addr" : "ipv6_addr";
  const map = (name: string, key: string, comment: string): string =>
    `add map ${table} ${name} { type ${key} . inet_service : verdict ; comment "${comment}" ; }`;
  const three = `${type} . inet_proto`;
  const add = `add set ${table} nodeport-ips { type ${type} ; comment "IPs that accept NodePort traffic" ; }`;
  return [
    add,
    ...(nodePortIPs
      ? [`flush set ${table} nodeport-ips`, ...nodePortIPs.map((ip) => `add element ${table} nodeport-ips { ${ip} }`)]
      : [`delete set ${table} nodeport-ips`]),
    map("no-endpoint-services", three, "vmap to drop or reject packets to services with no endpoints"),
    map("no-endpoint-nodeports", "inet_proto", "vmap to drop or reject packets to service nodeports with no endpoints"),
    `add chain ${table} reject-chain { comment "helper for @no-endpoint-services / @no-endpoint-nodeports" ; }`,
    `flush chain ${table} reject-chain`,
    map("firewall-ips", three, "destinations that are subject to LoadBalancerSourceRanges"),
    map("service-ips", three, "ClusterIP, ExternalIP and LoadBalancer IP traffic"),
    map("service-nodeports", "inet_proto", "NodePort traffic"),
    ...CONTAINERS.map((name) => `flush ${name === "cluster-ips" ? "set" : "map"} ${table} ${name}`),
  ];
}

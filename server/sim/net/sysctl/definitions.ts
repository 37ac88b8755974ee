import { integer, inert, type SysctlDefinition } from "./definition.ts";
import { IPVS_SYSCTLS } from "./ipvs.ts";
import { UNUSED, UNUSED_OF_LINKS, UNUSED_OF_MACHINE } from "./unused.ts";

/** Lines `name ro=value`. */
function readUnused(lines: string, before: string, machineOnly: boolean): [string, SysctlDefinition][] {
  return [...lines.matchAll(/^([^ =\n]+)(?: (ro|wo|secret))?=(.*)$/gm)].map(([, name, mode, value]) => [
    `${before}${name}`,
    {
      ...inert(value!),
      ...(mode === "ro" ? { readOnly: true } : {}),
      ...(mode === "wo" ? { writeOnly: true } : {}),
      ...(mode === "secret" ? { secret: true } : {}),
      ...(machineOnly ? { machineOnly: true } : {}),
    },
  ]);
}

const UNUSED_SYSCTLS = Object.fromEntries([
  ...readUnused(UNUSED, "net/", false),
  ...readUnused(UNUSED_OF_MACHINE, "net/", true),
]);

function unusedOf(folder: string): Readonly<Record<string, SysctlDefinition>> {
  return Object.fromEntries(readUnused(UNUSED_OF_LINKS[folder] ?? "", "", false));
}

function bridge(value: number): SysctlDefinition {
  return { ...integer(value), module: "br_netfilter" };
}

/**
 * What a fresh namespace has below /proc/sys/net, as read on Linux 6.18 (the same in 6.8 where both know the name).
 * Paths of links (`ipv4/conf/DEV/…`) stand in `DEVICE_SYSCTLS`.
 */
export const SYSCTLS: Readonly<Record<string, SysctlDefinition>> = {
  ...UNUSED_SYSCTLS,
  ...IPVS_SYSCTLS,
  "net/nf_conntrack_max": { ...integer(262144), stands: "net/netfilter/nf_conntrack_max", machineOnly: true },
  "net/bridge/bridge-nf-call-arptables": { ...bridge(1), inert: true },
  "net/bridge/bridge-nf-call-ip6tables": { ...bridge(1), inert: true },
  "net/bridge/bridge-nf-call-iptables": bridge(1),
  "net/bridge/bridge-nf-filter-pppoe-tagged": { ...bridge(0), inert: true },
  "net/bridge/bridge-nf-filter-vlan-tagged": { ...bridge(0), inert: true },
  "net/bridge/bridge-nf-pass-vlan-input-dev": { ...bridge(0), inert: true },
  "net/core/optmem_max": inert(131072),
  "net/core/rmem_max": inert(4194304),
  "net/core/somaxconn": integer(4096, 0),
  "net/core/wmem_max": inert(4194304),
  "net/ipv4/fib_multipath_hash_policy": integer(0, 0, 3),
  "net/ipv4/icmp_echo_ignore_all": integer(0, 0, 1),
  "net/ipv4/icmp_echo_ignore_broadcasts": { ...integer(1, 0, 1), inert: true },
  "net/ipv4/icmp_errors_use_inbound_ifaddr": inert(0),
  "net/ipv4/icmp_ratelimit": integer(1000, 0),
  "net/ipv4/icmp_ratemask": integer(6168),
  "net/ipv4/ip_default_ttl": integer(64, 1, 255),
  "net/ipv4/ip_forward": integer(0),
  "net/ipv4/ip_forward_update_priority": inert(1),
  "net/ipv4/ip_forward_use_pmtu": inert(0),
  "net/ipv4/ip_local_port_range": { value: "32768\t60999", type: "range" },
  "net/ipv4/ip_local_reserved_ports": { value: "", type: "text" },
  "net/ipv4/ip_no_pmtu_disc": inert(0),
  "net/ipv4/ip_nonlocal_bind": integer(0, 0, 1),
  "net/ipv4/ip_unprivileged_port_start": integer(1024, 0, 65535),
  "net/ipv4/ping_group_range": { value: "1\t0", type: "range", emptied: "1\t0" },
  "net/ipv4/tcp_congestion_control": { ...inert("cubic"), type: "text" },
  "net/ipv4/tcp_fin_timeout": inert(60),
  "net/ipv4/tcp_keepalive_intvl": inert(75),
  "net/ipv4/tcp_keepalive_probes": inert(9),
  "net/ipv4/tcp_keepalive_time": inert(7200),
  "net/ipv4/tcp_max_syn_backlog": inert(2048),
  "net/ipv4/tcp_max_tw_buckets": inert(131072),
  "net/ipv4/tcp_retries2": inert(15),
  "net/ipv4/tcp_rmem": inert("4096\t131072\t6291456"),
  "net/ipv4/tcp_syn_retries": integer(6, 1, 127),
  "net/ipv4/tcp_syncookies": inert(1),
  "net/ipv4/tcp_tw_reuse": inert(2),
  "net/ipv4/tcp_wmem": inert("4096\t16384\t4194304"),
  "net/ipv6/bindv6only": integer(0, 0, 1),
  "net/ipv6/icmp/echo_ignore_all": integer(0, 0, 1),
  "net/ipv6/ip_nonlocal_bind": integer(0, 0, 1),
  "net/netfilter/nf_conntrack_acct": inert(0),
  "net/netfilter/nf_conntrack_buckets": inert(262144),
  "net/netfilter/nf_conntrack_checksum": inert(1),
  "net/netfilter/nf_conntrack_count": { value: "0", type: "integer", readOnly: true },
  "net/netfilter/nf_conntrack_events": inert(2),
  "net/netfilter/nf_conntrack_expect_max": inert(4096),
  "net/netfilter/nf_conntrack_frag6_high_thresh": inert(4194304),
  "net/netfilter/nf_conntrack_frag6_low_thresh": inert(3145728),
  "net/netfilter/nf_conntrack_frag6_timeout": inert(60),
  "net/netfilter/nf_conntrack_generic_timeout": integer(600),
  "net/netfilter/nf_conntrack_gre_timeout": inert(30),
  "net/netfilter/nf_conntrack_gre_timeout_stream": inert(180),
  "net/netfilter/nf_conntrack_icmp_timeout": integer(30),
  "net/netfilter/nf_conntrack_icmpv6_timeout": integer(30),
  "net/netfilter/nf_conntrack_log_invalid": inert(0),
  "net/netfilter/nf_conntrack_max": integer(262144),
  "net/netfilter/nf_conntrack_tcp_be_liberal": inert(0),
  "net/netfilter/nf_conntrack_tcp_ignore_invalid_rst": inert(0),
  "net/netfilter/nf_conntrack_tcp_loose": integer(1, 0, 1),
  "net/netfilter/nf_conntrack_tcp_max_retrans": inert(3),
  "net/netfilter/nf_conntrack_tcp_timeout_close": integer(10),
  "net/netfilter/nf_conntrack_tcp_timeout_close_wait": integer(60),
  "net/netfilter/nf_conntrack_tcp_timeout_established": integer(432000),
  "net/netfilter/nf_conntrack_tcp_timeout_fin_wait": integer(120),
  "net/netfilter/nf_conntrack_tcp_timeout_last_ack": integer(30),
  "net/netfilter/nf_conntrack_tcp_timeout_max_retrans": inert(300),
  "net/netfilter/nf_conntrack_tcp_timeout_syn_recv": integer(60),
  "net/netfilter/nf_conntrack_tcp_timeout_syn_sent": integer(120),
  "net/netfilter/nf_conntrack_tcp_timeout_time_wait": integer(120),
  "net/netfilter/nf_conntrack_tcp_timeout_unacknowledged": inert(300),
  "net/netfilter/nf_conntrack_timestamp": inert(0),
  "net/netfilter/nf_conntrack_udp_timeout": integer(30),
  "net/netfilter/nf_conntrack_udp_timeout_stream": integer(120),
  "net/netfilter/nf_log_all_netns": { ...integer(0, 0, 1), machineOnly: true },
};

/** Of neighbours: `base_reachable_time` and `retrans_time` are the same in seconds and in hundredths of them. */
const NEIGHBOURS: Readonly<Record<string, SysctlDefinition>> = {
  base_reachable_time: integer(30),
  base_reachable_time_ms: integer(30_000),
  delay_first_probe_time: integer(5),
  gc_stale_time: inert(60),
  mcast_solicit: integer(3),
  retrans_time: integer(100),
  retrans_time_ms: integer(1_000),
  ucast_solicit: integer(3),
};

/** Settings that every link has, below these folders, with `all` and `default` beside them where `all` is true. */
export const DEVICE_SYSCTLS: readonly {
  readonly folder: string;
  readonly all: boolean;
  readonly settings: Readonly<Record<string, SysctlDefinition>>;
}[] = [
  {
    folder: "net/ipv4/conf",
    all: true,
    settings: {
      ...unusedOf("net/ipv4/conf"),
      accept_local: integer(0),
      accept_redirects: integer(1),
      accept_source_route: inert(1),
      arp_accept: integer(0),
      arp_announce: integer(0),
      arp_filter: integer(0),
      arp_ignore: integer(0),
      arp_notify: inert(0),
      bc_forwarding: inert(0),
      forwarding: integer(0),
      ignore_routes_with_linkdown: integer(0),
      log_martians: integer(0),
      mc_forwarding: { ...inert(0), readOnly: true },
      promote_secondaries: integer(0),
      proxy_arp: integer(0),
      route_localnet: integer(0),
      rp_filter: integer(0),
      secure_redirects: integer(1),
      send_redirects: integer(1),
      shared_media: integer(1),
      src_valid_mark: integer(0),
    },
  },
  { folder: "net/ipv4/neigh", all: false, settings: { ...unusedOf("net/ipv4/neigh"), ...NEIGHBOURS } },
  { folder: "net/ipv6/neigh", all: false, settings: { ...unusedOf("net/ipv6/neigh"), ...NEIGHBOURS } },
  {
    folder: "net/ipv6/conf",
    all: true,
    settings: {
      ...unusedOf("net/ipv6/conf"),
      accept_dad: inert(1),
      accept_ra: inert(1),
      accept_redirects: inert(1),
      addr_gen_mode: integer(0, 0, 3),
      autoconf: inert(1),
      dad_transmits: inert(1),
      disable_ipv6: integer(0),
      forwarding: integer(0),
      hop_limit: integer(64, 1, 255),
      keep_addr_on_down: integer(0),
      use_tempaddr: inert(0),
    },
  },
];

export interface SysctlPath {
  readonly definition: SysctlDefinition;
  /** For settings of links: the folder, whose it is (`all`, `default` or a link's name), and which. */
  readonly device?: { readonly folder: string; readonly owner: string; readonly setting: string };
}

const SETTINGS_OF_DEVICES = new Map(DEVICE_SYSCTLS.map(({ folder, settings }) => [folder, settings]));

/** A setting of links, in all of their folders. */
export function deviceSysctl(folder: string, setting: string): SysctlDefinition | undefined {
  return SETTINGS_OF_DEVICES.get(folder)?.[setting];
}

/** What stands at a path below /proc/sys; undefined if nothing does. Whether the owner exists is not checked here. */
export function sysctlAt(path: string): SysctlPath | undefined {
  const definition = SYSCTLS[path];
  if (definition) return { definition };
  for (const { folder, all, settings } of DEVICE_SYSCTLS) {
    if (!path.startsWith(`${folder}/`)) continue;
    const slash = path.lastIndexOf("/");
    const owner = path.slice(folder.length + 1, slash);
    const setting = path.slice(slash + 1);
    if (!settings[setting] || owner === "" || owner.includes("/") || (owner === "all" && !all)) return undefined;
    return { definition: settings[setting], device: { folder, owner, setting } };
  }
  return undefined;
}

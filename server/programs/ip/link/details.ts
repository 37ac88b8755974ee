import {
  bridgePorts,
  isUpper,
  lowerOf,
  uppersOf,
  type BridgeLink,
  type LinkRow,
  type MacvlanLink,
  type TunLink,
  type VxlanLink,
} from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";

/** What `-d` adds to a link (ip/ipaddress.c: print_linkinfo, print_linktype). */
export function printDetails(call: IpCall, link: LinkRow, onlyLink: boolean): void {
  const { printer } = call;
  const number = (key: string, word: string, value: number): void => printer.fact(key, `${word} ${value} `, value);
  const port = link.port ? 1 : 0;
  printer.text(" ");
  number("promiscuity", "promiscuity", port + (link.promisc ? 1 : 0) + watched(call, link));
  printer.text(" ");
  number("allmulti", "allmulti", port + (link.allmulticast ? 1 : 0));
  const [least, most] = mtuBounds(link);
  number("min_mtu", "minmtu", least);
  number("max_mtu", "maxmtu", most);
  printKind(call, link);
  if (onlyLink) {
    const mode = addressMode(call, link);
    printer.fact("inet6_addr_gen_mode", `addrgenmode ${mode} `, mode);
  }
  const queues = queuesOf(call, link);
  number("num_tx_queues", "numtxqueues", queues);
  number("num_rx_queues", "numrxqueues", queues);
  number("gso_max_size", "gso_max_size", 65536);
  number("gso_max_segs", "gso_max_segs", 65535);
  number("tso_max_size", "tso_max_size", segmentSize(call, link));
  number("tso_max_segs", "tso_max_segs", 65535);
  number("gro_max_size", "gro_max_size", 65536);
}

/** A macvlan in mode passthru makes its lower link promiscuous while it is up (macvlan_open). */
function watched(call: IpCall, link: LinkRow): number {
  const takesAll = uppersOf(call.ns, link).some(
    ({ link: upper }) => upper.kind === "macvlan" && upper.mode === "passthru" && upper.up && !upper.nopromisc,
  );
  return takesAll ? 1 : 0;
}

/** What the driver set (dev->min_mtu, dev->max_mtu). */
function mtuBounds(link: LinkRow): readonly [least: number, most: number] {
  if (link.kind === "loopback" || link.kind === "dummy" || link.kind === "ifb") return [0, 0];
  if (link.kind === "vlan") return [0, 65535];
  if (link.kind === "tun" && link.mode === "tap") return [68, 65521];
  return [68, link.kind === "ipip" ? 65515 : 65535];
}

/** Drivers choose their queues: veth and virtio_net one for each processor, a tun of many queues 256. */
function queuesOf(call: IpCall, link: LinkRow): number {
  if (link.kind === "tun" && link.multiQueue) return 256;
  return link.kind === "veth" || link.kind === "physical" ? call.process.machine.row.cpus : 1;
}

/** The largest TCP segment that a driver cuts itself: a tunnel's is that of the link below it. */
function segmentSize(call: IpCall, link: LinkRow): number {
  if (link.kind === "physical" || link.kind === "tun" || link.kind === "ipip") return 65536;
  const below = isUpper(link) ? lowerOf(call.ns, link) : undefined;
  if (below) return segmentSize(call, below.link);
  if (link.kind !== "vxlan") return 524280;
  const lower = link.dev === undefined ? undefined : call.ns.links.get(link.dev);
  return lower ? segmentSize(call, lower) : 65536;
}

const MODES = ["eui64", "none", "stable_secret", "random"];

function addressMode(call: IpCall, link: LinkRow): string {
  const written = call.ns.sysctls.get(`net/ipv6/conf/#${link.index}/addr_gen_mode`);
  return MODES[Number(written ?? 0)] ?? "eui64";
}

/** What `type` names it: cards and lo have none. */
export function kindOf(link: LinkRow): string | undefined {
  if (link.kind === "loopback" || link.kind === "physical") return undefined;
  return link.kind === "bridge" && link.openvswitch ? "openvswitch" : link.kind;
}

function printKind(call: IpCall, link: LinkRow): void {
  const { printer } = call;
  const kind = kindOf(link);
  if (kind === undefined && !link.port) return;
  printer.openObject("linkinfo");
  if (kind !== undefined) {
    printer.newLine();
    printer.fact("info_kind", `    ${kind} `, kind);
    if (kind === "openvswitch") printer.text("");
    else if (link.kind === "bridge") printData(call, "info_data", bridgeFields(call, link));
    else if (link.kind === "vxlan") printVxlan(call, link);
    else printOther(call, link);
  }
  if (link.port) {
    printer.newLine();
    const master = link.master === undefined ? undefined : call.ns.links.get(link.master);
    const slave = master && kindOf(master) === "openvswitch" ? "openvswitch" : "bridge";
    printer.fact("info_slave_kind", `    ${slave}_slave `, slave);
    if (slave === "bridge") printData(call, "info_slave_data", portFields(call, link));
  }
  printer.closeObject();
}

/** Kinds with few facts (ip/iplink_macvlan.c, iplink_vlan.c, link_iptnl.c, iplink_tun.c). */
function printOther(call: IpCall, link: LinkRow): void {
  const { printer } = call;
  const put = (facts: readonly (readonly [words: string, key: string, value: string | number | boolean])[]): void => {
    printer.openObject("info_data");
    for (const [words, key, value] of facts) printer.fact(key, words, value);
    printer.closeObject();
  };
  switch (link.kind) {
    case "macvlan": {
      const used = queueOf(call, link);
      return put([
        [`mode ${link.mode} `, "mode", link.mode],
        ...(link.nopromisc ? ([["nopromisc ", "nopromisc", true]] as const) : []),
        [`bcqueuelen ${link.bcqueuelen} `, "bcqueuelen", link.bcqueuelen],
        [`usedbcqueuelen ${used} `, "usedbcqueuelen", used],
      ]);
    }
    case "vlan": {
      printer.openObject("info_data");
      printer.fact("protocol", `protocol ${link.protocol} `, link.protocol);
      printer.fact("id", `id ${link.id} `, link.id);
      const flags = [...(link.reorderHeader ? ["REORDER_HDR"] : []), ...(link.looseBinding ? ["LOOSE_BINDING"] : [])];
      printer.openArray("flags", "<");
      for (const [at, flag] of flags.entries()) printer.fact(undefined, at === 0 ? flag : `,${flag}`, flag);
      printer.closeArray("> ");
      return printer.closeObject();
    }
    case "ipip": {
      const { remote = "any", local = "any", ttl, dev, pmtudisc } = link;
      const device = dev === undefined ? undefined : call.linkName(dev);
      return put([
        ["ipip ", "proto", "ipip"],
        [`remote ${remote} `, "remote", remote],
        [`local ${local} `, "local", local],
        ...(device === undefined ? [] : ([[`dev ${device} `, "link", device]] as const)),
        [ttl === 0 ? "ttl inherit " : `ttl ${ttl} `, "ttl", ttl],
        [pmtudisc ? "pmtudisc " : "nopmtudisc ", "pmtudisc", pmtudisc],
      ]);
    }
    case "tun":
      return put(tunFacts(call, link));
    default:
  }
}

function tunFacts(call: IpCall, link: TunLink): (readonly [string, string, string | number | boolean])[] {
  const { users } = call.process.host;
  const onOff = (word: string, value: boolean): readonly [string, string, boolean] => [
    `${word} ${value ? "on" : "off"} `,
    word,
    value,
  ];
  const user =
    link.user === undefined ? undefined : (users.all().find(({ uid }) => uid === link.user)?.name ?? link.user);
  const group =
    link.owningGroup === undefined
      ? undefined
      : (users.groups().find(({ gid }) => gid === link.owningGroup)?.name ?? link.owningGroup);
  return [
    [`type ${link.mode} `, "type", link.mode],
    onOff("pi", link.packetInformation),
    onOff("vnet_hdr", link.vnetHeader),
    ...(link.multiQueue
      ? ([
          ["multi_queue ", "multi_queue", true],
          ["numqueues 0 ", "numqueues", 0],
          ["numdisabled 0 ", "numdisabled", 0],
        ] as const)
      : []),
    onOff("persist", true),
    ...(user === undefined ? [] : ([[`user ${user} `, "user", user]] as const)),
    ...(group === undefined ? [] : ([[`group ${group} `, "group", group]] as const)),
  ];
}

/** The broadcast queue is as long as the longest that a macvlan on the link asked for (update_port_bc_queue_len). */
function queueOf(call: IpCall, link: MacvlanLink): number {
  const below = lowerOf(call.ns, link);
  const all = below ? uppersOf(below.ns, below.link) : [];
  return Math.max(...all.map(({ link: upper }) => (upper.kind === "macvlan" ? upper.bcqueuelen : 0)), 0);
}

/** One fact of a kind: its word, its JSON key and its value; `raw` for a number that keeps its digits. */
type Fact = readonly [word: string, key: string, value: string | number | boolean, raw?: "timer"];

function printData({ printer }: IpCall, name: string, facts: readonly Fact[]): void {
  printer.openObject(name);
  for (const [word, key, value, raw] of facts) {
    const shown = typeof value === "boolean" ? (value ? "on" : "off") : String(value);
    if (key !== "") {
      if (raw) printer.field(key, String(value), true);
      else printer.field(key, value);
    }
    printer.text(`${word} ${raw ? shown.padStart(7) : shown} `);
  }
  printer.closeObject();
}

/** The id of a bridge: its priority and its address, without leading zeros. */
export function bridgeId(link: BridgeLink): string {
  return `${(link.priority ?? 32768).toString(16).padStart(4, "0")}.${link.address
    .split(":")
    .map((byte) => Number.parseInt(byte, 16).toString(16))
    .join(":")}`;
}

/** Whether the machine's kernel filters VLANs on bridges: that of the recordings was built without. */
export function filtersVlans({ process }: Pick<IpCall, "process">): boolean {
  return process.machine.row.profile !== "debian12";
}

function bridgeFields(call: IpCall, link: BridgeLink): Fact[] {
  const id = bridgeId(link);
  const vlans = filtersVlans(call);
  const timer = (word: string): Fact => [word, word, "0.00", "timer"];
  const same = (word: string, value: string | number): Fact => [word, word, value];
  return [
    same("forward_delay", link.forwardDelay ?? 1500), same("hello_time", link.helloTime ?? 200), same("max_age", link.maxAge ?? 2000), same("ageing_time", link.ageing * 100),
    same("stp_state", 0), same("priority", link.priority ?? 32768), same("vlan_filtering", 0),
    ...(vlans ? [same("vlan_protocol", "802.1Q")] : []),
    same("bridge_id", id), ["designated_root", "root_id", id], same("root_port", 0), same("root_path_cost", 0),
    same("topology_change", 0), same("topology_change_detected", 0), timer("hello_timer"), timer("tcn_timer"),
    timer("topology_change_timer"), timer("gc_timer"),
    ...(vlans ? [same("vlan_default_pvid", 1), same("vlan_stats_enabled", 0), same("vlan_stats_per_port", 0)] : []),
    ["group_fwd_mask", "group_fwd_mask", "0"], ["group_address", "group_addr", "01:80:c2:00:00:00"],
    same("mcast_snooping", 1), same("no_linklocal_learn", 0), same("mcast_vlan_snooping", 0), same("mcast_router", 1),
    same("mcast_query_use_ifaddr", 0), same("mcast_querier", 0), same("mcast_hash_elasticity", 16),
    same("mcast_hash_max", 4096), ["mcast_last_member_count", "mcast_last_member_cnt", 2],
    ["mcast_startup_query_count", "mcast_startup_query_cnt", 2], ["mcast_last_member_interval", "mcast_last_member_intvl", 100],
    ["mcast_membership_interval", "mcast_membership_intvl", 26000], ["mcast_querier_interval", "mcast_querier_intvl", 25500],
    ["mcast_query_interval", "mcast_query_intvl", 12500],
    ["mcast_query_response_interval", "mcast_query_response_intvl", 1000],
    ["mcast_startup_query_interval", "mcast_startup_query_intvl", 3124], same("mcast_stats_enabled", 0),
    same("mcast_igmp_version", 2), same("mcast_mld_version", 1), same("nf_call_iptables", link.callIptables ? 1 : 0),
    same("nf_call_ip6tables", 0), same("nf_call_arptables", 0),
  ]; // prettier-ignore
}

function portFields(call: IpCall, link: LinkRow): Fact[] {
  const port = link.port!;
  const bridge = call.ns.links.get(link.master!) as BridgeLink;
  const id = bridgeId(bridge);
  const number = bridgePorts(call.ns, bridge.index).find((other) => other.index === link.index)!.port!.number;
  const wire = (port.priority << 10) | number;
  const hex = (value: number): string => `0x${value.toString(16)}`;
  const same = (word: string, value: string | number | boolean): Fact => [word, word, value];
  const timer = (word: string): Fact => [word, word, "0.00", "timer"];
  return [
    same("state", port.state), same("priority", port.priority), same("cost", port.cost), same("hairpin", port.hairpin),
    same("guard", port.guard ?? false), same("root_block", port.rootBlock ?? false), same("fastleave", port.fastLeave ?? false), same("learning", port.learning),
    same("flood", port.flood), ["port_id", "id", hex(wire)], ["port_no", "no", hex(number)],
    ["designated_port", "designated_port", wire], same("designated_cost", 0), ["designated_bridge", "bridge_id", id],
    ["designated_root", "root_id", id], timer("hold_timer"), timer("message_age_timer"), timer("forward_delay_timer"),
    same("topology_change_ack", 0), same("config_pending", 0), same("proxy_arp", false), same("proxy_arp_wifi", false),
    ["mcast_router", "multicast_router", 1], ["mcast_fast_leave", "", port.fastLeave ?? false], same("mcast_flood", port.multicastFlood ?? true),
    same("bcast_flood", port.broadcastFlood ?? true), same("mcast_to_unicast", false), same("neigh_suppress", false),
    ["group_fwd_mask", "group_fwd_mask", "0"], same("group_fwd_mask_str", "0x0"), same("vlan_tunnel", false),
    same("isolated", port.isolated), same("locked", false),
  ]; // prettier-ignore
}

/** ip/iplink_vxlan.c: vxlan_print_opt. */
function printVxlan(call: IpCall, link: VxlanLink): void {
  const { printer } = call;
  printer.openObject("info_data");
  printer.fact("id", `id ${link.id} `, link.id);
  if (link.remote !== undefined) {
    const group = /^(22[4-9]|23\d)\./.test(link.remote) ? "group" : "remote";
    printer.fact(group, `${group} ${link.remote} `, link.remote);
  }
  if (link.local !== undefined) printer.fact("local", `local ${link.local} `, link.local);
  if (link.dev !== undefined) {
    const lower = call.linkName(link.dev);
    printer.fact("link", `dev ${lower} `, lower);
  }
  if (printer.isJson) {
    printer.openObject("port_range");
    printer.field("low", 0);
    printer.field("high", 0);
    printer.closeObject();
  } else printer.text("srcport 0 0 ");
  printer.fact("port", `dstport ${link.dstport} `, link.dstport);
  if (!link.learning) printer.fact("learning", "nolearning ", false);
  else printer.field("learning", true);
  if (link.ttl > 0) printer.fact("ttl", `ttl ${link.ttl} `, link.ttl);
  else printer.fact("ttl", "ttl auto ", 0);
  printer.field("df", "unset");
  printer.fact("ageing", `ageing ${link.ageing} `, link.ageing);
  printer.fact("udp_csum", "udpcsum ", true);
  printer.fact("udp_zero_csum6_tx", "noudp6zerocsumtx ", false);
  printer.fact("udp_zero_csum6_rx", "noudp6zerocsumrx ", false);
  printer.closeObject();
}

import { Exit, notSimulated } from "../exit.ts";
import {
  BOND_USAGE,
  BRIDGE_SLAVE_USAGE,
  BRIDGE_USAGE,
  IPIP_USAGE,
  IPVLAN_USAGE,
  MACVLAN_USAGE,
  VETH_USAGE,
  VLAN_USAGE,
  VRF_USAGE,
  VXLAN_USAGE,
} from "../usage/kinds.ts";
import { LINK_USAGE } from "../usage/link.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";

const USAGES: Readonly<Record<string, string>> = {
  bridge: BRIDGE_USAGE,
  veth: VETH_USAGE,
  vxlan: VXLAN_USAGE,
  bond: BOND_USAGE,
  bridge_slave: BRIDGE_SLAVE_USAGE,
  ipip: IPIP_USAGE,
  ipvlan: IPVLAN_USAGE,
  macvlan: MACVLAN_USAGE,
  vlan: VLAN_USAGE,
  vrf: VRF_USAGE,
  dummy: "Usage: ... dummy\n",
};

/** What `ip link help KIND` prints; undefined for a kind without help of its own. */
export function kindUsage(kind: string): string | undefined {
  return Object.hasOwn(USAGES, kind) ? USAGES[kind] : undefined;
}

/** A kind without options: anything behind it is garbage. */
export function readNothing(kind: string, rest: readonly string[]): void {
  const [word] = rest;
  if (word === undefined) return;
  if (matches(word, "help")) throw new Exit(255, kindUsage(kind) ?? LINK_USAGE);
  throw new Exit(1, `Garbage instead of arguments "${word} ...". Try "ip link help".\n`);
}

export interface BridgeOptions {
  readonly ageing?: number;
  readonly callIptables?: boolean;
  readonly priority?: number;
  readonly forwardDelay?: number;
  readonly helloTime?: number;
  readonly maxAge?: number;
}

/** Options of a bridge that have no effect here, with the value that a bridge has anyway. */
const FIXED: Readonly<Record<string, number | string>> = {
  stp_state: 0,
  group_fwd_mask: 0,
  no_linklocal_learn: 0,
  vlan_filtering: 0,
  vlan_protocol: "802.1Q",
  vlan_default_pvid: 1,
  vlan_stats_enabled: 0,
  vlan_stats_per_port: 0,
  mcast_snooping: 1,
  mcast_vlan_snooping: 0,
  mcast_router: 1,
  mcast_query_use_ifaddr: 0,
  mcast_querier: 0,
  mcast_stats_enabled: 0,
  mcast_igmp_version: 2,
  mcast_mld_version: 1,
  nf_call_ip6tables: 0,
  nf_call_arptables: 0,
};

/** The options of a bridge (ip/iplink_bridge.c: bridge_parse_opt). A value that would change what is not simulated says so. */
export function readBridge(rest: readonly string[]): BridgeOptions {
  const words = new Words(rest);
  const options: { -readonly [K in keyof BridgeOptions]: BridgeOptions[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (matches(word, "ageing_time")) options.ageing = Math.round(number(words.next(), "ageing_time") / 100);
    else if (matches(word, "nf_call_iptables")) options.callIptables = number(words.next(), "nf_call_iptables") !== 0;
    else if (matches(word, "forward_delay")) options.forwardDelay = number(words.next(), "forward_delay");
    else if (matches(word, "hello_time")) options.helloTime = within(number(words.next(), "hello_time"), 100, 1000);
    else if (matches(word, "max_age")) options.maxAge = within(number(words.next(), "max_age"), 600, 4000);
    else if (matches(word, "priority")) {
      const priority = readUnsigned(words.next(), 0xffff);
      if (priority === undefined) throw invalid("invalid priority", words.word);
      options.priority = priority;
    } else if (word === "help") throw new Exit(1, BRIDGE_USAGE);
    else {
      const name = Object.keys(FIXED).find((option) => matches(word, option));
      if (name === undefined) throw new Exit(1, `bridge: unknown command "${word}"?\n${BRIDGE_USAGE}`);
      const value = words.next();
      const wanted = FIXED[name]!;
      if (typeof wanted === "number" ? number(value, name) !== wanted : value.toLowerCase() !== wanted.toLowerCase())
        throw notSimulated("ip", `${name} ${value}`);
    }
  }
  return options;
}

function number(word: string, what: string): number {
  const value = readUnsigned(word);
  if (value === undefined) throw invalid(`invalid ${what}`, word);
  return value;
}

/** The kernel's bounds, in hundredths of a second (br_set_hello_time, br_set_max_age). */
function within(value: number, least: number, most: number): number {
  if (value < least || value > most) throw new Exit(2, "RTNETLINK answers: Numerical result out of range\n");
  return value;
}

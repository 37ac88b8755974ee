import {
  bringDown,
  bringUp,
  flushFdb,
  getLink,
  moveLink,
  renameLink,
  setAddress,
  setDormantMode,
  setLink,
  setMacvlan,
  setMaster,
  setMtu,
  setPort,
  writeSysctl,
  type LinkSettings,
  type Namespace,
} from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { BRIDGE_SLAVE_USAGE, VETH_USAGE } from "../usage/kinds.ts";
import { invalid, matches, readOnOff, readUnsigned, Words } from "../words.ts";
import { readBridge } from "./kinds.ts";
import { readMacvlan } from "./macvlan.ts";
import { readLinkWish, type LinkWish } from "./parse.ts";

/** `ip link set` (ip/iplink.c: iplink_modify; net/core/rtnetlink.c: do_setlink, which also gives the order). */
export function setLinks(call: IpCall, words: readonly string[]): number {
  const wish = readLinkWish(call, words);
  const { device, name } = wish;
  if (wish.index !== undefined && !wish.netns)
    throw new Exit(255, "index can be used only when creating devices or when moving device to another netns.\n");
  if (device === undefined) {
    if (wish.group !== undefined) return setGroup(call, wish, wish.group);
    throw new Exit(255, 'Not enough information: "dev" argument is required.\n');
  }
  const { index } = call.mustFindLink(device);
  if (wish.address !== undefined) checkLength(wish.address);
  const changeKind = wish.kind === undefined ? undefined : kindChange(call.ns, index, wish.kind, wish.rest);
  call.requireAdmin();
  const newName = name === device ? undefined : name;
  if (wish.netns) {
    const moved = talk(moveLink(call.ns, index, wish.netns, newName));
    apply(wish.netns, moved.index, wish);
    return 0;
  }
  apply(call.ns, index, newName === undefined ? wish : { ...wish, rename: newName });
  changeKind?.();
  return 0;
}

/** Without a device, all links of the group are meant (rtnl_group_changelink). */
function setGroup(call: IpCall, { group: _group, ...wish }: LinkWish, group: number): number {
  call.requireAdmin();
  for (const link of call.links()) if (link.group === group) apply(call.ns, link.index, wish);
  return 0;
}

function checkLength(mac: string): void {
  const length = mac.split(":").length;
  if (length !== 6) throw new Exit(1, `Invalid address length ${length} - must be 6 bytes\n`);
}

function apply(ns: Namespace, index: number, wish: LinkWish & { readonly rename?: string }): void {
  if (wish.address !== undefined) talk(setAddress(ns, index, wish.address));
  if (wish.mtu !== undefined) talk(setMtu(ns, index, wish.mtu));
  if (wish.rename !== undefined) talk(renameLink(ns, index, wish.rename));
  const settings: LinkSettings = {
    ...(wish.group === undefined ? {} : { group: wish.group }),
    ...(wish.alias === undefined ? {} : { alias: wish.alias }),
    ...(wish.arp === undefined ? {} : { arp: wish.arp }),
    ...(wish.promisc === undefined ? {} : { promisc: wish.promisc }),
    ...(wish.multicast === undefined ? {} : { multicast: wish.multicast }),
    ...(wish.allmulticast === undefined ? {} : { allmulticast: wish.allmulticast }),
    ...(wish.txqlen === undefined ? {} : { txqlen: wish.txqlen }),
    ...(wish.broadcast === undefined ? {} : { broadcast: wish.broadcast }),
    ...(wish.dynamic === undefined ? {} : { dynamic: wish.dynamic }),
    ...(wish.noTrailers === undefined ? {} : { noTrailers: wish.noTrailers }),
  };
  if (Object.keys(settings).length > 0) talk(setLink(ns, index, settings));
  if (wish.up === true) talk(bringUp(ns, index));
  else if (wish.up === false) bringDown(ns, index);
  if (wish.master !== undefined) talk(setMaster(ns, index, wish.master === 0 ? undefined : wish.master));
  if (wish.dormant !== undefined) setDormantMode(ns, index, wish.dormant);
  if (wish.refused !== undefined) throw new Exit(2, wish.refused);
  if (wish.addressMode !== undefined) {
    const path = `net/ipv6/conf/${getLink(ns, index).name}/addr_gen_mode`;
    talk(writeSysctl(ns, path, String(wish.addressMode)));
  }
}

/** `type KIND …`: what is to change about a link of that kind. */
function kindChange(ns: Namespace, index: number, kind: string, rest: readonly string[]): () => void {
  const link = getLink(ns, index);
  if (kind === "bridge") {
    const options = readBridge(rest);
    return () => {
      // A kind that is not its own, without options, changes nothing.
      if (link.kind !== "bridge" && rest.length === 0) return;
      if (link.kind !== "bridge") throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
      ns.links.set(index, { ...link, ...options });
    };
  }
  if (kind === "bridge_slave") return slaveChange(ns, index, rest);
  if (kind === "macvlan") {
    const options = readMacvlan(rest);
    return () => talk(setMacvlan(ns, index, options));
  }
  if (kind === "veth" && rest.length > 0) throw new Exit(1, VETH_USAGE);
  return () => {
    if (rest.length === 0) return;
    if (link.kind !== kind) throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
    if (rest.length > 0) throw notSimulated("ip", `link set type ${kind}`);
  };
}

/** In iproute2's order, by the name of the field. */
const SWITCHES: readonly (readonly [word: string, field: string])[] = [
  ["hairpin", "hairpin"],
  ["guard", "guard"],
  ["root_block", "rootBlock"],
  ["fastleave", "fastLeave"],
  ["learning", "learning"],
  ["flood", "flood"],
  ["mcast_flood", "multicastFlood"],
  ["bcast_flood", "broadcastFlood"],
  ["isolated", "isolated"],
];

/** By number (BR_STATE_…). */
const PORT_STATES = ["disabled", "listening", "learning", "forwarding", "blocking"];

const UNSIMULATED_OF_PORTS = [
  "proxy_arp", "proxy_arp_wifi", "mcast_router", "mcast_fast_leave", "mcast_to_unicast", "group_fwd_mask",
  "neigh_suppress", "vlan_tunnel", "locked", "backup_port", "nobackup_port",
]; // prettier-ignore

/** A port of a bridge (ip/iplink_bridge_slave.c). */
function slaveChange(ns: Namespace, index: number, rest: readonly string[]): () => void {
  const change: Record<string, boolean | number | string> = {};
  const words = new Words(rest);
  let flush = false;
  let refused = false;
  for (; !words.done; words.step()) {
    const { word } = words;
    const found = SWITCHES.find(([name]) => matches(word, name));
    if (matches(word, "fdb_flush")) flush = true;
    else if (matches(word, "state")) {
      const state = readUnsigned(words.next(), 255);
      if (state === undefined) throw invalid("state is invalid", words.word);
      if (PORT_STATES[state] === undefined) refused = true;
      else change["state"] = PORT_STATES[state];
    } else if (found) change[found[1]] = readOnOff(found[0], words.next());
    else if (matches(word, "priority") || matches(word, "cost")) {
      const what = matches(word, "priority") ? "priority" : "cost";
      const value = readUnsigned(words.next());
      if (value === undefined) throw invalid(`${what} is invalid`, words.word);
      change[what] = value;
    } else if (UNSIMULATED_OF_PORTS.some((name) => matches(word, name)))
      throw notSimulated("ip", `bridge_slave ${word}`);
    else if (matches(word, "help")) throw new Exit(1, BRIDGE_SLAVE_USAGE);
    else throw new Exit(1, `bridge_slave: unknown option "${word}"?\n${BRIDGE_SLAVE_USAGE}`);
  }
  return () => {
    if (!getLink(ns, index).port) throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
    if (refused) throw new Exit(2, "RTNETLINK answers: Invalid argument\n");
    if (flush) flushFdb(ns, index, { learnedOnly: true });
    talk(setPort(ns, index, change));
  };
}

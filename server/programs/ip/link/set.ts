import {
  bringDown,
  bringUp,
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
import { VETH_USAGE } from "../usage/kinds.ts";
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

const SWITCHES = ["hairpin", "learning", "flood", "isolated"] as const;

/** A port of a bridge (ip/iplink_bridge_slave.c). */
function slaveChange(ns: Namespace, index: number, rest: readonly string[]): () => void {
  const change: Record<string, boolean | number> = {};
  const words = new Words(rest);
  for (; !words.done; words.step()) {
    const name = SWITCHES.find((one) => matches(words.word, one));
    if (name !== undefined) change[name] = readOnOff(name, words.next());
    else if (words.word === "priority" || words.word === "cost") {
      const what = words.word;
      const value = readUnsigned(words.next());
      if (value === undefined) throw invalid(`${what} is invalid`, words.word);
      change[what] = value;
    } else throw notSimulated("ip", `bridge_slave ${words.word}`);
  }
  return () => {
    if (!getLink(ns, index).port) throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
    talk(setPort(ns, index, change));
  };
}

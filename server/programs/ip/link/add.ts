import { bringUp, createLink, setLink, setMaster, type LinkSpec } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { VETH_USAGE } from "../usage/kinds.ts";
import { duplicate } from "../words.ts";
import { readIpip } from "./ipip.ts";
import { readBridge, readNothing } from "./kinds.ts";
import { readMacvlan } from "./macvlan.ts";
import { readLinkWish, type LinkWish } from "./parse.ts";
import { readVlan } from "./vlan.ts";
import { readVxlan, VXLAN_WARNING } from "./vxlan.ts";

/** Kinds of links that Linux has and this simulation has not. */
const UNSIMULATED = new Set(
  (
    "amt bareudp batadv bond can erspan geneve gre gretap gtp hsr ip6erspan ip6gre ip6gretap ip6tnl ipoib ipvlan " +
    "ipvtap macsec macvtap netdevsim netkit nlmon ovpn rmnet sit team vcan virt_wifi vrf vti vti6 vxcan " +
    "wireguard wwan xfrm"
  ).split(" "),
);

/** `ip link add` (ip/iplink.c: iplink_modify). */
export async function addLink(call: IpCall, words: readonly string[]): Promise<number> {
  const wish = readLinkWish(call, words);
  const { kind } = wish;
  if (wish.name !== wish.device) throw new Exit(255, 'both "name" and "dev" cannot be used when creating devices.\n');
  const lower = wish.link === undefined ? undefined : call.mustFindLink(wish.link);
  if (kind === undefined) throw new Exit(1, 'Not enough information: "type" argument is required\n');
  if (UNSIMULATED.has(kind)) throw notSimulated("ip", `link add type ${kind}`);
  const { spec, warning } = specOf(call, wish, kind, lower?.index);
  if (warning !== undefined) await call.warn(warning);
  call.requireAdmin();
  const there = wish.netns ?? call.ns;
  const made = talk(createLink(there, spec, call.ns));
  finish(there, made.index, wish);
  return 0;
}

interface Spec {
  readonly spec: LinkSpec;
  /** Said although all is well. */
  readonly warning?: string;
}

function specOf(call: IpCall, wish: LinkWish, kind: string, lower: number | undefined): Spec {
  const common = commonSpec(wish);
  const dev = lower === undefined ? {} : { dev: lower };
  switch (kind) {
    case "veth":
      return { spec: { ...common, kind: "veth", ...readPeer(call, wish.rest) } };
    case "bridge":
      return { spec: { ...common, kind: "bridge", ...readBridge(wish.rest) } };
    case "dummy":
      readNothing("dummy", wish.rest);
      return { spec: { ...common, kind: "dummy" } };
    case "ifb":
      // Without a parser of its own, iproute2 hands words behind the kind to nobody.
      return { spec: { ...common, kind: "ifb" } };
    case "macvlan":
      return { spec: { ...common, ...dev, kind: "macvlan", ...readMacvlan(wish.rest) } };
    case "vlan":
      return { spec: { ...common, ...dev, kind: "vlan", ...readVlan(wish.rest) } };
    case "ipip":
      return { spec: { ...common, kind: "ipip", ...readIpip(call, wish.rest) } };
    case "tun":
      throw new Exit(2, "Error: tun/tap creation via rtnetlink is not supported.\n");
    case "vxlan": {
      const options = readVxlan(call, wish.rest);
      const spec: LinkSpec = { ...common, kind: "vxlan", ...options };
      return options.id !== undefined && options.dstport === undefined ? { spec, warning: VXLAN_WARNING } : { spec };
    }
    default:
      readNothing(kind, wish.rest);
      throw new Exit(2, "Error: Unknown device type.\n");
  }
}

function commonSpec(wish: LinkWish) {
  return {
    ...(wish.name === undefined ? {} : { name: wish.name }),
    ...(wish.index === undefined ? {} : { index: wish.index }),
    ...(wish.address === undefined ? {} : { address: wish.address }),
    ...(wish.mtu === undefined ? {} : { mtu: wish.mtu }),
    ...(wish.txqlen === undefined ? {} : { txqlen: wish.txqlen }),
  };
}

/** `peer name veth1 netns red …` (ip/link_veth.c). */
function readPeer(call: IpCall, rest: readonly string[]) {
  if (rest.length === 0) return {};
  if (rest[0] !== "peer") {
    call.printer.text(VETH_USAGE);
    throw new Exit(1);
  }
  const peer = readLinkWish(call, rest.slice(1));
  if (peer.kind !== undefined) throw duplicate("type", peer.kind);
  return { peer: { ...commonSpec(peer), ...(peer.netns ? { namespace: peer.netns.id } : {}) } };
}

/** What the kernel sets once the link is there (rtnl_configure_link, do_set_master). */
function finish(ns: IpCall["ns"], index: number, wish: LinkWish): void {
  const settings = {
    ...(wish.group === undefined ? {} : { group: wish.group }),
    ...(wish.alias === undefined ? {} : { alias: wish.alias }),
    ...(wish.arp === undefined ? {} : { arp: wish.arp }),
    ...(wish.promisc === undefined ? {} : { promisc: wish.promisc }),
    ...(wish.multicast === undefined ? {} : { multicast: wish.multicast }),
    ...(wish.allmulticast === undefined ? {} : { allmulticast: wish.allmulticast }),
  };
  if (Object.keys(settings).length > 0) talk(setLink(ns, index, settings));
  if (wish.up) talk(bringUp(ns, index));
  if (wish.master !== undefined && wish.master > 0) talk(setMaster(ns, index, wish.master));
}

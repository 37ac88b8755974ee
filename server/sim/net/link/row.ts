import type { Mac } from "../mac.ts";

/** RFC 2863 states as the kernel keeps them. Tools see DOWN for a link that is not up, whatever is kept. */
export type OperState = "UNKNOWN" | "UP" | "DOWN" | "LOWERLAYERDOWN" | "DORMANT";

/** A link of another (or the same) namespace. */
export interface LinkReference {
  readonly namespace: string;
  readonly index: number;
}

/** A link as port of a bridge (struct net_bridge_port). */
export interface BridgePort {
  /** Port number within the bridge: the order in which it floods. */
  readonly number: number;
  readonly state: "disabled" | "forwarding" | "learning" | "listening" | "blocking";
  readonly priority: number;
  readonly cost: number;
  readonly hairpin: boolean;
  readonly learning: boolean;
  readonly flood: boolean;
  readonly isolated: boolean;
  /** Sends unknown broadcasts and multicasts on to this port; where missing it does. */
  readonly broadcastFlood?: boolean;
  readonly multicastFlood?: boolean;
  /** What matters only to spanning trees and multicast groups, which bridges here have none of. */
  readonly guard?: boolean;
  readonly rootBlock?: boolean;
  readonly fastLeave?: boolean;
}

interface LinkBase {
  readonly index: number;
  readonly name: string;
  readonly address: Mac;
  readonly mtu: number;
  /** IFF_UP: what `ip link set up` sets. */
  readonly up: boolean;
  readonly carrier: boolean;
  readonly operstate: OperState;
  /** A queueing discipline was attached when the link first came up in this namespace; `noop` until then. */
  readonly activated: boolean;
  /** The address was given, not drawn: a bridge keeps such an address whatever its ports have. */
  readonly addressSet: boolean;
  readonly mtuSet: boolean;
  readonly txqlen: number;
  readonly promisc: boolean;
  readonly allmulticast: boolean;
  readonly multicast: boolean;
  readonly arp: boolean;
  readonly alias?: string;
  readonly group: number;
  /** Other names that it answers to (`ip link property add … altname`). */
  readonly altnames?: readonly string[];
  /** Links that stand on this one (macvlan, vlan), in any namespace: kept with their `lower`. */
  readonly uppers?: readonly LinkReference[];
  /** Broadcast address, where it is not all ones. */
  readonly broadcast?: Mac;
  /** IFF_DYNAMIC and IFF_NOTRAILERS, which `ip link set dynamic|trailers` changes and nothing looks at. */
  readonly dynamic?: boolean;
  readonly noTrailers?: boolean;
  /** IF_LINK_MODE_DORMANT: a link with a carrier waits for a program's word before it is up. */
  readonly dormant?: boolean;
  /** The bridge (by index) that this link is a port of, and how. */
  readonly master?: number;
  readonly port?: BridgePort;
}

export interface LoopbackLink extends LinkBase {
  readonly kind: "loopback";
}

/** A network card, plugged into a LAN segment, or into nothing. */
export interface PhysicalLink extends LinkBase {
  readonly kind: "physical";
  readonly segment?: string;
}

export interface VethLink extends LinkBase {
  readonly kind: "veth";
  readonly peer: LinkReference;
}

export interface BridgeLink extends LinkBase {
  readonly kind: "bridge";
  /** Seconds after which a learned address is forgotten. */
  readonly ageing: number;
  /** Of its id; and the timers of a spanning tree that is off, in hundredths of a second. */
  readonly priority?: number;
  readonly forwardDelay?: number;
  readonly helloTime?: number;
  readonly maxAge?: number;
  /** `nf_call_iptables` of this bridge alone; the sysctl asks for all of the namespace. */
  readonly callIptables: boolean;
  /** A datapath of Open vSwitch whose flows forward as a bridge does that learns; iptables does not see what crosses it. */
  readonly openvswitch?: boolean;
}

export interface VxlanLink extends LinkBase {
  readonly kind: "vxlan";
  readonly id: number;
  readonly local?: string;
  /** Where unknown and broadcast frames go besides the all-zeros fdb entries. */
  readonly remote?: string;
  /** Index of the link that carries the outer packets, if it is given. */
  readonly dev?: number;
  readonly dstport: number;
  readonly learning: boolean;
  readonly ttl: number;
  readonly ageing: number;
  /** The namespace that carries the outer packets, where the link was moved out of it. */
  readonly underlay?: string;
}

export interface DummyLink extends LinkBase {
  readonly kind: "dummy";
}

/** Hands to `tc` what comes in elsewhere: without tc's rules it drops everything. */
export interface IfbLink extends LinkBase {
  readonly kind: "ifb";
}

export type MacvlanMode = "private" | "vepa" | "bridge" | "passthru" | "source";

/** A second card with an address of its own on a link (drivers/net/macvlan.c). */
export interface MacvlanLink extends LinkBase {
  readonly kind: "macvlan";
  readonly lower: LinkReference;
  readonly mode: MacvlanMode;
  /** Asked for; the queue that broadcasts pass is as long as the longest of all on the lower link. */
  readonly bcqueuelen: number;
  /** Passthru: what the lower link was called before. */
  readonly lowerAddress?: Mac;
  /** `nopromisc`, only with passthru. */
  readonly nopromisc?: boolean;
}

/** 802.1Q: frames with this tag on the lower link (net/8021q). */
export interface VlanLink extends LinkBase {
  readonly kind: "vlan";
  readonly lower: LinkReference;
  readonly id: number;
  readonly protocol: "802.1Q" | "802.1ad";
  readonly reorderHeader: boolean;
  /** Does not follow the lower link up and down. */
  readonly looseBinding: boolean;
}

/** IPv4 in IPv4 (net/ipv4/ipip.c). */
export interface IpipLink extends LinkBase {
  readonly kind: "ipip";
  readonly local?: string;
  /** Without it, the route of the inner packet says by its gateway where the other end is. */
  readonly remote?: string;
  readonly dev?: number;
  /** 0: that of the packet inside. */
  readonly ttl: number;
  readonly pmtudisc: boolean;
}

/** A link whose other end is a program; without one it has no carrier (drivers/net/tun.c). */
export interface TunLink extends LinkBase {
  readonly kind: "tun";
  readonly mode: "tun" | "tap";
  readonly packetInformation: boolean;
  readonly vnetHeader: boolean;
  readonly multiQueue: boolean;
  readonly user?: number;
  readonly owningGroup?: number;
}

/** Code that switches on `kind` is checked to be complete. */
export type LinkRow =
  | LoopbackLink
  | PhysicalLink
  | VethLink
  | BridgeLink
  | VxlanLink
  | DummyLink
  | IfbLink
  | MacvlanLink
  | VlanLink
  | IpipLink
  | TunLink;

/** A link that stands on another one. */
export type UpperLink = MacvlanLink | VlanLink;

export function isUpper(link: LinkRow): link is UpperLink {
  return link.kind === "macvlan" || link.kind === "vlan";
}

/** Without Ethernet headers: its packets are bare IP, and nobody is asked for an address. */
export function isBare(link: LinkRow): boolean {
  return link.kind === "ipip" || (link.kind === "tun" && link.mode === "tun");
}

/** The fields that every kind of link starts with. */
export function linkDefaults(name: string, index: number, address: Mac, mtu: number): LinkBase {
  return {
    index,
    name,
    address,
    mtu,
    up: false,
    carrier: true,
    operstate: "UNKNOWN",
    activated: false,
    addressSet: false,
    mtuSet: false,
    txqlen: 1000,
    promisc: false,
    allmulticast: false,
    multicast: true,
    arp: true,
    group: 0,
  };
}

/** Linux counts a link usable if it is up and its operational state is UP or UNKNOWN (netif_oper_up). */
export function isOperUp(link: LinkRow): boolean {
  return link.up && (link.operstate === "UP" || link.operstate === "UNKNOWN");
}

/** The operational state that tools are told. */
export function shownOperState(link: LinkRow): OperState {
  if (link.kind === "bridge" && link.openvswitch && link.up) return "UNKNOWN";
  return link.up ? link.operstate : "DOWN";
}

/** The queueing discipline's name, as `ip link` prints it. */
export function qdisc(link: LinkRow): string {
  if (!link.activated) return "noop";
  if (link.kind === "tun" || link.kind === "ifb") return "pfifo_fast";
  return link.kind === "physical" ? "fq_codel" : "noqueue";
}

/** Flags in iproute2's order of printing, without those that it derives itself (NO-CARRIER, M-DOWN). */
export function linkFlags(link: LinkRow): string[] {
  const flags: string[] = [];
  if (link.kind === "loopback") flags.push("LOOPBACK");
  // ip_tunnel_bind_dev: a tunnel to whoever a route names has no one point at its other end.
  else if (isBare(link)) flags.push(...(link.kind === "ipip" && link.remote === undefined ? [] : ["POINTOPOINT"]));
  else flags.push("BROADCAST");
  if (link.kind !== "loopback" && link.multicast) flags.push("MULTICAST");
  if (!link.arp) flags.push("NOARP");
  if (link.allmulticast) flags.push("ALLMULTI");
  if (link.promisc) flags.push("PROMISC");
  if (link.dynamic) flags.push("DYNAMIC");
  if (link.noTrailers) flags.push("NOTRAILERS");
  if (link.up) flags.push("UP");
  if (link.up && link.carrier) flags.push("LOWER_UP");
  return flags;
}

/** IFF_RUNNING; where it is missing on a link that is up, `ip` prints NO-CARRIER. */
export function isRunning(link: LinkRow): boolean {
  return isOperUp(link);
}

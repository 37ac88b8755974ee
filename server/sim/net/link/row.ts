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
  /** `nf_call_iptables` of this bridge alone; the sysctl asks for all of the namespace. */
  readonly callIptables: boolean;
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
}

export interface DummyLink extends LinkBase {
  readonly kind: "dummy";
}

/** Kinds still to come (vlan, macvlan, ipip) join this union; code that switches on `kind` is checked to be complete. */
export type LinkRow = LoopbackLink | PhysicalLink | VethLink | BridgeLink | VxlanLink | DummyLink;

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
  return link.up ? link.operstate : "DOWN";
}

/** The queueing discipline's name, as `ip link` prints it. */
export function qdisc(link: LinkRow): string {
  if (!link.activated) return "noop";
  return link.kind === "physical" ? "fq_codel" : "noqueue";
}

/** Flags in iproute2's order of printing, without those that it derives itself (NO-CARRIER, M-DOWN). */
export function linkFlags(link: LinkRow): string[] {
  const flags: string[] = [];
  if (link.kind === "loopback") flags.push("LOOPBACK");
  else flags.push("BROADCAST");
  if (link.kind !== "loopback" && link.multicast) flags.push("MULTICAST");
  if (!link.arp) flags.push("NOARP");
  if (link.allmulticast) flags.push("ALLMULTI");
  if (link.promisc) flags.push("PROMISC");
  if (link.up) flags.push("UP");
  if (link.up && link.carrier) flags.push("LOWER_UP");
  return flags;
}

/** IFF_RUNNING; where it is missing on a link that is up, `ip` prints NO-CARRIER. */
export function isRunning(link: LinkRow): boolean {
  return isOperUp(link);
}

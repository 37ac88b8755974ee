import {
  isBare,
  isRunning,
  isUpper,
  linkFlags,
  qdisc,
  shownOperState,
  type IpipLink,
  type LinkRow,
} from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import type { Color } from "../printer.ts";
import { printDetails } from "./details.ts";
import { printStatistics } from "./statistics.ts";

/** How much of a link is shown: `ip link`, `ip addr`, or an address family's own view of it. */
export interface InfoOptions {
  /** `ip link` rather than `ip addr`. */
  readonly link: boolean;
  /** `ip -4 addr` and `ip -6 addr`: without the link-layer line. */
  readonly family: 4 | 6 | undefined;
  /** Without the length of the queue, as `ip monitor` shows it (filter.showqueue). */
  readonly withoutQueue?: true;
}

/** The lines of one link (ip/ipaddress.c: print_linkinfo). */
export function printLink(call: IpCall, link: LinkRow, { link: onlyLink, family, withoutQueue }: InfoOptions): void {
  const { printer, options } = call;
  printer.fact("ifindex", `${link.index}: `, link.index);
  const down = printName(call, link, (name) => `${name}: `);
  printFlags(call, link, down, "> ");
  printer.fact("mtu", `mtu ${link.mtu} `, link.mtu);
  // The kernel's IPv6 view of links has neither queueing discipline nor group (inet6_fill_ifinfo).
  if (family !== 6) printer.fact("qdisc", `qdisc ${qdisc(link)} `, qdisc(link));
  if (link.master !== undefined && family !== 6) {
    const master = call.linkName(link.master);
    printer.fact("master", `master ${master} `, master);
  }
  printOperState(call, link);
  const mode = link.dormant ? "DORMANT" : "DEFAULT";
  if (onlyLink) printer.fact("linkmode", `mode ${mode} `, mode);
  if (family !== 6) {
    const group = call.names.groups.name(link.group);
    printer.fact("group", `group ${group} `, group);
  }
  if (!withoutQueue) printer.fact("txqlen", `qlen ${link.txqlen}`, link.txqlen);
  if (family === undefined || options.details) printLinkLayer(call, link);
  if (family !== 6) printPeerNamespace(call, link);
  if (options.details) printDetails(call, link, onlyLink);
  if ((onlyLink || options.details) && link.alias !== undefined) {
    printer.newLine();
    printer.fact("ifalias", `    alias ${link.alias}`, link.alias);
  }
  if (onlyLink && options.stats > 0) {
    printer.newLine();
    printStatistics(call, link);
  }
  printAltnames(call, link);
  printer.text("\n");
}

/** In text a line for each. */
function printAltnames({ printer }: IpCall, link: LinkRow): void {
  if (!link.altnames) return;
  printer.openArray("altnames");
  for (const name of link.altnames) {
    printer.newLine();
    printer.fact(undefined, `    altname ${name}`, name);
  }
  printer.closeArray();
}

/** The one line of `-br` (print_linkinfo_brief). */
export function printBriefLink(call: IpCall, link: LinkRow, onlyLink: boolean): void {
  const { printer } = call;
  const down = printName(call, link, (name) => `${name.padEnd(16)} `);
  printOperState(call, link);
  if (!onlyLink) return;
  const address = link.kind === "ipip" ? (link.local ?? "0.0.0.0") : link.address;
  if (address === "") printer.text(" ".repeat(17) + " ");
  else printer.fact("address", `${address} `, address, "mac");
  printFlags(call, link, down, "> ");
  printer.text("\n");
}

/** `eth0@if12`. True if the other end is in this namespace and down (print_name_and_link). */
export function printName(call: IpCall, link: LinkRow, words: (name: string) => string): boolean {
  const { printer, ns } = call;
  const lower = lowerLink(call, link);
  if (!lower) {
    // A tunnel on no link names link 0.
    const nowhere = link.kind === "ipip" && link.dev === undefined && !printer.isJson;
    printer.fact("ifname", words(nowhere ? `${link.name}@NONE` : link.name), link.name, "interface");
    return false;
  }
  const near = lower.here ? ns.links.get(lower.index) : undefined;
  if (lower.here) printer.field("link", call.linkName(lower.index));
  else printer.field("link_index", lower.index);
  const shown = `${link.name}@${lower.here ? call.linkName(lower.index) : `if${lower.index}`}`;
  if (printer.isJson) printer.field("ifname", link.name);
  else printer.text(words(shown), "interface");
  return near !== undefined && !near.up;
}

/** The link that the kernel names in IFLA_LINK: a veth's other end, what a macvlan or vlan stands on. */
function lowerLink({ ns }: IpCall, link: LinkRow): { readonly index: number; readonly here: boolean } | undefined {
  if (link.kind === "ipip" && link.dev !== undefined) return { index: link.dev, here: true };
  if (isUpper(link)) return { index: link.lower.index, here: link.lower.namespace === ns.id };
  return link.kind === "veth" ? { index: link.peer.index, here: link.peer.namespace === ns.id } : undefined;
}

export function printFlags({ printer }: IpCall, link: LinkRow, lowerDown: boolean, end: string): void {
  const flags = linkFlags(link);
  if (link.up && !isRunning(link)) flags.unshift("NO-CARRIER");
  if (lowerDown) flags.push("M-DOWN");
  printer.openArray("flags", "<");
  for (const [at, flag] of flags.entries()) printer.fact(undefined, at === 0 ? flag : `,${flag}`, flag);
  printer.closeArray(end);
}

function printOperState({ printer, options }: IpCall, link: LinkRow): void {
  const state = shownOperState(link);
  const color: Color | undefined = state === "UP" ? "up" : state === "DOWN" ? "down" : undefined;
  if (options.brief) printer.fact("operstate", `${state.padEnd(14)} `, state, color);
  else {
    printer.text("state ");
    printer.fact("operstate", `${state} `, state, color);
  }
}

function printLinkLayer({ printer }: IpCall, link: LinkRow): void {
  const type = linkType(link);
  printer.newLine();
  printer.fact("link_type", `    link/${type} `, type);
  if (link.kind === "ipip") return printEnds(printer, link);
  if (isBare(link)) return;
  const broadcast = link.kind === "loopback" ? "00:00:00:00:00:00" : (link.broadcast ?? "ff:ff:ff:ff:ff:ff");
  printer.fact("address", link.address, link.address, "mac");
  printer.text(" brd ");
  printer.fact("broadcast", broadcast, broadcast, "mac");
}

/** ARPHRD_… as iproute2 names it (lib/ll_types.c). */
function linkType(link: LinkRow): string {
  if (link.kind === "loopback") return "loopback";
  if (link.kind === "ipip") return "ipip";
  return isBare(link) ? "none" : "ether";
}

/** A tunnel's addresses are the ends of it (lib/ll_addr.c: ll_addr_n2a). */
function printEnds(printer: IpCall["printer"], { local = "0.0.0.0", remote }: IpipLink): void {
  printer.fact("address", local, local, "mac");
  printer.text(remote === undefined ? " brd " : " peer ");
  printer.fact("broadcast", remote ?? "0.0.0.0", remote ?? "0.0.0.0", "mac");
}

/** Where the other end is: by name if the namespace has one, else by the number under which it is known here. */
function printPeerNamespace({ printer, ns }: IpCall, link: LinkRow): void {
  const other = otherNamespace(link);
  if (other === undefined || other === ns.id) return;
  const id = ns.row.peerIds[other];
  if (printer.isJson) return printer.field("link_netnsid", id ?? -1);
  const name = namedFrom(ns, other);
  printer.text(name !== undefined ? ` link-netns ${name}` : ` link-netnsid ${id ?? "unknown"}`);
}

/** The namespace of a veth's other end, of a lower link, or that carries a vxlan's packets (rtnl_link_ops.get_link_net). */
function otherNamespace(link: LinkRow): string | undefined {
  if (link.kind === "veth") return link.peer.namespace;
  if (link.kind === "vxlan") return link.underlay;
  return isUpper(link) ? link.lower.namespace : undefined;
}

/** The name that /run/netns has for a namespace of the same machine. */
function namedFrom(ns: IpCall["ns"], id: string): string | undefined {
  const row = ns.network.find(id)?.row;
  return row?.machine === ns.machine ? row.name : undefined;
}

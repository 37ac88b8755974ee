import { deadLinks, TABLE_MAIN, type NextHop, type RouteRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import type { Color } from "../printer.ts";
import type { Selector } from "./selector.ts";

/** A route as `ip route show` prints it; what the selector asked for is not repeated (ip/iproute.c: print_route). */
export function printRoute(call: IpCall, row: RouteRow, selector: Pick<Selector, "table"> & Partial<Selector>): void {
  const { printer, options, names } = call;
  const { details } = options;
  const hop = row.hops.length === 1 ? row.hops[0] : undefined;
  printer.openObject();
  if (row.type !== "unicast" || details) printer.fact("type", `${row.type} `, row.type);
  printDestination(call, row.to);
  if (hop) {
    if (hop.via !== undefined && !isHost(selector.via)) printGateway(call, hop.via);
    if (selector.link === undefined) printDevice(call, hop.link);
  }
  if ((row.table !== TABLE_MAIN || details) && selector.table === 0) {
    const table = names.tables.name(row.table);
    printer.fact("table", `table ${table} `, table);
  }
  if ((row.protocol !== "boot" || details) && selector.protocol === undefined)
    printer.fact("protocol", `proto ${row.protocol} `, row.protocol);
  if (row.family === 4 && (row.scope !== "global" || details) && selector.scope === undefined) {
    const scope = String(row.scope);
    printer.fact("scope", `scope ${scope} `, scope);
  }
  if (row.source !== undefined && !isHost(selector.source)) {
    printer.text("src ");
    printer.fact("prefsrc", `${row.source} `, row.source, colorOf(row.source));
  }
  if ((row.metric !== 0 || row.family === 6) && selector.metric === undefined)
    printer.fact("metric", `metric ${row.metric} `, row.metric);
  printHopFlags(call, row, hop);
  if (row.mtu !== undefined) {
    printer.openArray("metrics");
    printer.openObject();
    printer.fact("mtu", `mtu ${row.mtu} `, row.mtu);
    printer.closeObject();
    printer.closeArray();
  }
  if (row.family === 6) printer.fact("pref", "pref medium", "medium");
  if (row.hops.length > 1) printHops(call, row);
  printer.text("\n");
  printer.closeObject();
}

/** The whole of an address was asked for, so that all that is listed have the same. */
function isHost(prefix: Selector["via"] | undefined): boolean {
  return prefix !== undefined && prefix.length === (prefix.family === 4 ? 32 : 128);
}

export function colorOf(address: string): Color {
  return address.includes(":") ? "inet6" : "inet";
}

export function printDestination({ printer }: IpCall, to: string): void {
  const slash = to.indexOf("/");
  const [host, length] = [to.slice(0, slash), Number(to.slice(slash + 1))];
  const shown = length === 0 ? "default" : length === (to.includes(":") ? 128 : 32) ? host : to;
  if (length === 0) printer.fact("dst", "default ", "default");
  else printer.fact("dst", `${shown} `, shown, colorOf(to));
}

export function printGateway({ printer }: IpCall, via: string): void {
  printer.text("via ");
  printer.fact("gateway", `${via} `, via, colorOf(via));
}

export function printDevice(call: IpCall, link: number): void {
  const name = call.linkName(link);
  call.printer.text("dev ");
  call.printer.fact("dev", `${name} `, name, "interface");
}

function printHopFlags(call: IpCall, row: RouteRow, hop: NextHop | undefined): void {
  const { printer } = call;
  const flags: string[] = [];
  const linkdown = hop !== undefined && isLinkDown(call, row, hop);
  if (linkdown && row.family === 4 && deadLinks(call.ns)?.has(hop.link)) flags.push("dead");
  if (hop?.onlink) flags.push("onlink");
  if (linkdown) flags.push("linkdown");
  printer.openArray("flags");
  for (const flag of flags) printer.fact(undefined, `${flag} `, flag);
  printer.closeArray();
}

/** The link is up and has no carrier (RTNH_F_LINKDOWN). */
function isLinkDown({ ns }: IpCall, row: RouteRow, hop: NextHop): boolean {
  const link = ns.links.get(hop.link);
  return row.type !== "local" && link !== undefined && link.up && !link.carrier;
}

function printHops(call: IpCall, row: RouteRow): void {
  const { printer } = call;
  printer.openArray("nexthops");
  for (const hop of row.hops) {
    printer.openObject();
    printer.newLine();
    printer.text("\tnexthop ");
    if (hop.via !== undefined) printGateway(call, hop.via);
    printDevice(call, hop.link);
    if (row.family === 4 || hop.weight !== undefined)
      printer.fact("weight", `weight ${hop.weight ?? 1} `, hop.weight ?? 1);
    printHopFlags(call, row, hop);
    printer.closeObject();
  }
  printer.closeArray();
}

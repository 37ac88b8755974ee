import { deadLinks, TABLE_MAIN, type NextHop, type RouteRow } from "../../../sim/net/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import type { IpCall } from "../call.ts";
import { printEncapsulation } from "./encapsulation.ts";
import { printMetrics } from "./metrics.ts";
import { printNexthop } from "./print-nexthop.ts";
import { colorOf, printDestination, printDevice, printGateway, printRealms, printService, printType } from "./parts.ts";
import type { Selector } from "./selector.ts";

/** A route as `ip route show` prints it; what the selector asked for is not repeated (ip/iproute.c: print_route). */
export function printRoute(call: IpCall, row: RouteRow, selector: Pick<Selector, "table"> & Partial<Selector>): void {
  const { printer, options, names } = call;
  const { details } = options;
  const hop = row.hops.length === 1 ? row.hops[0] : undefined;
  printer.openObject();
  if (row.type !== "unicast" || details) printType(call, row.type);
  printDestination(call, row.to);
  printEncapsulation(call, hop?.encapsulation);
  if (row.tos && selector.tos === undefined) printService(call, row.tos);
  if (row.nexthop !== undefined) printer.fact("nhid", `nhid ${row.nexthop} `, row.nexthop);
  if (hop) {
    if (hop.via !== undefined && (isForeign(row, hop) || !isHost(selector.via)))
      printGateway(call, hop.via, isForeign(row, hop));
    if (selector.link === undefined) printDevice(call, hop.link);
  }
  if ((row.table !== TABLE_MAIN || details) && selector.table === 0) {
    const table = names.tables.shown(row.table);
    printer.fact("table", `table ${table} `, table);
  }
  if ((row.protocol !== "boot" || details) && selector.protocol === undefined) {
    const protocol = names.protocols.shownName(row.protocol);
    printer.fact("protocol", `proto ${protocol} `, protocol);
  }
  if ((row.scope !== "global" || details) && selector.scope === undefined) {
    const scope = names.scopes.shownName(String(row.scope));
    printer.fact("scope", `scope ${scope} `, scope);
  }
  if (row.source !== undefined && !isHost(selector.source)) {
    printer.text("src ");
    printer.fact("prefsrc", `${row.source} `, row.source, colorOf(row.source));
  }
  if ((row.metric !== 0 || row.family === 6) && selector.metric === undefined)
    printer.fact("metric", `metric ${row.metric} `, row.metric);
  printHopFlags(call, row, hop);
  if (hop?.realms !== undefined && selector.realms?.mask !== 0xffff_ffff) printRealms(call, hop.realms);
  if (row.expires !== undefined) {
    const left = Math.max(0, Math.floor((row.expires - call.ns.kernel.now) / SECOND));
    printer.fact("expires", `expires ${left}sec `, left);
  }
  printMetrics(call, row);
  if (row.family === 6) {
    const preference = row.preference ?? "medium";
    printer.fact("pref", `pref ${preference}`, preference);
  }
  const object = details && row.nexthop !== undefined ? call.ns.nexthops.get(row.nexthop) : undefined;
  if (object) {
    printer.openObject("nh_info");
    printer.newLine();
    printer.text("\tnh_info ");
    printNexthop(call, object);
    printer.closeObject();
  }
  if (row.hops.length > 1) printHops(call, row);
  printer.text("\n");
  printer.closeObject();
}

function isForeign(row: RouteRow, hop: NextHop): boolean {
  return row.family === 4 && hop.via !== undefined && hop.via.includes(":");
}

/** The whole of an address was asked for, so that all that is listed have the same. */
function isHost(prefix: Selector["via"] | undefined): boolean {
  return prefix !== undefined && prefix.length === (prefix.family === 4 ? 32 : 128);
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
    printEncapsulation(call, hop.encapsulation);
    if (hop.via !== undefined) printGateway(call, hop.via, isForeign(row, hop));
    if (hop.realms !== undefined) printRealms(call, hop.realms);
    printDevice(call, hop.link);
    if (row.family === 4 || hop.weight !== undefined)
      printer.fact("weight", `weight ${hop.weight ?? 1} `, hop.weight ?? 1);
    printHopFlags(call, row, hop);
    printer.closeObject();
  }
  printer.closeArray();
}

import { kindOf as linkKind } from "../link/details.ts";
import { address, addressesOf, isTentative, type AddressRow, type LinkRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { printBriefLink, printLink } from "../link/info.ts";
import { within } from "../prefix.ts";
import { printStatistics } from "../link/statistics.ts";
import type { Filter } from "./filter.ts";

/** Links with their addresses, or links alone, as a filter leaves them (ip/ipaddress.c: ipaddr_list_flush_or_save). */
export function list(call: IpCall, filter: Filter): void {
  const { printer } = call;
  printer.openList();
  for (const link of call.links()) {
    if (!concerns(call, filter, link)) continue;
    const withAddresses = !filter.onlyLinks && call.options.family !== "link";
    const own = withAddresses ? addresses(call, filter, link) : [];
    if (withAddresses && own.length === 0 && !keepsWithout(call, filter, link)) continue;
    // The real program opens the object before it looks at the flags, so that JSON has empty ones.
    printer.openObject();
    if (!filter.up || link.up || onlyAddresses(call, filter)) show(call, filter, link, own);
    printer.closeObject();
  }
  printer.closeList();
}

/** `ip -o address`: each address on a line of its own, without its link. */
function onlyAddresses({ options }: IpCall, filter: Filter): boolean {
  return options.oneline && !filter.onlyLinks && !options.brief;
}

function show(call: IpCall, filter: Filter, link: LinkRow, own: readonly AddressRow[]): void {
  const { printer, options } = call;
  const alone = onlyAddresses(call, filter);
  if (filter.label === undefined && !alone) {
    if (options.brief) printBriefLink(call, link, filter.onlyLinks);
    else {
      // One link is asked for by itself, and then IPv6 tells as much of it as IPv4 (iplink_get).
      const family = filter.family === 6 && filter.link !== undefined ? 4 : filter.family;
      printLink(call, link, { link: filter.onlyLinks, family: filter.onlyLinks ? undefined : family });
    }
  }
  if (filter.onlyLinks) return;
  printer.openArray("addr_info");
  for (const row of own) printAddress(call, link, row, alone);
  printer.closeArray();
  if (options.brief) printer.text("\n");
  else if (options.stats > 0 && filter.label === undefined && !alone) printStatisticsBelow(call, link);
}

/** The kernel itself filters by kind and master. */
function concerns(call: IpCall, filter: Filter, link: LinkRow): boolean {
  if (filter.link !== undefined && link.index !== filter.link) return false;
  // With a family the kernel is not asked to, and lines of addresses alone leave links unread (ipaddr_list_flush_or_save).
  if (filter.family !== undefined && onlyAddresses(call, filter)) return true;
  if (filter.master !== undefined && (link.master ?? 0) !== filter.master) return false;
  if (filter.group !== undefined && link.group !== filter.group) return false;
  if (filter.kind !== undefined && kindOf(call, link, filter.kind) !== filter.kind) return false;
  return true;
}

/** The kind of a link, or, when asked for `bridge_slave` and its like, that of what it is part of. */
function kindOf(call: IpCall, link: LinkRow, wanted: string): string | undefined {
  if (wanted.endsWith("_slave"))
    return link.master === undefined ? undefined : `${linkKind(call.ns.links.get(link.master)!)}_slave`;
  return linkKind(link);
}

/** A link without any address is shown as long as no family was asked for (ipaddr_filter). */
function keepsWithout(call: IpCall, filter: Filter, link: LinkRow): boolean {
  return filter.family === undefined && addressesOf(call.ns, link.index).length === 0;
}

/** The addresses of a link that a filter leaves. */
export function addresses(call: IpCall, filter: Filter, link: LinkRow): AddressRow[] {
  return addressesOf(call.ns, link.index).filter((row) => {
    if (filter.family !== undefined && row.family !== filter.family) return false;
    if (filter.scope !== undefined && row.scope !== filter.scope) return false;
    for (const [flag, wanted] of filter.flags) if (hasFlag(call, link, row, flag) !== wanted) return false;
    if (filter.to && !within(filter.to, address(row.local))) return false;
    return filter.label === undefined || fits(filter.label, row.label ?? link.name);
  });
}

function hasFlag(call: IpCall, link: LinkRow, row: AddressRow, flag: string): boolean {
  switch (flag) {
    case "secondary":
      return row.secondary;
    case "tentative":
      return isTentative(link, row, call.ns.kernel.now);
    case "nodad":
      return row.nodad ?? false;
    case "noprefixroute":
      return row.noprefixroute;
    case "permanent":
      return row.validUntil === undefined;
    default:
      return false;
  }
}

/** A shell pattern, as fnmatch(3) takes it. */
function fits(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`).test(text);
}

/** One address; `alone`: with its link before it. */
export function printAddress(call: IpCall, link: LinkRow, row: AddressRow, alone: boolean): void {
  const { printer, options } = call;
  const family = row.family === 4 ? "inet" : "inet6";
  printer.openObject();
  if (!options.brief) {
    if (alone) {
      printer.fact("index", `${link.index}: `, link.index);
      printer.fact("dev", link.name, link.name, "interface");
    }
    printer.fact("family", `    ${family} `, family);
  }
  printer.fact("local", row.local, row.local, family);
  if (row.peer !== undefined) {
    printer.text(" peer ");
    printer.fact("address", row.peer, row.peer, family);
  }
  printer.fact("prefixlen", `/${row.length} `, row.length);
  if (row.metric !== undefined) printer.fact("metric", `metric ${row.metric} `, row.metric);
  if (!options.brief) printRest(call, link, row, family);
  printer.closeObject();
}

function printRest(call: IpCall, link: LinkRow, row: AddressRow, family: "inet" | "inet6"): void {
  const { printer } = call;
  if (row.broadcast !== undefined) {
    printer.text("brd ");
    printer.fact("broadcast", `${row.broadcast} `, row.broadcast, family);
  }
  const scope = String(row.scope);
  printer.fact("scope", `scope ${scope} `, scope);
  const flags: string[] = [];
  if (row.secondary) flags.push(row.family === 4 ? "secondary" : "temporary");
  if (row.nodad) flags.push("nodad");
  if (isTentative(link, row, call.ns.kernel.now)) flags.push("tentative");
  if (row.validUntil !== undefined) flags.push("dynamic");
  if (row.noprefixroute) flags.push("noprefixroute");
  for (const flag of flags) printer.fact(flag, `${flag} `, true);
  if (row.label !== undefined) printer.fact("label", row.label, row.label);
  printer.newLine();
  const { now } = call.ns.kernel;
  const [valid, preferred] = [row.validUntil, row.preferredUntil].map((until) =>
    until === undefined ? undefined : Math.max(0, Math.floor((until - now) / 1_000_000)),
  );
  printer.text("       valid_lft ");
  lifetime(call, "valid_life_time", valid);
  printer.text(" preferred_lft ");
  lifetime(call, "preferred_life_time", preferred);
  printer.text("\n");
}

function lifetime({ printer }: IpCall, key: string, seconds: number | undefined): void {
  printer.fact(key, seconds === undefined ? "forever" : `${seconds}sec`, seconds ?? 0xffff_ffff);
}

function printStatisticsBelow(call: IpCall, link: LinkRow): void {
  printStatistics(call, link);
  call.printer.text("\n");
}

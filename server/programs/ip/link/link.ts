import { deleteLink } from "../../../sim/net/index.ts";
import { readFilter } from "../address/filter.ts";
import { list } from "../address/list.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { LINK_USAGE } from "../usage/link.ts";
import { matches } from "../words.ts";
import { addLink } from "./add.ts";
import { kindUsage } from "./kinds.ts";
import { readLinkWish } from "./parse.ts";
import { property } from "./property.ts";
import { setLinks } from "./set.ts";

/** `ip link` (ip/iplink.c: do_iplink). */
export async function link(call: IpCall, words: readonly string[]): Promise<number> {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "add")) return addLink(call, rest);
  if (matches(verb, "set") || matches(verb, "change")) return setLinks(call, rest);
  if (matches(verb, "replace")) return replace(call, rest);
  if (matches(verb, "delete")) return remove(call, rest);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "property")) return property(call, rest);
  for (const other of ["xstats", "afstats"]) if (matches(verb, other)) throw notSimulated("ip", `link ${other}`);
  if (matches(verb, "help")) return help(call, rest);
  throw new Exit(255, `Command "${verb}" is unknown, try "ip link help".\n`);
}

function show(call: IpCall, words: readonly string[]): number {
  list(call, readFilter(call, words, true, LINK_USAGE));
  return 0;
}

/** Makes a link, or changes one of that name and kind. */
function replace(call: IpCall, words: readonly string[]): number | Promise<number> {
  const { name, kind } = readLinkWish(call, words);
  const known = name === undefined ? undefined : call.findLink(name);
  if (!known) return addLink(call, words);
  if (kind !== undefined && known.kind !== kind) throw new Exit(2, "RTNETLINK answers: Operation not supported\n");
  return setLinks(call, words);
}

function remove(call: IpCall, words: readonly string[]): number {
  const wish = readLinkWish(call, words);
  if (wish.device === undefined && wish.group !== undefined) return removeGroup(call, wish.group);
  if (wish.device === undefined) throw new Exit(255, 'Not enough information: "dev" argument is required.\n');
  const found = call.mustFindLink(wish.device);
  call.requireAdmin();
  talk(deleteLink(call.ns, found.index));
  return 0;
}

/** All links of a group, if all can be deleted (rtnl_group_dellink). */
function removeGroup(call: IpCall, group: number): number {
  const members = call.links().filter((one) => one.group === group);
  if (group === 0) throw new Exit(2, "RTNETLINK answers: Operation not permitted\n");
  if (members.length === 0) throw new Exit(2, "RTNETLINK answers: No such device\n");
  call.requireAdmin();
  for (const { index } of members) if (call.ns.links.has(index)) talk(deleteLink(call.ns, index));
  return 0;
}

/** `ip link help KIND`; of a kind without help of its own, that of links. */
function help(call: IpCall, [kind]: readonly string[]): number {
  const usage = kind === undefined ? undefined : kindUsage(kind);
  if (usage === undefined) throw new Exit(255, LINK_USAGE);
  call.printer.text(usage);
  return 0;
}

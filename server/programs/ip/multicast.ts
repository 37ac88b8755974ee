import { addressesOf, parseIPv6, type LinkRow } from "../../sim/net/index.ts";
import { hasIpv6, multicastAddresses } from "../bridge/groups.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { OBJECT_USAGES } from "./usage/objects.ts";
import { matches, Words } from "./words.ts";

/** `ip maddress` (ip/ipmaddr.c): the groups that links listen to. Adding one is not simulated. */
export function maddress(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb !== undefined && (matches(verb, "add") || matches(verb, "delete")))
    throw notSimulated("ip", `maddress ${verb}`);
  if (verb !== undefined && matches(verb, "help")) throw new Exit(255, OBJECT_USAGES["maddress"]);
  if (verb !== undefined && !matches(verb, "show") && !matches(verb, "list") && !matches(verb, "lst"))
    throw new Exit(255, `Command "${verb}" is unknown, try "ip maddr help".\n`);
  const read = new Words(rest);
  let device: string | undefined;
  for (; !read.done; read.step()) device = read.word === "dev" ? read.next() : read.word;
  // The name is compared with those in /proc/net: one that is not there is no mistake.
  const links = call.links().filter(({ name }) => device === undefined || name === device);
  if (call.printer.isJson) throw notSimulated("ip", "-j maddress");
  for (const link of links) show(call, link);
  return 0;
}

function show(call: IpCall, link: LinkRow): void {
  const { printer, family, ns } = call;
  printer.text(`${link.index}:\t${link.name}\n`);
  if (family === undefined) for (const group of multicastAddresses(ns, link)) printer.text(`\tlink  ${group}\n`);
  if (family !== 6 && link.up) printer.text("\tinet  224.0.0.1\n");
  // A bridge listens to snoopers (br_multicast_join_snoopers).
  const snoops = link.kind === "bridge" && !link.openvswitch && link.activated;
  if (family !== 6 && snoops) printer.text("\tinet  224.0.0.106\n");
  if (family === 4 || !hasIpv6(ns, link)) return;
  const nodes = addressesOf(ns, link.index).flatMap((row) =>
    row.family === 6 && row.local !== "::1" ? [solicited(row.local)] : [],
  );
  for (const group of [...new Set(nodes), ...(snoops ? ["ff02::6a"] : []), "ff02::1", "ff01::1"])
    printer.text(`\tinet6 ${group}\n`);
}

/** ff02::1:ff and the last three bytes of an address (RFC 4291). */
function solicited(local: string): string {
  const low = Number(parseIPv6(local)! & 0xff_ffffn);
  return `ff02::1:ff${((low >> 16) & 0xff).toString(16).padStart(2, "0")}:${(low & 0xffff).toString(16)}`;
}

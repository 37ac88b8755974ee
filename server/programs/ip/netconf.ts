import { readSysctl } from "../../sim/net/index.ts";
import type { IpCall } from "./call.ts";
import { Exit, notSimulated } from "./exit.ts";
import { matches, Words } from "./words.ts";

const FILTERS = ["off", "strict", "loose"];

/** `ip netconf` (ip/ipnetconf.c): some settings of links, in the words of netlink. */
export function netconf(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb !== undefined && !matches(verb, "show") && !matches(verb, "list") && !matches(verb, "lst"))
    throw new Exit(255, `Command "${verb}" is unknown, try "ip netconf help".\n`);
  const read = new Words(rest);
  let device: string | undefined;
  for (; !read.done; read.step())
    if (read.word === "dev") device = read.next();
    else throw notSimulated("ip", `netconf ${read.word}`);
  if (device !== undefined && !call.findLink(device)) throw new Exit(1, `Device "${device}" does not exist.\n`);
  const owners = device === undefined ? [...call.links().map(({ name }) => name), "all", "default"] : [device];
  call.printer.openList();
  for (const family of [4, 6] as const)
    if (call.family === undefined || call.family === family)
      for (const owner of owners) printNetconf(call, family, owner);
  call.printer.closeList();
  return 0;
}

/** The settings of one link, or of `all` or `default`. */
export function printNetconf(call: IpCall, family: 4 | 6, owner: string): void {
  const { printer } = call;
  const word = family === 4 ? "inet" : "inet6";
  const value = (setting: string): number => {
    const found = readSysctl(call.ns, `net/ipv${family}/conf/${owner}/${setting}`);
    return found.ok ? Number(found.value) : 0;
  };
  const flag = (key: string, on: boolean): void => printer.fact(key, `${key} ${on ? "on" : "off"} `, on);
  printer.openObject();
  printer.fact("family", `${word} `, word);
  printer.fact("interface", `${owner} `, owner);
  flag("forwarding", value("forwarding") !== 0);
  if (family === 4) {
    const filter = FILTERS[value("rp_filter")] ?? "off";
    printer.fact("rp_filter", `rp_filter ${filter} `, filter);
  }
  flag("mc_forwarding", false);
  flag("proxy_neigh", family === 4 && value("proxy_arp") !== 0);
  flag("ignore_routes_with_linkdown", family === 4 && value("ignore_routes_with_linkdown") !== 0);
  printer.text("\n");
  printer.closeObject();
}

import { isIPv4, parseAddress, parseMac } from "../../sim/net/index.ts";
import type { IpCall } from "../ip/call.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { duplicate, matches, Words } from "../ip/words.ts";
import { allEntries, type Entry } from "./entries.ts";
import { changeFdb, type FdbWish } from "./fdb-modify.ts";
import { FDB_USAGE } from "./usage.ts";

/** `bridge fdb` (iproute2 bridge/fdb.c). */
export function fdb(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined) return show(call, []);
  if (matches(verb, "add")) return changeFdb(call, readWish(call, rest), "add");
  if (matches(verb, "append")) return changeFdb(call, readWish(call, rest), "append");
  if (matches(verb, "replace")) return changeFdb(call, readWish(call, rest), "replace");
  if (matches(verb, "delete")) return changeFdb(call, readWish(call, rest), "delete");
  if (matches(verb, "get")) return get(call, rest);
  if (matches(verb, "flush")) throw notSimulated("bridge", `fdb ${verb}`);
  if (matches(verb, "show") || matches(verb, "lst") || matches(verb, "list")) return show(call, rest);
  if (matches(verb, "help")) throw new Exit(255, FDB_USAGE);
  throw new Exit(255, `Command "${verb}" is unknown, try "bridge fdb help".\n`);
}

interface Filter {
  readonly bridge?: number;
  readonly link?: number;
  readonly vlan?: number;
  readonly state?: string;
}

function readFilter(call: IpCall, rest: readonly string[]): Filter {
  const words = new Words(rest);
  const filter: { -readonly [K in keyof Filter]: Filter[K] } = {};
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "brport" || word === "dev") filter.link = call.mustFindLink(words.next(), 255).index;
    else if (word === "br") {
      const bridge = call.findLink(words.next());
      if (!bridge) throw new Exit(255, `Cannot find bridge device "${words.word}"\n`);
      filter.bridge = bridge.index;
    } else if (word === "vlan") filter.vlan = Number(words.next());
    else if (word === "state") filter.state = words.next();
    else if (word === "dynamic") filter.state = "dynamic";
    else if (matches(word, "help")) throw new Exit(255, FDB_USAGE);
  }
  return filter;
}

function fits(call: IpCall, filter: Filter, entry: Entry): boolean {
  if (filter.link !== undefined && entry.link !== filter.link) return false;
  if (filter.bridge !== undefined) {
    const link = call.ns.links.get(entry.link);
    if (entry.link !== filter.bridge && link?.master !== filter.bridge) return false;
  }
  if (filter.vlan !== undefined && entry.vlan !== filter.vlan) return false;
  if (filter.state === undefined || filter.state === "all") return true;
  if (filter.state === "dynamic") return entry.state !== "permanent" && entry.master !== undefined;
  return filter.state === entry.state;
}

function show(call: IpCall, rest: readonly string[]): number {
  const filter = readFilter(call, rest);
  call.printer.openList();
  for (const entry of allEntries(call)) if (fits(call, filter, entry)) print(call, entry, filter);
  call.printer.closeList();
  return 0;
}

/** bridge/fdb.c: fdb_get. */
function get(call: IpCall, rest: readonly string[]): number {
  const words = new Words(rest);
  let [device, bridge, address]: (string | undefined)[] = [];
  let self = false;
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "brport" || word === "dev") device = words.next();
    else if (word === "br") bridge = words.next();
    else if (word === "self") self = true;
    else if (word === "vlan" || word === "vni") throw notSimulated("bridge", `fdb get ${word}`);
    else if (!matches(word, "master")) {
      if (word === "to") words.next();
      if (matches(words.word, "help")) throw new Exit(255, FDB_USAGE);
      if (address !== undefined) throw duplicate("to", words.word);
      address = words.word;
    }
  }
  if ((device === undefined && bridge === undefined) || address === undefined)
    throw new Exit(255, "Device or master and address are required arguments.\n");
  const mac = parseMac(address);
  if (mac === undefined) throw new Exit(255, `Invalid mac address ${address}\n`);
  const link = device === undefined ? undefined : call.mustFindLink(device, 255);
  const over = bridge === undefined ? undefined : call.findLink(bridge);
  if (bridge !== undefined && !over) throw new Exit(255, `Cannot find bridge device "${bridge}"\n`);
  if (self && link?.kind !== "vxlan" && link?.kind !== "bridge")
    throw new Exit(254, "Error: Fdb get operation not supported by device.\n");
  const master = self ? undefined : (over?.index ?? link?.master);
  const found = allEntries(call).find(
    (entry) => entry.mac === mac && (master === undefined ? entry.link === link?.index : entry.master === master),
  );
  if (!found) throw new Exit(254, "Error: Fdb entry not found.\n");
  print(call, found, {});
  return 0;
}

/** bridge/fdb.c: print_fdb. */
function print(call: IpCall, entry: Entry, filter: Filter): void {
  const { printer } = call;
  const state = entry.state === "learned" ? "" : entry.state;
  printer.openObject();
  printer.fact("mac", `${entry.mac} `, entry.mac, "mac");
  if (filter.link === undefined) {
    const name = call.linkName(entry.link);
    printer.text("dev ");
    printer.fact("ifname", `${name} `, name, "interface");
  }
  if (entry.remote !== undefined) {
    printer.text("dst ");
    printer.fact("dst", `${entry.remote} `, entry.remote, isIPv4(parseAddress(entry.remote)!) ? "inet" : "inet6");
  }
  if (entry.vlan !== undefined) printer.fact("vlan", `vlan ${entry.vlan} `, entry.vlan);
  printer.openArray("flags");
  if (entry.master === undefined) printer.fact(undefined, "self ", "self");
  printer.closeArray();
  if (entry.master !== undefined) {
    const name = call.linkName(entry.master);
    printer.fact("master", `master ${name} `, name);
  }
  printer.fact("state", state, state);
  printer.text("\n");
  printer.closeObject();
}

const UNSIMULATED = ["port", "vni", "src_vni", "via", "nhid", "vlan", "router", "use", "extern_learn", "sticky"];

function readWish(call: IpCall, rest: readonly string[]): FdbWish {
  const words = new Words(rest);
  const wish: { -readonly [K in keyof FdbWish]?: FdbWish[K] } = {};
  let [device, address]: (string | undefined)[] = [];
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "dev") device = words.next();
    else if (word === "dst") {
      const remote = words.next();
      if (wish.remote !== undefined) throw duplicate("dst", remote);
      if (parseAddress(remote) === undefined)
        throw new Exit(1, `Error: any valid address is expected rather than "${remote}".\n`);
      wish.remote = remote;
    } else if (word === "self") wish.self = true;
    else if (matches(word, "master")) wish.master = true;
    else if (matches(word, "local") || matches(word, "permanent")) wish.state = "permanent";
    else if (matches(word, "temp") || matches(word, "static")) wish.state = "static";
    else if (matches(word, "dynamic")) wish.state = "learned";
    else if (UNSIMULATED.includes(word)) throw notSimulated("bridge", `fdb ${word}`);
    else {
      if (word === "to") words.next();
      if (matches(words.word, "help")) throw new Exit(255, FDB_USAGE);
      if (address !== undefined)
        throw new Exit(255, `Error: either "to" is duplicate, or "${words.word}" is a garbage.\n`);
      address = words.word;
    }
  }
  if (device === undefined || address === undefined)
    throw new Exit(255, "Device and address are required arguments.\n");
  const mac = parseMac(address);
  if (mac === undefined) throw new Exit(255, `Invalid mac address ${address}\n`);
  return { mac, link: call.mustFindLink(device, 255), self: false, master: false, ...wish };
}

import {
  addressText,
  getInputRoute,
  getRoute,
  isIPv4,
  protocolNumber,
  TABLE_LOCAL,
  TABLE_MAIN,
  type FoundInput,
  type FoundRoute,
  type LinkRow,
  type RouteQuery,
  type RouteRow,
} from "../../../sim/net/index.ts";
import { strerror } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";
import { mustBePrefix } from "../prefix.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";
import { readService } from "../names.ts";
import { printMetrics } from "./metrics.ts";
import { colorOf, printDestination, printDevice, printGateway, printRealms, printService, printType } from "./parts.ts";
import { printRoute } from "./print.ts";

interface Wish {
  readonly query: RouteQuery;
  readonly fibmatch: boolean;
  readonly notify: boolean;
  /** Asked again with the source that was found. */
  readonly connected: boolean;
  /** The link that the packet would come in by. */
  readonly iif: LinkRow | undefined;
}

/** `ip route get`: where the kernel would send a packet (ip/iproute.c: iproute_get). */
export async function findRoute(call: IpCall, rest: readonly string[]): Promise<number> {
  const wish = await readWish(call, rest);
  const { query, fibmatch, iif } = wish;
  const found = iif ? getInputRoute(call.ns, query, iif.index) : getRoute(call.ns, query);
  if (typeof found === "string") throw new Exit(2, `RTNETLINK answers: ${strerror(found)}\n`);
  call.printer.openList();
  if (fibmatch) printRoute(call, { ...found.row, table: tableOf(call, found) }, { table: 0 });
  else if (isIPv4(query.destination)) {
    print4(call, wish, found);
    if (wish.connected && query.source === undefined) print4(call, wish, found);
  } else print6(call, query, found);
  call.printer.closeList();
  return 0;
}

async function readWish(call: IpCall, rest: readonly string[]): Promise<Wish> {
  const words = new Words(rest);
  const query: { -readonly [K in keyof RouteQuery]?: RouteQuery[K] } = {};
  let { family } = call;
  let [fibmatch, notify, connected] = [false, false, false];
  let device: string | undefined;
  let entry: string | undefined;
  const number = (what: string, max?: number): number => {
    const value = readUnsigned(words.next(), max);
    if (value === undefined) throw invalid(`invalid ${what}\n`, words.word);
    return value;
  };
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "tos" || matches(word, "dsfield")) {
      const tos = readService(call.names, words.next());
      if (tos === undefined) throw invalid("TOS value is invalid\n", words.word);
      // The bits of ECN decide nothing (inet_dsfield_to_dscp).
      query.tos = tos & 0xfc;
    } else if (matches(word, "from")) {
      const from = mustBePrefix(words.next(), family);
      family ??= from.family;
      query.source = from.address;
    } else if (matches(word, "iif")) entry = words.next();
    else if (matches(word, "notify")) notify = true;
    else if (matches(word, "connected")) connected = true;
    else if (word === "vrf") throw invalid("Invalid VRF\n", words.next());
    else if (matches(word, "mark")) query.mark = number("mark value");
    else if (matches(word, "oif") || word === "dev") device = words.next();
    else if (matches(word, "uid")) query.uid = number("UID");
    else if (matches(word, "fibmatch")) fibmatch = true;
    else if (word === "ipproto") {
      const protocol = protocolNumber(words.next());
      if (protocol === undefined) throw invalid('Invalid "ipproto" value\n', words.word);
      query.protocol = protocol;
    } else if (word === "sport") query.sport = number("sport", 0xffff);
    else if (word === "dport") query.dport = number("dport", 0xffff);
    else {
      if (word === "to") words.next();
      if (matches(words.word, "help")) throw new Exit(255, ROUTE_USAGE);
      const to = mustBePrefix(words.word, family);
      family ??= to.family;
      const width = to.family === 4 ? 32 : 128;
      if (to.length !== width)
        await call.warn(`Warning: /${to.length} as prefix is invalid, only /${width} (or none) is supported.\n`);
      query.destination = to.address;
    }
  }
  const { destination } = query;
  if (destination === undefined) throw new Exit(1, "need at least a destination address\n");
  const iif = entry === undefined ? undefined : call.mustFindLink(entry);
  if (device !== undefined) query.oif = call.mustFindLink(device).index;
  return { query: { ...query, destination }, fibmatch, notify, connected, iif };
}

/** What the kernel calls such an answer, and the flags of its cache line. */
function kindOf(found: FoundRoute | FoundInput): {
  readonly type: RouteRow["type"];
  readonly flags: readonly string[];
} {
  if ("flags" in found) return { type: found.row.type, flags: found.flags };
  const { row, link, redirected } = found;
  if (row.type === "local") return { type: "local", flags: ["local"] };
  if (row.type === "broadcast") return { type: "broadcast", flags: ["local", "brd"] };
  const flags = [...(link.kind === "loopback" ? ["local"] : []), ...(redirected ? ["redirected"] : [])];
  return { type: "unicast", flags };
}

/** Until a rule is changed the local table is part of the main one (fib_unmerge). */
function tableOf(call: IpCall, { row }: FoundRoute | FoundInput): number {
  const merged = row.family === 4 && row.table === TABLE_LOCAL && call.ns.rules.get(4) === undefined;
  return merged ? TABLE_MAIN : row.table;
}

function print4(call: IpCall, { query, notify, iif }: Wish, found: FoundRoute | FoundInput): void {
  const { printer, options } = call;
  let { type, flags } = kindOf(found);
  if (notify) flags = [...flags, "notify"];
  if (!iif && query.destination === -1) [type, flags] = ["broadcast", ["local", "brd"]];
  if (!iif && isIPv4(query.destination) && query.destination >>> 28 === 0xe)
    [type, flags] = ["multicast", addressText(query.destination) === "224.0.0.1" ? ["local", "mc"] : ["mc"]];
  printer.openObject();
  if (type !== "unicast" || options.details) printType(call, type);
  printDestination(call, `${addressText(query.destination)}/32`);
  if (query.source !== undefined) {
    const from = addressText(query.source);
    printer.fact("from", `from ${from} `, from);
  }
  if (found.row.tos) printService(call, found.row.tos);
  if (found.via !== undefined && type !== "multicast") printGateway(call, addressText(found.via), !isIPv4(found.via));
  printDevice(call, found.link.index);
  const answered = query.destination === -1 ? TABLE_MAIN : tableOf(call, found);
  if (options.details || answered !== TABLE_MAIN) {
    const table = call.names.tables.shown(answered);
    printer.fact("table", `table ${table} `, table);
  }
  if (query.source === undefined && "source" in found && found.source !== undefined) {
    const source = addressText(found.source);
    printer.text("src ");
    printer.fact("prefsrc", `${source} `, source, "inet");
  }
  printer.openArray("flags");
  // A flag of the kernel's cache of multicast has the number that iproute2 takes for one of offloading.
  if (type === "multicast") printer.fact(undefined, "rt_offload_failed ", "rt_offload_failed");
  if (notify) printer.fact(undefined, "notify ", "notify");
  printer.closeArray();
  if (query.mark !== undefined && query.mark !== 0)
    printer.fact("mark", `mark ${query.mark >= 16 ? `0x${query.mark.toString(16)}` : query.mark} `, query.mark);
  const hop = found.row.hops.find(({ link }) => link === found.link.index);
  if (hop?.realms !== undefined) printRealms(call, hop.realms);
  const uid = query.uid ?? call.process.uid;
  if (!iif) printer.fact("uid", `uid ${uid} `, uid);
  printer.newLine();
  printer.openArray("cache", "    cache ");
  const learned = call.ns.pathMtu.get(addressText(query.destination));
  const until = Math.max(learned?.until ?? 0, "redirected" in found ? (found.redirected?.until ?? 0) : 0);
  const left = until - call.ns.kernel.now;
  if (flags.length > 0) {
    printer.text("<");
    for (const [at, flag] of flags.entries()) printer.fact(undefined, `${at === 0 ? "" : ","}${flag}`, flag);
    printer.text("> ");
  }
  printer.closeArray();
  // What ICMP told of the way is kept for a while (rt_fill_info).
  const seconds = Math.floor(left / SECOND);
  if (left > 0) printer.fact("expires", `expires ${seconds}sec `, seconds);
  const mtu = learned && learned.until > call.ns.kernel.now ? { mtu: learned.mtu } : {};
  if (type !== "local") printMetrics(call, { ...found.row, ...mtu });
  if (iif) printer.fact("iif", `iif ${iif.name} `, iif.name, "interface");
  printer.text("\n");
  printer.closeObject();
}

/** IPv6 answers with the route itself, for one address. */
function print6(call: IpCall, query: RouteQuery, found: FoundRoute | FoundInput): void {
  const { printer } = call;
  const { row } = found;
  printer.openObject();
  if (row.type !== "unicast" || call.options.details) printer.fact("type", `${row.type} `, row.type);
  printDestination(call, `${addressText(query.destination)}/128`);
  const from = query.source === undefined ? "::" : addressText(query.source);
  printer.fact("from", `from ${from} `, from);
  if (found.via !== undefined) printGateway(call, addressText(found.via));
  printDevice(call, found.link.index);
  if (row.table === TABLE_LOCAL) printer.fact("table", "table local ", "local");
  if (row.protocol !== "boot") printer.fact("protocol", `proto ${row.protocol} `, row.protocol);
  if ("source" in found && found.source !== undefined) {
    const source = addressText(found.source);
    printer.text("src ");
    printer.fact("prefsrc", `${source} `, source, colorOf(source));
  }
  printer.fact("metric", `metric ${row.metric} `, row.metric);
  printer.openArray("flags");
  printer.closeArray();
  printer.fact("pref", "pref medium", "medium");
  printer.text("\n");
  printer.closeObject();
}

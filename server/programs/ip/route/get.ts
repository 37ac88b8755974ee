import {
  addressText,
  getRoute,
  isIPv4,
  protocolNumber,
  TABLE_LOCAL,
  TABLE_MAIN,
  type FoundRoute,
  type RouteQuery,
} from "../../../sim/net/index.ts";
import { strerror } from "../../../sim/host/index.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { mustBePrefix } from "../prefix.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";
import { colorOf, printDestination, printDevice, printGateway, printRoute } from "./print.ts";

interface Wish {
  readonly query: RouteQuery;
  readonly fibmatch: boolean;
}

/** `ip route get`: where the kernel would send a packet (ip/iproute.c: iproute_get). */
export async function findRoute(call: IpCall, rest: readonly string[]): Promise<number> {
  const { query, fibmatch } = await readWish(call, rest);
  const found = getRoute(call.ns, query);
  if (typeof found === "string") throw new Exit(2, `RTNETLINK answers: ${strerror(found)}\n`);
  call.printer.openList();
  if (fibmatch) printRoute(call, found.row, { table: TABLE_MAIN });
  else if (isIPv4(query.destination)) print4(call, query, found);
  else print6(call, query, found);
  call.printer.closeList();
  return 0;
}

async function readWish(call: IpCall, rest: readonly string[]): Promise<Wish> {
  const words = new Words(rest);
  const query: { -readonly [K in keyof RouteQuery]?: RouteQuery[K] } = {};
  let { family } = call;
  let fibmatch = false;
  let device: string | undefined;
  const number = (what: string, max?: number): number => {
    const value = readUnsigned(words.next(), max);
    if (value === undefined) throw invalid(`invalid ${what}\n`, words.word);
    return value;
  };
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "from") {
      const from = mustBePrefix(words.next(), family);
      family ??= from.family;
      query.source = from.address;
    } else if (matches(word, "iif") || matches(word, "tos") || word === "vrf")
      throw notSimulated("ip", `route get ${word}`);
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
  if (device !== undefined) query.oif = call.mustFindLink(device).index;
  return { query: { ...query, destination }, fibmatch };
}

/** What the kernel calls such an answer, and the flags of its cache line. */
function kindOf({ row, link, redirected }: FoundRoute): { readonly type: string; readonly flags: readonly string[] } {
  if (row.type === "local") return { type: "local", flags: ["local"] };
  if (row.type === "broadcast") return { type: "broadcast", flags: ["local", "brd"] };
  const flags = [...(link.kind === "loopback" ? ["local"] : []), ...(redirected ? ["redirected"] : [])];
  return { type: "unicast", flags };
}

function print4(call: IpCall, query: RouteQuery, found: FoundRoute): void {
  const { printer, options } = call;
  let { type, flags } = kindOf(found);
  if (isIPv4(query.destination) && query.destination >>> 28 === 0xe) [type, flags] = ["multicast", ["mc"]];
  printer.openObject();
  if (type !== "unicast" || options.details) printer.fact("type", `${type} `, type);
  printDestination(call, `${addressText(query.destination)}/32`);
  if (query.source !== undefined) {
    const from = addressText(query.source);
    printer.fact("from", `from ${from} `, from);
  }
  if (found.via !== undefined && type !== "multicast") printGateway(call, addressText(found.via));
  printDevice(call, found.link.index);
  if (options.details || (found.row.table !== TABLE_MAIN && found.row.table !== TABLE_LOCAL)) {
    const table = call.names.tables.name(found.row.table);
    printer.fact("table", `table ${table} `, table);
  }
  if (query.source === undefined && found.source !== undefined) {
    const source = addressText(found.source);
    printer.text("src ");
    printer.fact("prefsrc", `${source} `, source, "inet");
  }
  printer.openArray("flags");
  printer.closeArray();
  if (query.mark !== undefined && query.mark !== 0)
    printer.fact("mark", `mark ${query.mark >= 16 ? `0x${query.mark.toString(16)}` : query.mark} `, query.mark);
  const uid = query.uid ?? call.process.uid;
  printer.fact("uid", `uid ${uid} `, uid);
  printer.newLine();
  printer.openArray("cache", "    cache ");
  const learned = call.ns.pathMtu.get(addressText(query.destination));
  const until = Math.max(learned?.until ?? 0, found.redirected?.until ?? 0);
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
  if (learned && learned.until > call.ns.kernel.now) {
    printer.openArray("metrics");
    printer.openObject();
    printer.fact("mtu", `mtu ${learned.mtu} `, learned.mtu);
    printer.closeObject();
    printer.closeArray();
  }
  printer.text("\n");
  printer.closeObject();
}

/** IPv6 answers with the route itself, for one address. */
function print6(call: IpCall, query: RouteQuery, found: FoundRoute): void {
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
  if (found.source !== undefined) {
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

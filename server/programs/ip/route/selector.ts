import {
  address,
  hasTable,
  networkOf,
  parsePrefix,
  TABLE_LOCAL,
  TABLE_MAIN,
  type RouteRow,
  type RouteType,
} from "../../../sim/net/index.ts";
import { scopeOf } from "../address/filter.ts";
import type { IpCall } from "../call.ts";
import { Exit } from "../exit.ts";
import { readRealms, readService } from "../names.ts";
import { mustBePrefix, within, type Family, type TypedPrefix } from "../prefix.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { invalid, matches, readUnsigned, Words } from "../words.ts";
import { readType } from "./types.ts";

/** Which routes are meant. What all of them share is left out where they are listed. */
export interface Selector {
  readonly family: Family | undefined;
  /** 0: all tables. */
  readonly table: number;
  readonly cached: boolean;
  readonly protocol: string | undefined;
  readonly scope: RouteRow["scope"] | undefined;
  readonly type: RouteType | undefined;
  readonly link: number | undefined;
  readonly metric: number | undefined;
  readonly via: TypedPrefix | undefined;
  readonly source: TypedPrefix | undefined;
  readonly tos: number | undefined;
  readonly realms: { readonly value: number; readonly mask: number } | undefined;
  /** Named a link of entry or another mark than 0, which no listed route has. */
  readonly impossible: boolean;
  /** At least as long a prefix, within this one. */
  readonly root: TypedPrefix | undefined;
  /** At most as long a prefix, around this one. */
  readonly match: TypedPrefix | undefined;
}

type Draft = { -readonly [K in keyof Selector]: Selector[K] };

/** Reads the words behind `show` or `flush` (ip/iproute.c: iproute_list_flush_or_save). */
export function readSelector(call: IpCall, rest: readonly string[]): Selector {
  const words = new Words(rest);
  const wish: Draft = {
    family: call.family,
    table: TABLE_MAIN,
    cached: false,
    protocol: undefined,
    scope: undefined,
    type: undefined,
    link: undefined,
    metric: undefined,
    via: undefined,
    source: undefined,
    tos: undefined,
    realms: undefined,
    impossible: false,
    root: undefined,
    match: undefined,
  };
  let device: string | undefined;
  for (; !words.done; words.step()) {
    if (words.word === "dev" || words.word === "oif") device = words.next();
    else readOne(call, words, wish);
  }
  const named = wish.match?.family ?? wish.root?.family;
  if (wish.family === undefined && named === 6) wish.family = 6;
  if (wish.family === undefined && wish.table !== 0) wish.family = 4;
  if (device !== undefined) wish.link = call.mustFindLink(device).index;
  return wish;
}

function readOne(call: IpCall, words: Words, wish: Draft): void {
  const { word } = words;
  const { tables, protocols, scopes } = call.names;
  if (matches(word, "table")) {
    const value = words.next();
    if (value === "all") wish.table = 0;
    else if (value === "cache") wish.cached = true;
    else if (value === "help") throw new Exit(255, ROUTE_USAGE);
    else {
      const table = tables.number(value, 0xffff_ffff);
      if (table === undefined) throw invalid("table id value is invalid\n", value);
      wish.table = table;
    }
  } else if (matches(word, "cached") || matches(word, "cloned")) wish.cached = true;
  else if (matches(word, "protocol")) {
    const protocol = protocols.number(words.next(), 255);
    if (protocol !== undefined) wish.protocol = protocols.name(protocol);
    else if (words.word !== "all") throw invalid('invalid "protocol"\n', words.word);
  } else if (matches(word, "scope")) {
    const scope = scopes.number(words.next(), 255);
    if (scope !== undefined) wish.scope = scopeOf(scope);
    else if (words.word !== "all") throw invalid('invalid "scope"\n', words.word);
  } else if (matches(word, "type")) {
    const type = readType(words.next());
    if (!type) throw invalid("node type value is invalid\n", words.word);
    wish.type = type;
  } else if (word === "metric") {
    const metric = readUnsigned(words.next());
    if (metric === undefined) throw invalid("metric value is invalid\n", words.word);
    wish.metric = metric;
  } else if (word === "via") {
    const family = words.next() === "inet" ? 4 : words.word === "inet6" ? 6 : undefined;
    if (family !== undefined) words.next();
    wish.via = mustBePrefix(words.word, family ?? wish.family);
  } else if (word === "src") wish.source = mustBePrefix(words.next(), wish.family);
  else if (word === "tos" || matches(word, "dsfield")) {
    wish.tos = readService(call.names, words.next());
    if (wish.tos === undefined) throw invalid("TOS value is invalid\n", words.word);
  } else if (word === "vrf") throw invalid("Invalid VRF\n", words.next());
  else if (word === "iif") {
    call.mustFindLink(words.next());
    wish.impossible = true;
  } else if (word === "mark") {
    const mark = readUnsigned(words.next());
    if (mark === undefined) throw invalid("invalid mark value", words.word);
    if (mark !== 0) wish.impossible = true;
  } else if (matches(word, "realms")) wish.realms = readRealmFilter(call, words.next());
  else if (matches(word, "from")) {
    words.next();
    const form = ["root", "match", "exact"].find((one) => matches(words.word, one));
    if (form !== undefined) words.next();
    // Routes by source are not simulated: only the one that is from anywhere fits.
    if (mustBePrefix(words.word, wish.family).length > 0 && form !== "match") wish.impossible = true;
  } else {
    if (matches(word, "to") && words.hasMore) words.next();
    if (matches(words.word, "root")) wish.root = mustBePrefix(words.next(), wish.family);
    else if (matches(words.word, "match")) wish.match = mustBePrefix(words.next(), wish.family);
    else {
      if (matches(words.word, "exact")) words.next();
      if (matches(words.word, "help")) throw new Exit(255, ROUTE_USAGE);
      // Without a family these two are no address at all (get_addr_1).
      if (wish.family === undefined && (words.word === "any" || words.word === "all")) return;
      wish.root = wish.match = mustBePrefix(words.word, wish.family);
    }
  }
}

/** `3/4`; a half that is missing is any (iproute_list_flush_or_save). */
function readRealmFilter(call: IpCall, word: string): { value: number; mask: number } {
  const value = readRealms(call.names, word);
  if (value === undefined) throw invalid("invalid realms\n", word);
  const anyTo = value % 0x1_0000 === 0 && word.endsWith("/");
  const anyFrom = value < 0x1_0000 && (!word.includes("/") || word.startsWith("/"));
  return { value, mask: (anyTo ? 0 : 0xffff) + (anyFrom ? 0 : 0xffff_0000) };
}

export function selects(selector: Selector, row: RouteRow): boolean {
  if (selector.cached || selector.impossible) return false;
  if (selector.family !== undefined && row.family !== selector.family) return false;
  if (selector.table > 0 && row.table !== selector.table) return false;
  if (selector.protocol !== undefined && row.protocol !== selector.protocol) return false;
  if (selector.scope !== undefined && row.scope !== selector.scope) return false;
  if (selector.type !== undefined && row.type !== selector.type) return false;
  if (selector.metric !== undefined && row.metric !== selector.metric) return false;
  // The kernel tells of several hops in another attribute, where iproute2 does not look.
  const hop = row.hops.length === 1 ? row.hops[0] : undefined;
  if (selector.link !== undefined && hop?.link !== selector.link) return false;
  if (selector.tos !== undefined && selector.tos !== (row.tos ?? 0)) return false;
  if (selector.realms && (((hop?.realms ?? 0) ^ selector.realms.value) & selector.realms.mask) !== 0) return false;
  if (selector.via && !(hop?.via !== undefined && within(selector.via, address(hop.via)))) return false;
  if (selector.source && !(row.source !== undefined && within(selector.source, address(row.source)))) return false;
  return inRange(selector, row);
}

function inRange({ root, match }: Selector, row: RouteRow): boolean {
  const prefix = parsePrefix(row.to)!;
  if (root && (root.family !== row.family || prefix.length < root.length || !within(root, prefix.address)))
    return false;
  if (!match) return true;
  if (match.family !== row.family || prefix.length > match.length) return false;
  return networkOf(match.address, prefix.length) === prefix.address;
}

/** A table exists once a route was put into it; dumping another is refused (inet_dump_fib). */
export function requireTable(call: IpCall, { table, family }: Selector, what = "Dump"): void {
  if (table === 0 || table === TABLE_MAIN || table === TABLE_LOCAL) return;
  if (hasTable(call.ns, table, family ?? 4)) return;
  throw new Exit(2, `Error: ipv${family ?? 4}: FIB table does not exist.\n${what} terminated\n`);
}

import {
  address,
  networkOf,
  parsePrefix,
  TABLE_LOCAL,
  TABLE_MAIN,
  type RouteRow,
  type RouteType,
} from "../../../sim/net/index.ts";
import { scopeOf } from "../address/filter.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
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
  } else if (word === "via") wish.via = mustBePrefix(words.next(), wish.family);
  else if (word === "src") wish.source = mustBePrefix(words.next(), wish.family);
  else if (["iif", "mark", "nhid", "vrf", "tos", "dsfield", "realms", "from"].includes(word))
    throw notSimulated("ip", word);
  else {
    if (matches(word, "to") && words.hasMore) words.next();
    if (matches(words.word, "root")) wish.root = mustBePrefix(words.next(), wish.family);
    else if (matches(words.word, "match")) wish.match = mustBePrefix(words.next(), wish.family);
    else {
      if (matches(words.word, "exact")) words.next();
      if (matches(words.word, "help")) throw new Exit(255, ROUTE_USAGE);
      wish.root = wish.match = mustBePrefix(words.word, wish.family);
    }
  }
}

export function selects(selector: Selector, row: RouteRow): boolean {
  if (selector.cached) return false;
  if (selector.family !== undefined && row.family !== selector.family) return false;
  if (selector.table > 0 && row.table !== selector.table) return false;
  if (selector.protocol !== undefined && row.protocol !== selector.protocol) return false;
  if (selector.scope !== undefined && row.scope !== selector.scope) return false;
  if (selector.type !== undefined && row.type !== selector.type) return false;
  if (selector.metric !== undefined && row.metric !== selector.metric) return false;
  // The kernel tells of several hops in another attribute, where iproute2 does not look.
  const hop = row.hops.length === 1 ? row.hops[0] : undefined;
  if (selector.link !== undefined && hop?.link !== selector.link) return false;
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
export function requireTable(call: IpCall, { table, family }: Selector): void {
  if (table === 0 || table === TABLE_MAIN || table === TABLE_LOCAL) return;
  for (const rows of call.ns.routes.values()) if (rows[0]?.table === table && rows[0].family === family) return;
  throw new Exit(2, `Error: ipv${family ?? 4}: FIB table does not exist.\nDump terminated\n`);
}

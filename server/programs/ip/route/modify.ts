import {
  addRoute,
  expireRoute,
  addressText,
  deleteRoute,
  TABLE_LOCAL,
  TABLE_MAIN,
  type AddressScope,
  type NextHop,
  type RouteMode,
  type RouteSpec,
  type RouteType,
} from "../../../sim/net/index.ts";
import { scopeOf } from "../address/filter.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { mustBeAddress, mustBePrefix, typedText, type Family, type TypedPrefix } from "../prefix.ts";
import { SECOND } from "../../../sim/kernel/index.ts";
import { readRealms, readService } from "../names.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { garbage, invalid, matches, readUnsigned, Words } from "../words.ts";
import { readEncapsulation } from "./encapsulation.ts";
import { readMetric, requireCongestionControl } from "./metrics.ts";
import { readType } from "./types.ts";

interface Wish {
  to?: TypedPrefix;
  type?: RouteType;
  family: Family | undefined;
  via?: string;
  device?: string;
  source?: string;
  table?: number;
  metric?: number;
  protocol?: string;
  scope?: AddressScope;
  mtu?: number;
  metrics?: Record<string, number | string>;
  locked?: string[];
  tos?: number;
  realms?: number;
  encapsulation?: NonNullable<NextHop["encapsulation"]>;
  nexthop?: number;
  /** In seconds. */
  expires?: number;
  preference?: "low" | "high";
  onlink?: true;
  readonly hops: Partial<NextHop>[];
}

/** `ip route add` and its like (ip/iproute.c: iproute_modify). */
export function putRoute(call: IpCall, rest: readonly string[], mode: RouteMode): number {
  const wish = readWish(call, rest);
  const to = destination(wish);
  const hop: Partial<NextHop> = {
    ...(wish.via === undefined ? {} : { via: wish.via }),
    ...(wish.device === undefined ? {} : { link: call.mustFindLink(wish.device).index }),
    ...(wish.onlink ? { onlink: true } : {}),
    ...(wish.realms === undefined ? {} : { realms: wish.realms }),
    ...(wish.encapsulation === undefined ? {} : { encapsulation: wish.encapsulation }),
  };
  call.requireAdmin();
  requireCongestionControl(wish);
  const hops = wish.hops.length > 0 ? wish.hops : Object.keys(hop).length > 0 ? [hop] : undefined;
  const local = ["local", "broadcast", "anycast", "nat"].includes(wish.type ?? "unicast");
  const expires = wish.expires ? call.ns.kernel.now + wish.expires * SECOND : undefined;
  const row = talk(
    addRoute(
      call.ns,
      {
        to,
        table: wish.table ?? (local ? TABLE_LOCAL : TABLE_MAIN),
        ...(wish.type === undefined ? {} : { type: wish.type }),
        ...(wish.metric === undefined ? {} : { metric: wish.metric }),
        ...(wish.protocol === undefined ? {} : { protocol: wish.protocol }),
        ...(wish.scope === undefined ? {} : { scope: wish.scope }),
        ...(wish.source === undefined ? {} : { source: wish.source }),
        ...extras(wish),
        ...(expires === undefined ? {} : { expires }),
        ...(hops ? { hops } : {}),
      },
      mode,
    ),
  );
  if (row.expires !== undefined) expireRoute(call.ns, row.expires);
  return 0;
}

/** What a new route has, and a deletion names, besides where it leads. */
function extras(wish: Wish): Partial<RouteSpec> {
  return {
    ...(wish.mtu === undefined ? {} : { mtu: wish.mtu }),
    ...(wish.metrics === undefined ? {} : { metrics: wish.metrics }),
    ...(wish.locked === undefined ? {} : { locked: wish.locked }),
    ...(wish.tos === undefined ? {} : { tos: wish.tos }),
    ...(wish.nexthop === undefined ? {} : { nexthop: wish.nexthop }),
    ...(wish.preference === undefined ? {} : { preference: wish.preference }),
  };
}

/** `ip route delete`: the first route that has all that is named. */
export function deleteOne(call: IpCall, rest: readonly string[]): number {
  const wish = readWish(call, rest);
  const to = destination(wish);
  const link = wish.device === undefined ? {} : { link: call.mustFindLink(wish.device).index };
  call.requireAdmin();
  const [hop] = wish.hops;
  const via = wish.via ?? hop?.via;
  talk(
    deleteRoute(call.ns, {
      to,
      ...link,
      ...extras(wish),
      ...(via === undefined ? {} : { via }),
      ...(wish.type === undefined ? {} : { type: wish.type }),
      ...(wish.table === undefined ? {} : { table: wish.table }),
      ...(wish.metric === undefined ? {} : { metric: wish.metric }),
      ...(wish.protocol === undefined ? {} : { protocol: wish.protocol }),
      ...(wish.scope === undefined ? {} : { scope: wish.scope }),
      ...(wish.source === undefined ? {} : { source: wish.source }),
    }),
  );
  return 0;
}

function destination({ to, family }: Wish): string {
  if (!to) throw new Exit(255, ROUTE_USAGE);
  return to.length === 0 && family === 6 ? "::/0" : typedText(to);
}

function readWish(call: IpCall, rest: readonly string[]): Wish {
  const words = new Words(rest);
  const wish: Wish = { family: call.family, hops: [] };
  for (; !words.done; words.step()) {
    const { word } = words;
    if (word === "src") {
      const source = mustBeAddress(words.next(), wish.family);
      wish.family ??= typeof source === "number" ? 4 : 6;
      wish.source = addressText(source);
    } else if (word === "as") {
      // Only MPLS writes another destination; the kernel does not look at it for IP.
      if (words.next() === "to") words.next();
      mustBeAddress(words.word, wish.family);
    } else if (word === "via") wish.via = readGateway(words, wish);
    else if (word === "from") {
      const from = mustBePrefix(words.next(), wish.family);
      wish.family ??= from.family;
      // IPv4 has no routes by source.
      if (wish.family === 6 && from.length > 0) throw notSimulated("ip", "route from");
    } else if (word === "tos" || matches(word, "dsfield")) {
      const tos = readService(call.names, words.next());
      if (tos === undefined) throw invalid('"tos" value is invalid\n', words.word);
      wish.tos = tos;
    } else if (word === "expires") wish.expires = number(words.next(), "expires");
    else if (matches(word, "metric") || matches(word, "priority") || word === "preference")
      wish.metric = number(words.next(), "metric");
    else if (word === "scope") wish.scope = readScope(call, words.next());
    else if (word === "mtu") {
      if (words.next() === "lock") {
        (wish.locked ??= []).push("mtu");
        words.next();
      }
      wish.mtu = number(words.word, "mtu");
    } else if (readMetric(words, wish)) {
      // It is read.
    } else if (matches(word, "realms")) wish.realms = realms(call, words.next());
    else if (word === "nhid") {
      const id = readUnsigned(words.next());
      if (id === undefined) throw invalid('"id" value is invalid\n', words.word);
      wish.nexthop = id;
    } else if (matches(word, "protocol")) {
      const protocol = call.names.protocols.number(words.next(), 255);
      if (protocol === undefined) throw invalid('"protocol" value is invalid\n', words.word);
      wish.protocol = call.names.protocols.name(protocol);
    } else if (matches(word, "table")) {
      const table = call.names.tables.number(words.next(), 0xffff_ffff);
      if (table === undefined) throw invalid('"table" value is invalid\n', words.word);
      wish.table = table;
    } else if (word === "dev" || word === "oif") wish.device = words.next();
    else if (word === "onlink") wish.onlink = true;
    else if (word === "nexthop") {
      readHops(call, words, wish);
      break;
    } else if (word === "vrf") throw invalid("Invalid VRF\n", words.next());
    else if (matches(word, "pref")) readPreference(words, wish);
    else if (word === "encap") wish.encapsulation = readEncapsulation(words);
    else if (word === "ttl-propagate") {
      // Of MPLS, which says so to nobody else.
      if (!["enabled", "disabled"].includes(words.next()))
        throw invalid('"ttl-propagate" value is invalid\n', words.word);
    } else readDestination(words, wish);
  }
  return wish;
}

/** `[TYPE] PREFIX`, perhaps behind `to`. */
function readDestination(words: Words, wish: Wish): void {
  if (words.word === "to") words.next();
  const type = /^\d/.test(words.word) ? undefined : readType(words.word);
  if (type !== undefined) {
    wish.type = type;
    words.next();
  }
  if (matches(words.word, "help")) throw new Exit(255, ROUTE_USAGE);
  if (wish.to) throw garbage("to", words.word);
  wish.to = mustBePrefix(words.word, wish.family);
  if (!["default", "any", "all"].includes(words.word)) wish.family ??= wish.to.family;
}

/** `[inet|inet6] ADDRESS`. */
function readGateway(words: Words, wish: Wish): string {
  let { family } = wish;
  if (words.next() === "inet" || words.word === "inet6") {
    family = words.word === "inet" ? 4 : 6;
    words.next();
  }
  const gateway = mustBeAddress(words.word, family);
  wish.family ??= typeof gateway === "number" ? 4 : 6;
  return addressText(gateway);
}

/** `nexthop via 10.0.0.1 dev eth0 weight 2 nexthop …` (parse_nexthops). */
function readHops(call: IpCall, words: Words, wish: Wish): void {
  while (!words.done) {
    if (!atHop(words)) throw expected(words.word);
    if (!words.hasMore) throw new Exit(255, 'Error: unexpected end of line after "nexthop"\n');
    words.step();
    const hop: { -readonly [K in keyof NextHop]?: NextHop[K] } = {};
    for (; !words.done && !atHop(words); words.step()) {
      const { word } = words;
      if (word === "via") hop.via = readGateway(words, wish);
      else if (word === "dev") {
        const link = call.findLink(words.next());
        if (!link) throw new Exit(255, `Cannot find device "${words.word}"\n`);
        hop.link = link.index;
      } else if (word === "weight") {
        const weight = readUnsigned(words.next(), 256) ?? 0;
        if (weight === 0) throw invalid('"weight" is invalid\n', words.word);
        hop.weight = weight;
      } else if (word === "onlink") hop.onlink = true;
      else if (matches(word, "realms")) hop.realms = realms(call, words.next());
      else if (word === "encap") hop.encapsulation = readEncapsulation(words);
      else throw expected(word);
    }
    wish.hops.push(hop);
  }
}

function atHop(words: Words): boolean {
  return words.word === "nexthop";
}

function expected(word: string): Exit {
  return new Exit(255, `Error: "nexthop" or end of line is expected instead of "${word}"\n`);
}

function realms(call: IpCall, word: string): number {
  const value = readRealms(call.names, word);
  if (value === undefined) throw invalid('"realm" value is invalid\n', word);
  return value;
}

/** How an IPv6 router ranks it; IPv4 does not look at it. */
function readPreference(words: Words, wish: Wish): void {
  const word = words.next();
  if (word === "low" || word === "high") wish.preference = word;
  else if (word !== "medium") {
    const value = readUnsigned(word, 255);
    if (value === undefined) throw invalid('"pref" value is invalid\n', word);
    if (value === 1) wish.preference = "high";
    else if (value === 3) wish.preference = "low";
  }
}

function readScope(call: IpCall, word: string): AddressScope {
  const scope = call.names.scopes.number(word, 255);
  if (scope === undefined) throw invalid('invalid "scope" value\n', word);
  return scopeOf(scope);
}

function number(word: string, what: string): number {
  const value = readUnsigned(word);
  if (value === undefined) throw invalid(`"${what}" value is invalid\n`, word);
  return value;
}

import {
  addRoute,
  addressText,
  deleteRoute,
  TABLE_LOCAL,
  TABLE_MAIN,
  type AddressScope,
  type NextHop,
  type RouteMode,
  type RouteType,
} from "../../../sim/net/index.ts";
import { scopeOf } from "../address/filter.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { mustBeAddress, mustBePrefix, typedText, type Family, type TypedPrefix } from "../prefix.ts";
import { ROUTE_USAGE } from "../usage/route.ts";
import { garbage, invalid, matches, readUnsigned, Words } from "../words.ts";
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
  onlink?: true;
  readonly hops: Partial<NextHop>[];
}

/** Options of routes that Linux has and this simulation has not. */
const UNSIMULATED = [
  "as", "from", "tos", "dsfield", "expires", "hoplimit", "advmss", "reordering", "rtt", "rto_min", "window", "cwnd",
  "initcwnd", "initrwnd", "features", "quickack", "congctl", "rttvar", "ssthresh", "realms", "vrf", "encap", "nhid",
  "pervasive", "ttl-propagate", "fastopen_no_cookie", "pref",
]; // prettier-ignore

/** `ip route add` and its like (ip/iproute.c: iproute_modify). */
export function putRoute(call: IpCall, rest: readonly string[], mode: RouteMode): number {
  const wish = readWish(call, rest);
  const to = destination(wish);
  const hop: Partial<NextHop> = {
    ...(wish.via === undefined ? {} : { via: wish.via }),
    ...(wish.device === undefined ? {} : { link: call.mustFindLink(wish.device).index }),
    ...(wish.onlink ? { onlink: true } : {}),
  };
  call.requireAdmin();
  const hops = wish.hops.length > 0 ? wish.hops : Object.keys(hop).length > 0 ? [hop] : undefined;
  const local = ["local", "broadcast", "anycast"].includes(wish.type ?? "unicast");
  talk(
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
        ...(wish.mtu === undefined ? {} : { mtu: wish.mtu }),
        ...(hops ? { hops } : {}),
      },
      mode,
    ),
  );
  return 0;
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
    } else if (word === "via") wish.via = readGateway(words, wish);
    else if (matches(word, "metric") || matches(word, "priority") || word === "preference")
      wish.metric = number(words.next(), "metric");
    else if (word === "scope") wish.scope = readScope(call, words.next());
    else if (word === "mtu") {
      if (words.next() === "lock") throw notSimulated("ip", "mtu lock");
      wish.mtu = number(words.word, "mtu");
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
    } else if (UNSIMULATED.includes(word)) throw notSimulated("ip", word);
    else readDestination(words, wish);
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
  if (wish.family === 4 && typeof gateway !== "number") throw notSimulated("ip", "via inet6");
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
      else throw UNSIMULATED.includes(word) ? notSimulated("ip", word) : expected(word);
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

import { address, parsePrefix, type Address } from "../ip.ts";
import { scopeNumber } from "../address-row.ts";
import type { Errno } from "../errno.ts";
import type { Namespace } from "../namespace.ts";
import type { Flow } from "./flow.ts";
import type { RouteRow, RouteType } from "./row.ts";

/** A route made ready for the walk. */
export interface Entry {
  readonly row: RouteRow;
  /** Of the prefix. */
  readonly length: number;
  readonly scope: number;
  readonly tos: number;
  readonly source: Address | undefined;
  /** What a sender gets instead of a way. */
  readonly error: Errno | undefined;
  readonly choices: readonly Choice[];
}

/** One next hop of a route. */
export interface Choice {
  readonly entry: Entry;
  /** Index of the link, 0 where the route has none. */
  readonly link: number;
  readonly via: Address | undefined;
  readonly weight: number;
}

const ERRORS: Partial<Record<RouteType, Errno>> = {
  blackhole: "EINVAL",
  unreachable: "EHOSTUNREACH",
  prohibit: "EACCES",
};

interface Length {
  readonly length: number;
  readonly byNetwork: Map<Address, readonly Entry[]>;
}

/** Longest prefix first. A lookup tries one map for each length that occurs. */
class RouteTable {
  readonly lengths4: Length[] = [];
  readonly lengths6: Length[] = [];

  put(network: Address, length: number, entries: readonly Entry[]): void {
    const lengths = typeof network === "number" ? this.lengths4 : this.lengths6;
    let at = lengths.findIndex((candidate) => candidate.length <= length);
    if (at < 0) at = lengths.length;
    if (lengths[at]?.length !== length) lengths.splice(at, 0, { length, byNetwork: new Map() });
    const { byNetwork } = lengths[at]!;
    if (entries.length > 0) byNetwork.set(network, entries);
    else byNetwork.delete(network);
    if (byNetwork.size === 0) lengths.splice(at, 1);
  }

  get(network: Address, length: number): readonly Entry[] {
    const lengths = typeof network === "number" ? this.lengths4 : this.lengths6;
    return lengths.find((candidate) => candidate.length === length)?.byNetwork.get(network) ?? [];
  }

  /** The first route that suits the flow, from the longest prefix to the shortest; none by links in `dead`. */
  find(query: Flow, dead?: ReadonlySet<number>): Choice | undefined {
    const { destination } = query;
    if (typeof destination === "number") {
      for (const { length, byNetwork } of this.lengths4) {
        const entries = byNetwork.get(length === 0 ? 0 : destination & (-1 << (32 - length)));
        const choice = entries && firstSuitable(entries, query, dead);
        if (choice) return choice;
      }
      return undefined;
    }
    for (const { length, byNetwork } of this.lengths6) {
      const shift = BigInt(128 - length);
      const entries = byNetwork.get((destination >> shift) << shift);
      const choice = entries && firstSuitable(entries, query, dead);
      if (choice) return choice;
    }
    return undefined;
  }
}

function firstSuitable(
  entries: readonly Entry[],
  query: Flow,
  dead: ReadonlySet<number> | undefined,
): Choice | undefined {
  for (const entry of entries) {
    if (entry.scope < query.minScope || (entry.tos !== 0 && entry.tos !== query.tos)) continue;
    const choices = dead === undefined ? entry.choices : entry.choices.filter(({ link }) => !dead.has(link));
    if (choices.length === 0) continue;
    const choice =
      query.oif !== 0
        ? choices.find((candidate) => candidate.link === 0 || candidate.link === query.oif)
        : choices.length === 1
          ? choices[0]
          : weighted(choices, query);
    if (choice) return choice;
  }
  return undefined;
}

/** Multipath by source and destination, so that a flow keeps its way (fib_multipath_hash_policy 0). */
function weighted(choices: readonly Choice[], query: Flow): Choice {
  let total = 0;
  for (const choice of choices) total += choice.weight;
  let hash = Math.imul(fold(query.destination) ^ Math.imul(fold(query.source ?? 0), 0x85ebca6b), 0xc2b2ae35);
  if (query.ports) hash = Math.imul(hash ^ ((query.sport << 16) | query.dport) ^ query.protocol, 0x9e3779b1);
  hash = (hash ^ (hash >>> 15)) >>> 0;
  let at = hash % total;
  for (const choice of choices) if ((at -= choice.weight) < 0) return choice;
  return choices[0]!;
}

function fold(value: Address): number {
  return typeof value === "number" ? value : Number(BigInt.asIntN(32, value ^ (value >> 32n) ^ (value >> 64n)));
}

/** The forwarding information base of a namespace, as of a version of its routes. */
export class Fib {
  version: number;
  readonly #tables = new Map<number, RouteTable>();

  constructor(ns: Namespace) {
    this.version = ns.routes.version;
    for (const [key, rows] of ns.routes.entries()) this.replace(key, rows);
  }

  table(id: number): RouteTable | undefined {
    return this.#tables.get(id);
  }

  replace(key: string, rows: readonly RouteRow[]): void {
    const space = key.indexOf(" ");
    const id = Number(key.slice(0, space));
    const prefix = parsePrefix(key.slice(space + 1))!;
    let table = this.#tables.get(id);
    if (!table) this.#tables.set(id, (table = new RouteTable()));
    const before = table.get(prefix.address, prefix.length);
    // One is added to many, or goes from among them: the others stay as they are, at most one place further.
    const known = (row: RouteRow, at: number): Entry | undefined => {
      for (let place = Math.max(0, at - 1); place <= at + 1; place++)
        if (before[place]?.row === row) return before[place];
      return undefined;
    };
    table.put(
      prefix.address,
      prefix.length,
      rows.map((row, at) => known(row, at) ?? makeEntry(row)),
    );
  }
}

export function fibOf(ns: Namespace): Fib {
  if (ns.fib?.version !== ns.routes.version) ns.fib = new Fib(ns);
  return ns.fib;
}

export function routeKey(table: number, to: string): string {
  return `${table} ${to}`;
}

/** Writes the routes to one prefix and keeps the FIB good, so that thousands of routes can be added one by one. */
export function putRoutes(ns: Namespace, table: number, to: string, rows: readonly RouteRow[]): void {
  const fib = fibOf(ns);
  const key = routeKey(table, to);
  if (rows.length > 0) ns.routes.set(key, rows);
  else ns.routes.delete(key);
  fib.replace(key, rows);
  fib.version = ns.routes.version;
}

export function makeEntry(row: RouteRow): Entry {
  const choices: Choice[] = [];
  const entry: Entry = {
    row,
    length: Number(row.to.slice(row.to.indexOf("/") + 1)),
    scope: scopeNumber(row.scope),
    tos: row.tos ?? 0,
    source: row.source === undefined ? undefined : address(row.source),
    error: ERRORS[row.type],
    choices,
  };
  for (const hop of row.hops) {
    const via = hop.via === undefined || hop.own ? undefined : address(hop.via);
    choices.push({ entry, link: hop.link, via, weight: hop.weight ?? 1 });
  }
  if (choices.length === 0) choices.push({ entry, link: 0, via: undefined, weight: 1 });
  return entry;
}

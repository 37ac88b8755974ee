import type { Time } from "../../kernel/index.ts";
import type { Namespace } from "../namespace.ts";
import type { Counter, HookName } from "../netfilter/row.ts";
import type { Rows } from "../rows.ts";
import { compileChain, type CompiledChain } from "./compile.ts";
import { valueOf, type Primitive } from "./data-type.ts";
import { compileSet, keyOf, type Found } from "./lookup.ts";
import type { ChainRow, CounterRow, DynamicRow, SetRow, TableRow } from "./row.ts";

/** The tables of nf_tables in a namespace that nft made, apart from those of iptables-nft. */
export class Nftables {
  readonly ns: Namespace;
  /** By family and name: `inet filter`. */
  readonly tables: Rows<string, TableRow>;
  /** By table and name: `inet filter input`. */
  readonly chains: Rows<string, ChainRow>;
  readonly sets: Rows<string, SetRow>;
  readonly counters: Rows<string, CounterRow>;
  /** What rules and named counters counted, by their ids. */
  readonly counts: Rows<number, Counter>;
  /** What packets put into sets: by the set's id and the element. */
  readonly dynamics: Rows<string, DynamicRow>;
  readonly #turns: Rows<string, number>;
  #version = -1;
  #bases = new Map<string, readonly CompiledChain[]>();
  #tracks = { 4: false, 6: false };
  #nat = false;

  constructor(ns: Namespace) {
    this.ns = ns;
    this.tables = ns.rows("nft/tables");
    this.chains = ns.rows("nft/chains");
    this.sets = ns.rows("nft/sets");
    this.counters = ns.rows("nft/counters");
    this.counts = ns.quietRows("nft/counts");
    this.dynamics = ns.quietRows("nft/dynamics");
    this.#turns = ns.quietRows("nft/turns");
  }

  get idle(): boolean {
    return this.chains.size === 0;
  }

  tracks(family: 4 | 6): boolean {
    this.#refresh();
    return this.#tracks[family];
  }

  /** Some chain translates addresses. */
  get hasNat(): boolean {
    this.#refresh();
    return this.#nat;
  }

  /** The chains at a hook that packets of a family meet, in order. */
  bases(hook: HookName, family: 4 | 6): readonly CompiledChain[] {
    this.#refresh();
    return this.#bases.get(`${hook} ${family}`) ?? NONE;
  }

  chain(key: string): CompiledChain | undefined {
    const row = this.chains.get(key);
    return row && compileChain(row);
  }

  add(rule: number, start: Counter, packets: number, bytes: number): undefined {
    const known = this.counts.get(rule) ?? start;
    this.counts.set(rule, { packets: known.packets + packets, bytes: known.bytes + bytes });
  }

  addNamed(key: string, packets: number, bytes: number): undefined {
    const row = this.counters.get(key);
    if (row) this.add(row.id, row, packets, bytes);
  }

  /** Counts how often it was asked, from 0. */
  count(key: string): number {
    const turn = this.#turns.get(key) ?? 0;
    this.#turns.set(key, turn + 1);
    return turn;
  }

  lookup(key: string, values: readonly Primitive[]): Found | undefined {
    const set = this.sets.get(key);
    if (!set) return undefined;
    const { now } = this.ns.kernel;
    const found = compileSet(set).find(values, now);
    if (found || !set.grows) return found;
    const row = this.dynamics.get(`${set.id} ${keyOf(values)}`);
    return row && row.expires > now ? { data: undefined } : undefined;
  }

  /** Puts an element into a set, or takes it out; false if the set is full. `timeout` in milliseconds. */
  dynamic(key: string, verb: "add" | "update" | "delete", values: readonly Primitive[], timeout?: number): boolean {
    const set = this.sets.get(key);
    if (!set) return false;
    const { now } = this.ns.kernel;
    const place = `${set.id} ${keyOf(values)}`;
    const known = this.dynamics.get(place);
    if (verb === "delete") {
      this.dynamics.delete(place);
      return true;
    }
    if (known && known.expires > now && verb === "add") return true;
    if (!known && set.size !== undefined && this.elementsOf(set).length >= set.size) return false;
    const lasts = timeout ?? set.timeout;
    const row = { key: values.map((value, at) => valueOf(value, set.key[at]!)), expires: lasts === undefined ? NEVER : now + lasts * 1000 }; // prettier-ignore
    this.dynamics.set(place, { ...row, ...(timeout === undefined ? {} : { timeout }) });
    return true;
  }

  /** What packets put into a set and is still there. */
  elementsOf(set: SetRow): DynamicRow[] {
    const out: DynamicRow[] = [];
    const start = `${set.id} `;
    for (const [key, row] of this.dynamics.entries())
      if (key.startsWith(start) && row.expires > this.ns.kernel.now) out.push(row);
    return out;
  }

  /** Versions only grow, so that their sum is the same only if nothing was written. */
  #refresh(): void {
    const version = this.tables.version + this.chains.version;
    if (version === this.#version) return;
    this.#version = version;
    const bases = new Map<string, CompiledChain[]>();
    this.#tracks = { 4: false, 6: false };
    this.#nat = false;
    for (const row of this.chains.values()) {
      const families =
        row.family === "inet" ? ([4, 6] as const) : row.family === "ip" ? ([4] as const) : ([6] as const);
      const chain = compileChain(row);
      this.#nat ||= row.base?.type === "nat";
      for (const family of families) {
        this.#tracks[family] ||= chain.tracks;
        if (!row.base || this.tables.get(`${row.family} ${row.table}`)?.dormant) continue;
        const key = `${row.base.hook} ${family}`;
        bases.set(key, [...(bases.get(key) ?? []), chain]);
      }
    }
    for (const list of bases.values()) list.sort((a, b) => earlier(a.row, b.row));
    this.#bases = bases;
  }
}

const NONE: readonly CompiledChain[] = [];

/** Later than all that can happen. */
export const NEVER: Time = Number.MAX_SAFE_INTEGER;

function earlier({ base: a }: ChainRow, { base: b }: ChainRow): number {
  return a!.priority - b!.priority || b!.registered - a!.registered;
}

export function nftablesOf(ns: Namespace): Nftables {
  return (ns.nftables ??= new Nftables(ns));
}

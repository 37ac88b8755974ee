import type { Namespace } from "../namespace.ts";
import type { Rows } from "../rows.ts";
import { compileChain, type CompiledChain } from "./compile.ts";
import { MATCHES, TARGETS } from "./registry.ts";
import type { Reach } from "./validate.ts";
import { TABLES, type Backend, type ChainRow, type Counter, type Family, type RuleRow, type TableName } from "./row.ts";

/** The rules of one table. */
export class RuleTable {
  readonly name: TableName;
  readonly chains: Rows<string, ChainRow>;
  /** What policies decided, by chain. */
  readonly policyCounters: Rows<string, Counter>;
  /** The tables of a namespace, in the order in which they were made: `ip filter`, `ip6 nat`. Shared by all of its families. */
  readonly #made: Rows<string, true>;
  readonly #key: string;
  /** What was found of its chains when they were last checked, at that version of them. */
  validated: { readonly version: number; readonly reach: Reach } | undefined;
  #version = -1;
  #compiled = new Map<string, CompiledChain>();
  #tracks = false;

  constructor(ns: Namespace, prefix: string, name: TableName) {
    this.name = name;
    this.chains = ns.rows(`${prefix}/${name}/chains`);
    this.policyCounters = ns.quietRows(`${prefix}/${name}/policies`);
    this.#made = ns.rows("netfilter/tables");
    this.#key = `${prefix} ${name}`;
  }

  /** The table exists once something was written into it; until then its chains are only shown. */
  get exists(): boolean {
    return this.chains.size > 0 || this.#made.has(this.#key);
  }

  make(): void {
    if (!this.#made.has(this.#key)) this.#made.set(this.#key, true);
  }

  drop(): void {
    this.#made.delete(this.#key);
  }

  /** The chains as of now, by name. */
  get compiled(): ReadonlyMap<string, CompiledChain> {
    this.#refresh();
    return this.#compiled;
  }

  /** True if a rule needs connection tracking. */
  get tracks(): boolean {
    this.#refresh();
    return this.#tracks;
  }

  #refresh(): void {
    const { version } = this.chains;
    if (version === this.#version) return;
    this.#version = version;
    this.#compiled = new Map();
    this.#tracks = false;
    for (const row of this.chains.values()) {
      this.#compiled.set(row.name, compileChain(row));
      this.#tracks ||= chainTracks(row);
    }
  }
}

const tracking = new WeakMap<ChainRow, boolean>();

function chainTracks(row: ChainRow): boolean {
  let known = tracking.get(row);
  if (known === undefined) tracking.set(row, (known = row.rules.some(ruleTracks)));
  return known;
}

function ruleTracks({ matches, target }: RuleRow): boolean {
  if (target?.kind === "extension" && TARGETS.get(target.name)!.tracks) return true;
  return matches.some(({ name }) => MATCHES.get(name)!.tracks);
}

/** All rules of one family in a namespace that came by one of the two interfaces. */
export class Netfilter {
  readonly ns: Namespace;
  readonly family: Family;
  readonly backend: Backend;
  readonly raw: RuleTable;
  readonly mangle: RuleTable;
  readonly nat: RuleTable;
  readonly filter: RuleTable;
  readonly security: RuleTable;
  /** Only this, as a list. */
  readonly alone: readonly Netfilter[] = [this];
  /** What rules matched, by rule. */
  readonly counters: Rows<number, Counter>;
  #version = -1;
  #tracks = false;
  #idle = true;

  constructor(ns: Namespace, family: Family, backend: Backend) {
    const prefix = `${family === 4 ? "iptables" : "ip6tables"}${backend === "legacy" ? "-legacy" : ""}`;
    this.ns = ns;
    this.family = family;
    this.backend = backend;
    this.raw = new RuleTable(ns, prefix, "raw");
    this.mangle = new RuleTable(ns, prefix, "mangle");
    this.nat = new RuleTable(ns, prefix, "nat");
    this.filter = new RuleTable(ns, prefix, "filter");
    this.security = new RuleTable(ns, prefix, "security");
    this.counters = ns.quietRows(`${prefix}/counters`);
  }

  /** Linux tracks connections in a namespace once a rule there asks for it (nf_ct_netns_get). */
  get tracks(): boolean {
    this.#refresh();
    return this.#tracks;
  }

  /** True if packets pass without being looked at. */
  get idle(): boolean {
    this.#refresh();
    return this.#idle;
  }

  count(rule: number, packets: number, bytes: number): void {
    const counter = this.counters.get(rule);
    this.counters.set(
      rule,
      counter ? { packets: counter.packets + packets, bytes: counter.bytes + bytes } : { packets, bytes },
    );
  }

  /** Versions only grow, so that their sum is the same only if nothing was written. */
  #refresh(): void {
    const { raw, mangle, nat, filter, security } = this;
    const version =
      raw.chains.version + mangle.chains.version + nat.chains.version + filter.chains.version + security.chains.version;
    if (version === this.#version) return;
    this.#version = version;
    this.#tracks = nat.tracks || filter.tracks || mangle.tracks || raw.tracks || security.tracks;
    this.#idle = TABLES.every((name) => !this[name].exists);
  }
}

/** The tables of nf_tables in a namespace, in the order in which they were made. */
export function madeTables(ns: Namespace): { readonly netfilter: Netfilter; readonly table: RuleTable }[] {
  const out: { netfilter: Netfilter; table: RuleTable }[] = [];
  for (const key of ns.rows<string, true>("netfilter/tables").keys()) {
    const [prefix, name] = key.split(" ") as [string, TableName];
    const netfilter =
      prefix === "iptables" ? netfilterOf(ns, 4) : prefix === "ip6tables" ? netfilterOf(ns, 6) : undefined;
    if (netfilter) out.push({ netfilter, table: netfilter[name] });
  }
  return out;
}

/** The rules of a namespace: those of nf_tables for IPv4, if nothing else is asked for. */
export function netfilterOf(ns: Namespace, family: Family = 4, backend: Backend = "nf_tables"): Netfilter {
  if (backend === "legacy")
    return family === 4
      ? (ns.netfilterLegacy4 ??= new Netfilter(ns, 4, backend))
      : (ns.netfilterLegacy6 ??= new Netfilter(ns, 6, backend));
  return family === 4
    ? (ns.netfilter4 ??= new Netfilter(ns, 4, backend))
    : (ns.netfilter6 ??= new Netfilter(ns, 6, backend));
}

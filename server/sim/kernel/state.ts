import { Table, type SharedTable } from "./table.ts";

/**
 * A table as JSON: its rows in the order in which they iterate. A table that stands on shared rows (an image's files)
 * holds only how it differs from them.
 */
export interface TableSnapshot {
  readonly rows: readonly [string | number, unknown][];
  readonly base?: string;
  readonly deleted?: readonly (string | number)[];
}

export interface StateSnapshot {
  readonly tables: Readonly<Record<string, TableSnapshot>>;
  readonly generations: Readonly<Record<string, number>>;
}

/** Rows that many worlds share and nobody changes, found again by name after a restore. */
export interface SharedRows<K extends string | number = string | number, V = unknown> {
  readonly name: string;
  readonly rows: ReadonlyMap<K, V>;
}

export interface TableOptions<K extends string | number, V> {
  /** Writes do not count as a change of the world (logs, counters, conntrack, leases): nobody re-evaluates anything for them. */
  readonly quiet?: boolean;
  /** What the table holds when it is made. */
  readonly base?: SharedRows<K, V>;
}

type AnyTable = Table<never, unknown>;

/** A table as the forks of a state share it: each makes one of its own when it first asks for it. */
interface Inherited {
  readonly rows: SharedTable<never, unknown>;
  readonly quiet: boolean;
  readonly base: SharedRows | undefined;
}

const NOTHING_INHERITED: ReadonlyMap<string, Inherited> = new Map();

interface Counter {
  count: number;
}

/** Everything that a world is, in named tables of plain rows. Classes of the simulation are views on it and keep only caches. */
export class State {
  readonly #tables = new Map<string, AnyTable>();
  readonly #quiet = new Set<string>();
  readonly #bases = new Map<string, SharedRows>();
  /** Tables of the state that this one was forked from, those that were not asked for yet (or dropped) among them. */
  #inherited = NOTHING_INHERITED;
  readonly #dropped = new Set<string>();
  /** What forks inherit, if nothing was written since. */
  #heritage: ReadonlyMap<string, Inherited> | undefined;
  /** Writes to tables that are not quiet, by area; all of them under `""`. */
  readonly #generations = new Map<string, Counter>();
  /** Called after every write to a table that is not quiet, with the areas that it lies in. */
  onChange: (areas: readonly string[]) => void = () => {};

  /** The table of that name; it is made when first asked for. Options count then, `quiet` also later. */
  table<K extends string | number, V>(name: string, options: TableOptions<K, V> = {}): Table<K, V> {
    if (options.quiet && !this.#quiet.has(name)) {
      this.#quiet.add(name);
      this.#heritage = undefined;
    }
    const table =
      this.#tables.get(name) ??
      this.#inherit(name) ??
      this.#make(name, options.base as SharedRows<never, unknown> | undefined);
    return table as unknown as Table<K, V>;
  }

  #make(name: string, base: SharedRows<never, unknown> | undefined): AnyTable {
    if (base) this.#bases.set(name, base);
    const table = base ? Table.on(base.rows, this.#notify(name)) : new Table<never, unknown>(this.#notify(name));
    this.#tables.set(name, table);
    this.#heritage = undefined;
    return table;
  }

  /** The state's own copy of a table that it was forked with. */
  #inherit(name: string): AnyTable | undefined {
    const inherited = this.#dropped.has(name) ? undefined : this.#inherited.get(name);
    if (!inherited) return undefined;
    if (inherited.quiet) this.#quiet.add(name);
    if (inherited.base) this.#bases.set(name, inherited.base);
    const table = new Table(this.#notify(name), inherited.rows);
    this.#tables.set(name, table);
    return table;
  }

  /** A new table with the rows of another one, which the two share until one of them writes. */
  copy(from: string, to: string): void {
    const table = this.table<never, unknown>(from);
    const base = this.#bases.get(from);
    if (base) this.#bases.set(to, base);
    this.#tables.set(to, table.fork(this.#notify(to)));
    this.#heritage = undefined;
  }

  /** Forgets the table, or with a trailing slash all tables below that name. */
  drop(name: string): void {
    for (const key of this.names(name)) {
      if (key !== name && !name.endsWith("/")) continue;
      this.#tables.delete(key);
      if (this.#inherited.has(key)) this.#dropped.add(key);
      this.#heritage = undefined;
      this.#quiet.delete(key);
      this.#bases.delete(key);
    }
  }

  /**
   * Counts writes to tables that are not quiet: to all, or to those of an area: `net` for all whose names start with it,
   * `net/node01` for one network, `net//iptables` for one part of all networks. What was computed at a generation holds as long as it is the same.
   */
  generation(area = ""): number {
    return this.#generations.get(area)?.count ?? 0;
  }

  /** Whether there is a table of that name. */
  has(name: string): boolean {
    return this.#tables.has(name) || (this.#inherited.has(name) && !this.#dropped.has(name));
  }

  /** The names of all tables that begin so, in no order that lasts. */
  names(prefix = ""): string[] {
    const names: string[] = [];
    for (const name of this.#inherited.keys())
      if (name.startsWith(prefix) && !this.#tables.has(name) && !this.#dropped.has(name)) names.push(name);
    for (const name of this.#tables.keys()) if (name.startsWith(prefix)) names.push(name);
    return names;
  }

  fork(): State {
    const copy = new State();
    copy.#inherited = this.#share();
    for (const [area, { count }] of this.#generations) copy.#counter(area).count = count;
    return copy;
  }

  #share(): ReadonlyMap<string, Inherited> {
    if (this.#heritage) return this.#heritage;
    const heritage = new Map(this.#inherited);
    for (const name of this.#dropped) heritage.delete(name);
    for (const [name, table] of this.#tables)
      heritage.set(name, { rows: table.share(), quiet: this.#quiet.has(name), base: this.#bases.get(name) });
    return (this.#heritage = heritage);
  }

  snapshot(): StateSnapshot {
    const tables: Record<string, TableSnapshot> = {};
    // By name: in which order they were made depends on who looked first.
    for (const name of this.names().sort()) {
      const table = this.table(name);
      const base = this.#bases.get(name);
      if (base) tables[name] = difference(table, base);
      else if (table.size > 0) tables[name] = { rows: [...table.entries()] };
    }
    const generations = [...this.#generations]
      .filter(([, { count }]) => count > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return { tables, generations: Object.fromEntries(generations.map(([area, { count }]) => [area, count])) };
  }

  /** `shared` finds shared rows by name; it is asked only for those that the snapshot names. */
  static restore(snapshot: StateSnapshot, shared: (name: string) => SharedRows): State {
    const state = new State();
    for (const [name, saved] of Object.entries(snapshot.tables)) {
      const table = state.table<string | number, unknown>(
        name,
        saved.base === undefined ? {} : { base: shared(saved.base) },
      );
      for (const key of saved.deleted ?? []) table.delete(key);
      for (const [key, row] of saved.rows) table.set(key, row);
    }
    for (const counter of state.#generations.values()) counter.count = 0;
    for (const [area, count] of Object.entries(snapshot.generations)) state.#counter(area).count = count;
    return state;
  }

  #notify(name: string): () => void {
    const areas = areasOf(name);
    // Most tables of a fork are never written to.
    let counters: readonly Counter[] | undefined;
    return () => {
      this.#heritage = undefined;
      if (this.#quiet.has(name)) return;
      counters ??= areas.map((area) => this.#counter(area));
      for (let at = 0; at < counters.length; at++) counters[at]!.count++;
      this.onChange(areas);
    };
  }

  #counter(area: string): Counter {
    let counter = this.#generations.get(area);
    if (!counter) this.#generations.set(area, (counter = { count: 0 }));
    return counter;
  }
}

const areas = new Map<string, readonly string[]>();
const REMEMBERED = 4096;

/** Remembered: all worlds of a process have tables of the same names. */
function areasOf(name: string): readonly string[] {
  let known = areas.get(name);
  if (!known) {
    if (areas.size >= REMEMBERED) areas.clear();
    areas.set(name, (known = splitAreas(name)));
  }
  return known;
}

/** `""`, the first word of the name, its first two, and the first with the third for whatever is between: `net//iptables`. */
function splitAreas(name: string): readonly string[] {
  const [first = "", second, third] = name.split("/");
  if (second === undefined) return ["", first];
  return ["", first, `${first}/${second}`, ...(third === undefined ? [] : [`${first}//${third}`])];
}

function difference(table: Table<string | number, unknown>, base: SharedRows): TableSnapshot {
  const rows = [...table.entries()].filter(([key, row]) => base.rows.get(key) !== row);
  const deleted = [...base.rows.keys()].filter((key) => !table.has(key));
  return { base: base.name, rows, deleted };
}

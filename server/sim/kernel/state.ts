import { Table } from "./table.ts";

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

interface Counter {
  count: number;
}

/** Everything that a world is, in named tables of plain rows. Classes of the simulation are views on it and keep only caches. */
export class State {
  readonly #tables = new Map<string, AnyTable>();
  readonly #quiet = new Set<string>();
  readonly #bases = new Map<string, SharedRows>();
  /** Writes to tables that are not quiet, by area; all of them under `""`. */
  readonly #generations = new Map<string, Counter>();
  /** Called after every write to a table that is not quiet, with the areas that it lies in. */
  onChange: (areas: readonly string[]) => void = () => {};

  /** The table of that name; it is made when first asked for. Options count then, `quiet` also later. */
  table<K extends string | number, V>(name: string, options: TableOptions<K, V> = {}): Table<K, V> {
    if (options.quiet) this.#quiet.add(name);
    let table = this.#tables.get(name);
    if (!table) {
      if (options.base) this.#bases.set(name, options.base);
      table = new Table(this.#notify(name), options.base?.rows as never);
      this.#tables.set(name, table);
    }
    return table as unknown as Table<K, V>;
  }

  /** Forgets the table, or with a trailing slash all tables below that name. */
  drop(name: string): void {
    for (const key of this.names(name)) {
      if (key !== name && !name.endsWith("/")) continue;
      this.#tables.delete(key);
      this.#quiet.delete(key);
      this.#bases.delete(key);
    }
  }

  /**
   * Counts writes to tables that are not quiet: to all, or to those of an area: `net` for all whose names start with it,
   * `net//iptables` for one part of all networks. What was computed at a generation holds as long as it is the same.
   */
  generation(area = ""): number {
    return this.#generations.get(area)?.count ?? 0;
  }

  names(prefix = ""): string[] {
    return [...this.#tables.keys()].filter((name) => name.startsWith(prefix));
  }

  fork(): State {
    const copy = new State();
    for (const name of this.#quiet) copy.#quiet.add(name);
    for (const [name, base] of this.#bases) copy.#bases.set(name, base);
    for (const [name, table] of this.#tables) copy.#tables.set(name, table.fork(copy.#notify(name)));
    for (const [area, { count }] of this.#generations) copy.#counter(area).count = count;
    return copy;
  }

  snapshot(): StateSnapshot {
    const tables: Record<string, TableSnapshot> = {};
    // By name: in which order they were made depends on who looked first.
    for (const name of [...this.#tables.keys()].sort()) {
      const table = this.#tables.get(name)!;
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

/** `""`, the first word of the name, and that with the third for whatever is between: `net//iptables`. */
function splitAreas(name: string): readonly string[] {
  const [first = "", second, third] = name.split("/");
  return ["", first, ...(second === undefined || third === undefined ? [] : [`${first}//${third}`])];
}

function difference(table: Table<string | number, unknown>, base: SharedRows): TableSnapshot {
  const rows = [...table.entries()].filter(([key, row]) => base.rows.get(key) !== row);
  const deleted = [...base.rows.keys()].filter((key) => !table.has(key));
  return { base: base.name, rows, deleted };
}

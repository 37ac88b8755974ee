import { Table } from "./table.ts";

/** All tables of a world as JSON: name to rows, in the order in which they iterate. */
export type StateSnapshot = Record<string, [string | number, unknown][]>;

export interface TableOptions {
  /** Writes do not count as a change of the world (logs, counters, conntrack, leases): nobody re-evaluates anything for them. */
  readonly quiet?: boolean;
}

/** Everything that a world is, in named tables of plain rows. Classes of the simulation are views on it and keep only caches. */
export class State {
  readonly #tables = new Map<string, Table<never, unknown>>();
  readonly #quiet = new Set<string>();
  /** Counts writes to tables that are not quiet. */
  generation = 0;
  /** Called after every write to a table that is not quiet. */
  onChange: () => void = () => {};

  table<K extends string | number, V>(name: string, options: TableOptions = {}): Table<K, V> {
    if (options.quiet) this.#quiet.add(name);
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, (table = new Table<never, unknown>(this.#notify(name))));
    return table as unknown as Table<K, V>;
  }

  /** Forgets the table, or with a trailing slash all tables below that name. */
  drop(name: string): void {
    for (const key of this.#tables.keys()) {
      if (key === name || (name.endsWith("/") && key.startsWith(name))) {
        this.#tables.delete(key);
        this.#quiet.delete(key);
      }
    }
  }

  names(prefix = ""): string[] {
    return [...this.#tables.keys()].filter((name) => name.startsWith(prefix));
  }

  fork(): State {
    const copy = new State();
    for (const name of this.#quiet) copy.#quiet.add(name);
    for (const [name, table] of this.#tables) copy.#tables.set(name, table.fork(copy.#notify(name)));
    copy.generation = this.generation;
    return copy;
  }

  snapshot(): StateSnapshot {
    const snapshot: StateSnapshot = {};
    for (const [name, table] of this.#tables) if (table.size > 0) snapshot[name] = [...table.entries()];
    return snapshot;
  }

  static restore(snapshot: StateSnapshot): State {
    const state = new State();
    for (const [name, rows] of Object.entries(snapshot)) {
      const table = state.table<string | number, unknown>(name);
      for (const [key, row] of rows) table.set(key, row);
    }
    state.generation = 0;
    return state;
  }

  #notify(name: string): () => void {
    return () => {
      if (this.#quiet.has(name)) return;
      this.generation++;
      this.onChange();
    };
  }
}

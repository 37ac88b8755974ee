import type { State, Table, TableIndex } from "../kernel/index.ts";

/** A row as it was and as it is; undefined where there is none. */
export type RowWatcher<K, V> = (key: K, before: V | undefined, after: V | undefined) => void;

/**
 * A table of the state that exists only once a row was written: a Pod's namespace leaves most of its tables empty, and
 * hundreds of namespaces make a session. Reads of a table that does not exist find nothing.
 */
export class Rows<K extends string | number, V> {
  readonly #state: State;
  readonly #name: string;
  readonly #quiet: boolean;
  #table: Table<K, V> | undefined;
  #watchers: readonly RowWatcher<K, V>[] | undefined;

  constructor(state: State, name: string, exists: boolean, quiet: boolean) {
    this.#state = state;
    this.#name = name;
    this.#quiet = quiet;
    if (exists) this.#table = state.table<K, V>(name, { quiet });
  }

  /** Changes with every write, so that a cache knows whether it is still good. */
  get version(): number {
    return this.#table === undefined ? 0 : this.#table.version;
  }

  get size(): number {
    return this.#table === undefined ? 0 : this.#table.size;
  }

  get(key: K): V | undefined {
    return this.#table === undefined ? undefined : this.#table.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, row: V): void {
    this.#table ??= this.#state.table<K, V>(this.#name, { quiet: this.#quiet });
    const before = this.#watchers && this.#table.get(key);
    this.#table.set(key, row);
    if (this.#watchers) for (const watch of this.#watchers) watch(key, before, row);
  }

  delete(key: K): boolean {
    const before = this.#watchers && this.get(key);
    const gone = this.#table !== undefined && this.#table.delete(key);
    if (gone && this.#watchers) for (const watch of this.#watchers) watch(key, before, undefined);
    return gone;
  }

  /** Tells of every row that is written or deleted from now on, until it is closed. */
  watch(watcher: RowWatcher<K, V>): () => void {
    this.#watchers = [...(this.#watchers ?? []), watcher];
    return () => {
      const left = (this.#watchers ?? []).filter((other) => other !== watcher);
      this.#watchers = left.length > 0 ? left : undefined;
    };
  }

  clear(): void {
    this.#table?.clear();
  }

  /** An index on the rows (Table.index); none as long as there is no table. */
  index(valueOf: (row: V) => string): TableIndex<K, V> | undefined {
    return this.#table?.index(valueOf);
  }

  entries(): IterableIterator<[K, V]> {
    return this.#table === undefined ? ([] as [K, V][]).values() : this.#table.entries();
  }

  keys(): IterableIterator<K> {
    return this.#table === undefined ? ([] as K[]).values() : this.#table.keys();
  }

  values(): IterableIterator<V> {
    return this.#table === undefined ? ([] as V[]).values() : this.#table.values();
  }
}

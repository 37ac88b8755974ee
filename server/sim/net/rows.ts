import type { State, Table, TableIndex } from "../kernel/index.ts";

/**
 * A table of the state that exists only once a row was written: a Pod's namespace leaves most of its tables empty, and
 * hundreds of namespaces make a session. Reads of a table that does not exist find nothing.
 */
export class Rows<K extends string | number, V> {
  readonly #state: State;
  readonly #name: string;
  readonly #quiet: boolean;
  #table: Table<K, V> | undefined;

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
    this.#table.set(key, row);
  }

  delete(key: K): boolean {
    return this.#table !== undefined && this.#table.delete(key);
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

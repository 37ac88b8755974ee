import { TableIndex } from "./table-index.ts";

type Key = string | number;

/** What a table has that wrote or hid nothing yet: one for all, never written to. */
const NO_ROWS: ReadonlyMap<never, never> = new Map<never, never>();
const NOTHING_HIDDEN: ReadonlySet<never> = new Set<never>();

/**
 * A map of immutable rows, copied on write. Rows are plain data (JSON) and are never changed in place: replace them.
 *
 * A table has a base that it shares with its forks and the rows that it wrote itself, so that a fork costs little and
 * two hundred sessions of one preset keep one copy of it. It iterates exactly as one `Map` would: a key keeps its place
 * until it is deleted.
 */
export class Table<K extends Key = string, V = unknown> {
  #base: ReadonlyMap<K, V>;
  #own: Map<K, V>;
  /** Keys of the base that were deleted here (and perhaps written again, behind all others). */
  #hidden: Set<K>;
  #size: number;
  readonly #changed: () => void;
  /** Indexes on the rows: caches, which forks and restored tables make anew. */
  #indexes: TableIndex<K, V>[] | undefined;
  /** Counts writes: a cache that was filled at this version is still good. */
  version = 0;

  constructor(
    changed: () => void = () => {},
    base: ReadonlyMap<K, V> = NO_ROWS,
    own: ReadonlyMap<K, V> = NO_ROWS,
    hidden: ReadonlySet<K> = NOTHING_HIDDEN,
  ) {
    this.#changed = changed;
    this.#base = base;
    this.#own = own.size === 0 ? (NO_ROWS as unknown as Map<K, V>) : new Map(own);
    this.#hidden = hidden.size === 0 ? (NOTHING_HIDDEN as unknown as Set<K>) : new Set(hidden);
    this.#size = countRows(base, own, hidden);
  }

  get size(): number {
    return this.#size;
  }

  get(key: K): V | undefined {
    const own = this.#own.get(key);
    if (own !== undefined || this.#base.size === 0) return own;
    return this.#hidden.size > 0 && this.#hidden.has(key) ? undefined : this.#base.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, row: V): void {
    const before = this.get(key);
    if (before === undefined) this.#size++;
    if ((this.#own as ReadonlyMap<K, V>) === NO_ROWS) this.#own = new Map();
    this.#own.set(key, row);
    if (this.#indexes) for (const index of this.#indexes) index.replace(key, before, row);
    this.#touch();
  }

  delete(key: K): boolean {
    const before = this.get(key);
    if (before === undefined) return false;
    this.#own.delete(key);
    if (this.#base.has(key)) {
      if ((this.#hidden as ReadonlySet<K>) === NOTHING_HIDDEN) this.#hidden = new Set();
      this.#hidden.add(key);
    }
    this.#size--;
    if (this.#indexes) for (const index of this.#indexes) index.replace(key, before, undefined);
    this.#touch();
    return true;
  }

  clear(): void {
    if (this.#size === 0) return;
    this.#base = NO_ROWS;
    this.#own = NO_ROWS as unknown as Map<K, V>;
    this.#hidden = NOTHING_HIDDEN as unknown as Set<K>;
    this.#size = 0;
    if (this.#indexes) for (const index of this.#indexes) index.clear();
    this.#touch();
  }

  entries(): IterableIterator<[K, V]> {
    return this.#base.size === 0 ? this.#own.entries() : this.#merged();
  }

  keys(): IterableIterator<K> {
    return this.#base.size === 0 ? this.#own.keys() : this.#mergedKeys();
  }

  values(): IterableIterator<V> {
    return this.#base.size === 0 ? this.#own.values() : this.#mergedValues();
  }

  *#merged(): IterableIterator<[K, V]> {
    for (const [key, row] of this.#base) {
      if (this.#hidden.has(key)) continue;
      const own = this.#own.get(key);
      yield [key, own === undefined ? row : own];
    }
    for (const entry of this.#own) {
      if (!this.#base.has(entry[0]) || this.#hidden.has(entry[0])) yield entry;
    }
  }

  *#mergedKeys(): IterableIterator<K> {
    for (const [key] of this.#merged()) yield key;
  }

  *#mergedValues(): IterableIterator<V> {
    for (const [key, row] of this.#base) {
      if (this.#hidden.size > 0 && this.#hidden.has(key)) continue;
      const own = this.#own.get(key);
      yield own === undefined ? row : own;
    }
    for (const [key, row] of this.#own) if (!this.#base.has(key) || this.#hidden.has(key)) yield row;
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.entries();
  }

  /** The rows by a value that each has; kept up to date by the writes from now on. Make it once a table and view. */
  index(valueOf: (row: V) => string): TableIndex<K, V> {
    const index = new TableIndex(valueOf, this.entries());
    (this.#indexes ??= []).push(index);
    return index;
  }

  /** A table with the same rows that goes its own way. Large tables become a base that both share. */
  fork(changed: () => void = () => {}): Table<K, V> {
    if (this.#own.size + this.#hidden.size > 32) {
      this.#base = new Map(this.entries());
      this.#own = NO_ROWS as unknown as Map<K, V>;
      this.#hidden = NOTHING_HIDDEN as unknown as Set<K>;
    }
    return new Table(changed, this.#base, this.#own, this.#hidden);
  }

  #touch(): void {
    this.version++;
    this.#changed();
  }
}

function countRows<K, V>(base: ReadonlyMap<K, V>, own: ReadonlyMap<K, V>, hidden: ReadonlySet<K>): number {
  let size = base.size - hidden.size;
  for (const key of own.keys()) if (!base.has(key) || hidden.has(key)) size++;
  return size;
}

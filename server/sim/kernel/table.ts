import { TableIndex } from "./table-index.ts";

type Key = string | number;

/** What a table has that wrote or hid nothing yet: one for all, never written to. */
const NO_ROWS: ReadonlyMap<never, never> = new Map<never, never>();
const NOTHING_HIDDEN: ReadonlySet<never> = new Set<never>();

/** The rows of a table at a moment, as its forks share them: nothing of it is written to any more. */
export interface SharedTable<K extends Key = string, V = unknown> {
  readonly base: ReadonlyMap<K, V>;
  readonly own: ReadonlyMap<K, V>;
  readonly hidden: ReadonlySet<K>;
  readonly size: number;
}

/** So many rows written since the last fork are copied for each fork that writes to the table; of more, a new base is made. */
const MOST_COPIED = 32;

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
  /** What forks stand on, if nothing was written since: `own` and `hidden` are copied before the next write. */
  #shared: SharedTable<K, V> | undefined;
  readonly #changed: () => void;
  /** Indexes on the rows: caches, which forks and restored tables make anew. */
  #indexes: TableIndex<K, V>[] | undefined;
  /** Counts writes: a cache that was filled at this version is still good. */
  version = 0;

  constructor(changed: () => void = () => {}, rows?: SharedTable<K, V>) {
    this.#changed = changed;
    this.#base = rows?.base ?? NO_ROWS;
    this.#own = (rows?.own ?? NO_ROWS) as Map<K, V>;
    this.#hidden = (rows?.hidden ?? NOTHING_HIDDEN) as Set<K>;
    this.#size = rows?.size ?? 0;
    this.#shared = rows;
  }

  /** A table that begins with the rows of a map. */
  static on<K extends Key, V>(base: ReadonlyMap<K, V>, changed?: () => void): Table<K, V> {
    return new Table(changed, { base, own: NO_ROWS, hidden: NOTHING_HIDDEN, size: base.size });
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
    if (this.#shared) this.#part();
    if ((this.#own as ReadonlyMap<K, V>) === NO_ROWS) this.#own = new Map();
    this.#own.set(key, row);
    if (this.#indexes) for (const index of this.#indexes) index.replace(key, before, row);
    this.#touch();
  }

  delete(key: K): boolean {
    const before = this.get(key);
    if (before === undefined) return false;
    if (this.#shared) this.#part();
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
    this.#shared = undefined;
    this.#base = NO_ROWS;
    this.#own = NO_ROWS as unknown as Map<K, V>;
    this.#hidden = NOTHING_HIDDEN as unknown as Set<K>;
    this.#size = 0;
    if (this.#indexes) for (const index of this.#indexes) index.clear();
    this.#touch();
  }

  entries(): IterableIterator<[K, V]> {
    if (this.#shared && this.#own.size > 0) this.#part();
    return this.#base.size === 0 ? this.#own.entries() : this.#merged();
  }

  keys(): IterableIterator<K> {
    if (this.#shared && this.#own.size > 0) this.#part();
    return this.#base.size === 0 ? this.#own.keys() : this.#mergedKeys();
  }

  values(): IterableIterator<V> {
    if (this.#shared && this.#own.size > 0) this.#part();
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
    const index = new TableIndex<K, V>(valueOf, () => this.entries());
    (this.#indexes ??= []).push(index);
    return index;
  }

  /** A table with the same rows that goes its own way. */
  fork(changed: () => void = () => {}): Table<K, V> {
    return new Table(changed, this.share());
  }

  /** The rows as they are now, for forks to stand on. */
  share(): SharedTable<K, V> {
    if (this.#shared) return this.#shared;
    if (this.#own.size + this.#hidden.size > MOST_COPIED) {
      this.#base = this.#base.size === 0 ? this.#own : new Map(this.#merged());
      this.#own = NO_ROWS as unknown as Map<K, V>;
      this.#hidden = NOTHING_HIDDEN as unknown as Set<K>;
    }
    this.#shared = { base: this.#base, own: this.#own, hidden: this.#hidden, size: this.#size };
    return this.#shared;
  }

  /** Stops sharing `own` and `hidden`: before a write, and before somebody iterates who may write meanwhile. */
  #part(): void {
    this.#shared = undefined;
    this.#own = this.#own.size > 0 ? new Map(this.#own) : (NO_ROWS as unknown as Map<K, V>);
    this.#hidden = this.#hidden.size > 0 ? new Set(this.#hidden) : (NOTHING_HIDDEN as unknown as Set<K>);
  }

  #touch(): void {
    this.version++;
    this.#changed();
  }
}

/** The rows of a table by a value that each of them has, in the order of the table: what a scan would find. */
export class TableIndex<K, V> {
  readonly #valueOf: (row: V) => string;
  readonly #all: () => Iterable<[K, V]>;
  /** Filled when first asked. */
  #buckets: Map<string, Map<K, V>> | undefined;

  constructor(valueOf: (row: V) => string, all: () => Iterable<[K, V]>) {
    this.#valueOf = valueOf;
    this.#all = all;
  }

  /**
   * The rows that have the value. One that changes to it stands behind the others, and in its old place once the world is
   * restored: sort where values change and the order matters.
   */
  rows(value: string): Iterable<V> {
    return this.#filled().get(value)?.values() ?? [];
  }

  #filled(): Map<string, Map<K, V>> {
    if (!this.#buckets) {
      this.#buckets = new Map();
      for (const [key, row] of this.#all()) this.replace(key, undefined, row);
    }
    return this.#buckets;
  }

  /** For the table: a row was written, or deleted if there is none after it. */
  replace(key: K, before: V | undefined, after: V | undefined): void {
    const buckets = this.#buckets;
    if (!buckets) return;
    const old = before === undefined ? undefined : this.#valueOf(before);
    const value = after === undefined ? undefined : this.#valueOf(after);
    if (old !== undefined && old !== value) {
      const bucket = buckets.get(old);
      bucket?.delete(key);
      if (bucket?.size === 0) buckets.delete(old);
    }
    if (value === undefined) return;
    let bucket = buckets.get(value);
    if (!bucket) buckets.set(value, (bucket = new Map<K, V>()));
    bucket.set(key, after!);
  }

  clear(): void {
    this.#buckets?.clear();
  }
}

/** The rows of a table by a value that each of them has, in the order of the table: what a scan would find. */
export class TableIndex<K, V> {
  readonly #valueOf: (row: V) => string;
  readonly #buckets = new Map<string, Map<K, V>>();

  constructor(valueOf: (row: V) => string, rows: Iterable<[K, V]>) {
    this.#valueOf = valueOf;
    for (const [key, row] of rows) this.replace(key, undefined, row);
  }

  /**
   * The rows that have the value. One that changes to it stands behind the others, and in its old place once the world is
   * restored: sort where values change and the order matters.
   */
  rows(value: string): Iterable<V> {
    return this.#buckets.get(value)?.values() ?? [];
  }

  /** For the table: a row was written, or deleted if there is none after it. */
  replace(key: K, before: V | undefined, after: V | undefined): void {
    const old = before === undefined ? undefined : this.#valueOf(before);
    const value = after === undefined ? undefined : this.#valueOf(after);
    if (old !== undefined && old !== value) {
      const bucket = this.#buckets.get(old);
      bucket?.delete(key);
      if (bucket?.size === 0) this.#buckets.delete(old);
    }
    if (value === undefined) return;
    let bucket = this.#buckets.get(value);
    if (!bucket) this.#buckets.set(value, (bucket = new Map<K, V>()));
    bucket.set(key, after!);
  }

  clear(): void {
    this.#buckets.clear();
  }
}

import type { Table } from "../../../kernel/index.ts";
import type { KubeObject } from "../types/meta.ts";

/** The values under which an object stands in an index. */
export type IndexKeys = (object: KubeObject) => readonly string[];

/**
 * The objects of one resource in the order of their keys (`namespace/name`), and indexes on them. All of this is a cache
 * over the table: it is built when first needed and kept up to date by the writes, which all come through here.
 */
export class Rows {
  readonly #table: Table<string, KubeObject>;
  readonly #indexes = new Map<string, Index>();
  #keys: string[] | undefined;
  /** Parallel to the keys. */
  #objects: KubeObject[] = [];

  constructor(table: Table<string, KubeObject>) {
    this.#table = table;
  }

  /** Changes with every write. */
  get version(): number {
    return this.#table.version;
  }

  get size(): number {
    return this.#table.size;
  }

  get(key: string): KubeObject | undefined {
    return this.#table.get(key);
  }

  set(key: string, object: KubeObject): void {
    const old = this.#table.get(key);
    this.#table.set(key, object);
    if (this.#keys) {
      const at = position(this.#keys, key);
      if (old) this.#objects[at] = object;
      else {
        this.#keys.splice(at, 0, key);
        this.#objects.splice(at, 0, object);
      }
    }
    for (const index of this.#indexes.values()) index.replace(key, old, object);
  }

  delete(key: string): void {
    const old = this.#table.get(key);
    if (!old) return;
    this.#table.delete(key);
    if (this.#keys) {
      const at = position(this.#keys, key);
      this.#keys.splice(at, 1);
      this.#objects.splice(at, 1);
    }
    for (const index of this.#indexes.values()) index.replace(key, old, undefined);
  }

  /** All objects, or those of one namespace, in the order of their keys. */
  list(namespace = ""): readonly KubeObject[] {
    const keys = (this.#keys ??= this.#sort());
    if (namespace === "") return this.#objects.slice();
    return this.#objects.slice(position(keys, `${namespace}/`), position(keys, `${namespace}0`)); // "0" follows "/"
  }

  /** The objects that stand under `value` in an index, in the order of their keys. */
  indexed(name: string, keysOf: IndexKeys, value: string): readonly KubeObject[] {
    let index = this.#indexes.get(name);
    if (!index) {
      index = new Index(keysOf);
      for (const [key, object] of this.#table) index.replace(key, undefined, object);
      this.#indexes.set(name, index);
    }
    return index.find(value);
  }

  #sort(): string[] {
    const keys = [...this.#table.keys()].sort(byCodeUnits);
    this.#objects = keys.map((key) => this.#table.get(key)!);
    return keys;
  }
}

class Index {
  readonly #keysOf: IndexKeys;
  readonly #buckets = new Map<string, Bucket>();

  constructor(keysOf: IndexKeys) {
    this.#keysOf = keysOf;
  }

  replace(key: string, old: KubeObject | undefined, object: KubeObject | undefined): void {
    const after = object ? this.#keysOf(object) : [];
    if (old) {
      for (const value of this.#keysOf(old)) {
        if (after.includes(value)) continue;
        const bucket = this.#buckets.get(value);
        bucket?.delete(key);
        if (bucket?.size === 0) this.#buckets.delete(value);
      }
    }
    if (!object) return;
    for (const value of after) {
      let bucket = this.#buckets.get(value);
      if (!bucket) this.#buckets.set(value, (bucket = new Bucket()));
      bucket.set(key, object);
    }
  }

  find(value: string): readonly KubeObject[] {
    return this.#buckets.get(value)?.list() ?? [];
  }
}

/** The objects under one value. */
class Bucket {
  readonly #objects = new Map<string, KubeObject>();
  /** Kept in order once somebody asked for it. */
  #keys: string[] | undefined;
  /** Whoever asked may still go through it: a write makes another. */
  #list: readonly KubeObject[] | undefined;

  get size(): number {
    return this.#objects.size;
  }

  set(key: string, object: KubeObject): void {
    if (this.#keys && !this.#objects.has(key)) this.#keys.splice(position(this.#keys, key), 0, key);
    this.#objects.set(key, object);
    this.#list = undefined;
  }

  delete(key: string): void {
    if (!this.#objects.delete(key)) return;
    this.#keys?.splice(position(this.#keys, key), 1);
    this.#list = undefined;
  }

  list(): readonly KubeObject[] {
    this.#keys ??= [...this.#objects.keys()].sort(byCodeUnits);
    return (this.#list ??= this.#keys.map((key) => this.#objects.get(key)!));
  }
}

/** Where a key stands, or would stand, in sorted keys. */
function position(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import { OutOfMemory } from "./fault.ts";
import type { Value } from "./values.ts";

interface Entry {
  value: Value;
  readonly hash: number;
  /** When it was last looked up: lists keep what was found last in front. */
  stamp: number;
}

const FIRST_LISTS = 64;
const MOST_IN_LIST = 12;
/** More take more memory than a program has. */
const MOST_ELEMENTS = 250_000;

/** An awk array. Its order in `for (k in a)` is that of mawk's hash table: lists by FNV-1a, the last found element first. */
export class AwkArray {
  readonly #entries = new Map<string, Entry>();
  #lists = FIRST_LISTS;
  #clock = 0;

  get size(): number {
    return this.#entries.size;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The element, which is there from then on. */
  get(key: string): Value {
    return this.#entry(key).value;
  }

  set(key: string, value: Value): void {
    this.#entry(key).value = value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#lists = FIRST_LISTS;
  }

  keys(): string[] {
    const mask = this.#lists - 1;
    return [...this.#entries]
      .sort(([, a], [, b]) => (a.hash & mask) - (b.hash & mask) || b.stamp - a.stamp)
      .map(([key]) => key);
  }

  #entry(key: string): Entry {
    let entry = this.#entries.get(key);
    if (!entry) {
      if (this.#entries.size >= MOST_ELEMENTS) throw new OutOfMemory();
      this.#entries.set(key, (entry = { value: undefined, hash: fnv1a(key), stamp: 0 }));
      if (this.#entries.size > this.#lists * MOST_IN_LIST) this.#lists *= 2;
    }
    entry.stamp = ++this.#clock;
    return entry;
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return hash >>> 0;
}

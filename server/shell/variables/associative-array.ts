import { hashOrder } from "./hash-order.ts";

/** An associative array. Its elements come in the order of bash's hash table. */
export class AssociativeArray {
  readonly #elements: Map<string, string>;
  #ordered: string[] | undefined;

  constructor(entries: Iterable<readonly [string, string]> = []) {
    this.#elements = new Map(entries);
  }

  get size(): number {
    return this.#elements.size;
  }

  get(key: string): string | undefined {
    return this.#elements.get(key);
  }

  set(key: string, value: string): void {
    if (!this.#elements.has(key)) this.#ordered = undefined;
    this.#elements.set(key, value);
  }

  delete(key: string): void {
    if (this.#elements.delete(key)) this.#ordered = undefined;
  }

  clear(): void {
    this.#elements.clear();
    this.#ordered = undefined;
  }

  keys(): readonly string[] {
    return (this.#ordered ??= hashOrder([...this.#elements.keys()]));
  }

  values(): string[] {
    return this.keys().map((key) => this.#elements.get(key)!);
  }

  entries(): [string, string][] {
    return this.keys().map((key) => [key, this.#elements.get(key)!]);
  }

  copy(): AssociativeArray {
    return new AssociativeArray(this.#elements);
  }
}

/** An indexed array: sparse, its elements in the order of their numbers. */
export class IndexedArray {
  #elements: Map<number, string>;
  /** The greatest index while elements were only appended; undefined once the order must be looked after. */
  #last: number | undefined;

  constructor(values: Iterable<string> = []) {
    this.#elements = new Map();
    this.#last = -1;
    for (const value of values) this.push(value);
  }

  get size(): number {
    return this.#elements.size;
  }

  get(index: number): string | undefined {
    return this.#elements.get(index);
  }

  set(index: number, value: string): void {
    if (this.#last !== undefined && index > this.#last) this.#last = index;
    else if (!this.#elements.has(index)) this.#last = undefined;
    this.#elements.set(index, value);
  }

  push(value: string): void {
    this.set(this.end, value);
  }

  delete(index: number): void {
    if (this.#elements.delete(index) && index === this.#last) this.#last = undefined;
  }

  clear(): void {
    this.#elements.clear();
    this.#last = -1;
  }

  /** One more than the greatest index. */
  get end(): number {
    if (this.#last === undefined) this.#sort();
    return this.#last! + 1;
  }

  keys(): number[] {
    if (this.#last === undefined) this.#sort();
    return [...this.#elements.keys()];
  }

  values(): string[] {
    if (this.#last === undefined) this.#sort();
    return [...this.#elements.values()];
  }

  entries(): [number, string][] {
    if (this.#last === undefined) this.#sort();
    return [...this.#elements];
  }

  copy(): IndexedArray {
    const copy = new IndexedArray();
    copy.#elements = new Map(this.#elements);
    copy.#last = this.#last;
    return copy;
  }

  #sort(): void {
    const entries = [...this.#elements].sort(([a], [b]) => a - b);
    this.#elements = new Map(entries);
    this.#last = entries.at(-1)?.[0] ?? -1;
  }
}

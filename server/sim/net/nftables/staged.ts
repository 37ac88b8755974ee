import type { Rows } from "../rows.ts";

/** Rows with changes that count only once they are committed. */
export class Staged<V> {
  readonly #rows: Rows<string, V>;
  readonly #changes = new Map<string, V | undefined>();
  /** Rows that were deleted, and perhaps made anew: those stand behind the others. */
  readonly #gone = new Set<string>();

  constructor(rows: Rows<string, V>) {
    this.#rows = rows;
  }

  get(key: string): V | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#rows.get(key);
  }

  set(key: string, row: V): void {
    if (this.#gone.has(key) && this.#changes.get(key) === undefined) this.#changes.delete(key);
    this.#changes.set(key, row);
  }

  delete(key: string): void {
    this.#gone.add(key);
    this.#changes.delete(key);
    this.#changes.set(key, undefined);
  }

  /** All rows as of now: changes while one goes through them do no harm. */
  values(): readonly V[] {
    return [...this.#all()];
  }

  *#all(): Generator<V> {
    for (const [key, row] of this.#rows.entries()) {
      if (!this.#changes.has(key)) yield row;
      else if (!this.#gone.has(key)) {
        const changed = this.#changes.get(key);
        if (changed !== undefined) yield changed;
      }
    }
    for (const [key, row] of this.#changes)
      if (row !== undefined && (this.#gone.has(key) || !this.#rows.has(key))) yield row;
  }

  commit(): void {
    for (const key of this.#gone) this.#rows.delete(key);
    for (const [key, row] of this.#changes) {
      if (row === undefined) this.#rows.delete(key);
      else if (this.#rows.get(key) !== row) this.#rows.set(key, row);
    }
  }
}

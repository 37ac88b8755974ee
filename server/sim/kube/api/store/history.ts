import { MINUTE, type Table, type Time } from "../../../kernel/index.ts";
import type { KubeObject } from "../types/meta.ts";

/** One write to the store: what a watch tells. */
export interface Change {
  readonly revision: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** The stored kind's resource: `pods`, `deployments.apps`. */
  readonly resource: string;
  /** The object after the write; for a deletion as it last was, with the revision of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

interface Row extends Omit<Change, "revision"> {
  readonly at: Time;
}

/** kube-apiserver has etcd forget what is older than this (--etcd-compaction-interval). */
const KEPT = 5 * MINUTE;

/** The last writes, so that a watch can begin at a revision of the past. Older ones are forgotten, as by compaction. */
export class History {
  readonly #rows: Table<number, Row>;
  readonly #limit: number;
  #oldest: number | undefined;

  constructor(rows: Table<number, Row>, limit: number) {
    this.#rows = rows;
    this.#limit = limit;
  }

  add({ revision, type, resource, object, previous }: Change, now: Time): void {
    const oldest = this.#oldestKept(revision);
    this.#rows.set(revision, { type, resource, object, ...(previous ? { previous } : {}), at: now } as Row);
    this.#oldest = oldest;
    while (this.#rows.size > this.#limit) this.#rows.delete(this.#oldest++);
    this.compact(now);
  }

  /** Forgets the writes of the past but for the last five minutes. */
  compact(now: Time): void {
    let oldest = this.#oldestKept(0);
    for (let row = this.#rows.get(oldest); row && row.at < now - KEPT; row = this.#rows.get(oldest))
      this.#rows.delete(oldest++);
    this.#oldest = this.#rows.size === 0 ? undefined : oldest;
  }

  /** Everything after `revision`, or undefined if some of it is forgotten. */
  since(revision: number, current: number): readonly Change[] | undefined {
    const oldest = this.#oldestKept(current + 1);
    if (revision < oldest - 1) return undefined;
    const changes: Change[] = [];
    for (let at = Math.max(revision + 1, oldest); at <= current; at++) {
      const row = this.#rows.get(at);
      if (row) changes.push({ revision: at, ...row });
    }
    return changes;
  }

  /** The oldest revision that is still told; `next` if there is none. Every write has a row, so they have no gaps. */
  oldest(next: number): number {
    return this.#oldestKept(next);
  }

  #oldestKept(next: number): number {
    if (this.#oldest === undefined) {
      this.#oldest = next;
      for (const revision of this.#rows.keys()) this.#oldest = Math.min(this.#oldest, revision);
    }
    return this.#rows.size === 0 ? next : this.#oldest;
  }
}

import type { Crew } from "./crew.ts";
import type { PooledWorker } from "./pooled-worker.ts";

/** So many worlds are remembered. */
const MOST = 64;
/** A worker with so many sessions more than another is not preferred any more. */
const UNEVEN = 12;

interface Lab {
  readonly lab: string;
  readonly seed: number;
}

/** Which worker makes the world of a lab ahead: dealt out, so that all of them make some at the same time. */
export class Ahead {
  readonly #crew: Crew;
  readonly #workers = new Map<string, PooledWorker>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  /** Lets warm workers make these worlds when they have time, in this order. */
  prepare(labs: readonly Lab[]): void {
    const crew = this.#crew.members.filter(({ warm }) => warm).sort((a, b) => a.sessions.size - b.sessions.size);
    if (crew.length === 0) return;
    const orders = new Map<PooledWorker, Lab[]>();
    for (const [at, { lab, seed }] of labs.entries()) {
      // Whoever was told before is told again: meanwhile it may have become too old.
      const worker = this.of(lab, seed) ?? crew[at % crew.length]!;
      this.#workers.delete(keyOf(lab, seed));
      this.#workers.set(keyOf(lab, seed), worker);
      const order = orders.get(worker) ?? [];
      orders.set(worker, [...order, { lab, seed }]);
    }
    for (const [worker, order] of orders) worker.post({ kind: "prepare", labs: order });
    for (const key of this.#workers.keys()) if (this.#workers.size > MOST) this.#workers.delete(key);
  }

  /** The worker that was told to make it, unless it has much more to do than others. */
  of(lab: string, seed: number): PooledWorker | undefined {
    const worker = this.#workers.get(keyOf(lab, seed));
    if (worker === undefined || worker.dead) return undefined;
    const least = Math.min(...this.#crew.members.map(({ sessions }) => sessions.size));
    return worker.sessions.size > least + UNEVEN ? undefined : worker;
  }

  /** The same, for the last time: it is opened. */
  take(lab: string, seed: number): PooledWorker | undefined {
    const worker = this.of(lab, seed);
    this.#workers.delete(keyOf(lab, seed));
    return worker;
  }
}

function keyOf(lab: string, seed: number): string {
  return `${lab}/${seed}`;
}

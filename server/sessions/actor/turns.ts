import { turn } from "./turn.ts";

/** `now`: somebody waits for it. `soon`: somebody will. `ahead`: somebody may. */
export const URGENCY = ["now", "soon", "ahead"] as const;
export type Urgency = (typeof URGENCY)[number];

interface Waiting {
  readonly urgency: Urgency;
  begin(): void;
}

/**
 * Worlds are made one after the other, the most urgent first: the parts of an exam, all at once, would be ready no earlier
 * and keep everybody waiting for longer than the watchdog does.
 */
export class Turns {
  #waiting: readonly Waiting[] = [];
  #working = false;

  /** Does the work when it is its turn. */
  take<T>(urgency: Urgency, work: () => Promise<T>): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<T>();
    const begin = (): void => {
      this.#working = true;
      const done = work();
      resolve(done);
      done
        .catch(() => {})
        .then(turn)
        .finally(() => {
          this.#working = false;
          this.#next();
        })
        .catch(() => {});
    };
    this.#waiting = [...this.#waiting, { urgency, begin }];
    if (!this.#working) this.#next();
    return promise;
  }

  #next(): void {
    const next = URGENCY.map((urgency) => this.#waiting.find((each) => each.urgency === urgency)).find(Boolean);
    if (!next) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    next.begin();
  }
}

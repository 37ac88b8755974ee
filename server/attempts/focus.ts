import type { Clock, Logger } from "../sessions/pool/index.ts";
import type { Store } from "../store/store.ts";

/** So many changes of one attempt are noted: nobody turns to a task more often. */
const MOST = 5000;

interface Looking {
  /** Who told it: a connection. */
  readonly who: object;
  readonly task: string;
}

/**
 * Which task is in front of whom, noted whenever that changes. What stands still is no work: while an attempt is paused,
 * and while the machine slept, nothing is.
 */
export class Focuses {
  readonly #store: Pick<Store, "saveFocus">;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #looking = new Map<string, Looking>();
  readonly #paused = new Set<string>();
  readonly #noted = new Map<string, number>();

  constructor(store: Pick<Store, "saveFocus">, clock: Clock, logger: Logger) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The window `who` of a learner shows a task (`part/task`), or none any more. The window told last is the one that counts. */
  set(id: string, who: object, task: string | null): void {
    const before = this.#looking.get(id);
    if (task === null) {
      if (before?.who !== who) return;
      this.#looking.delete(id);
    } else {
      this.#looking.set(id, { who, task });
      if (before?.task === task) return;
    }
    if (!this.#paused.has(id)) this.#note(id, this.#clock.now(), task);
  }

  /** Nothing counts until it goes on; then what was in front of the learner is again. */
  pause(id: string, at: number): void {
    this.#paused.add(id);
    if (this.#looking.has(id)) this.#note(id, at, null);
  }

  resume(id: string, at: number): void {
    if (!this.#paused.delete(id)) return;
    const looking = this.#looking.get(id);
    if (looking) this.#note(id, at, looking.task);
  }

  /** Nobody worked for so many milliseconds until now. */
  slept(by: number): void {
    const now = this.#clock.now();
    for (const [id, { task }] of this.#looking) {
      if (this.#paused.has(id)) continue;
      this.#note(id, now - by, null);
      this.#note(id, now, task);
    }
  }

  /** The attempt is over, or the server was not there at `at`: what was in front of the learner is so no longer. */
  end(id: string, at?: number): void {
    if (at !== undefined) this.#note(id, at, null);
    this.#looking.delete(id);
    this.#paused.delete(id);
    this.#noted.delete(id);
  }

  #note(id: string, at: number, task: string | null): void {
    const noted = (this.#noted.get(id) ?? 0) + 1;
    if (noted > MOST) return;
    this.#noted.set(id, noted);
    this.#store.saveFocus(id, { at, task }).catch((error: unknown) => {
      this.#logger.warn({ attempt: id, err: error }, "it was not stored which task is in front of a learner");
    });
  }
}

import { SECOND, type Duration, type Table, type Time } from "../../kernel/index.ts";

export interface Entry {
  readonly backoff: Duration;
  readonly lastUpdate: Time;
}

const FIRST: Duration = 10 * SECOND;
const MOST: Duration = 300 * SECOND;

/** Back-offs by key that double from 10 s to 5 min and are forgotten after twice that (client-go util/flowcontrol). */
export class BackOff {
  readonly #entries: Table<string, Entry>;
  readonly #now: () => Time;

  constructor(entries: Table<string, Entry>, now: () => Time) {
    this.#entries = entries;
    this.#now = now;
  }

  get(key: string): Duration {
    return this.#entries.get(key)?.backoff ?? 0;
  }

  /** Something failed at `since`: the next time has to wait longer. */
  next(key: string, since: Time): void {
    const entry = this.#entries.get(key);
    const backoff = !entry || expired(entry, since) ? FIRST : Math.min(entry.backoff * 2, MOST);
    this.#entries.set(key, { backoff, lastUpdate: this.#now() });
  }

  /** How long one still has to wait who failed at `since`; 0 if not at all. */
  leftSince(key: string, since: Time): Duration {
    const entry = this.#entries.get(key);
    if (!entry || expired(entry, since)) return 0;
    return Math.max(0, entry.backoff - (this.#now() - since));
  }

  /** How long one still has to wait since the last failure was noted. */
  leftSinceUpdate(key: string): Duration {
    const entry = this.#entries.get(key);
    if (!entry || expired(entry, this.#now())) return 0;
    return Math.max(0, entry.backoff - (this.#now() - entry.lastUpdate));
  }

  /** Forgets the entries whose keys begin so: the Pod is gone. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

function expired({ lastUpdate }: Entry, since: Time): boolean {
  return since - lastUpdate > 2 * MOST;
}

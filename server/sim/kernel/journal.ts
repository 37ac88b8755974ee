import type { Bytes } from "./bytes.ts";
import type { Time } from "./time.ts";

interface Stamp {
  readonly at: Time;
  readonly step: number;
}

/** What came into the world from outside, with the number of the terminal that it came from. */
type Entered =
  | { readonly kind: "open"; readonly terminal: number; readonly cols: number; readonly rows: number }
  | { readonly kind: "input"; readonly terminal: number; readonly bytes: Bytes }
  | { readonly kind: "resize"; readonly terminal: number; readonly cols: number; readonly rows: number }
  | { readonly kind: "close"; readonly terminal: number };

type Stamped<E> = E extends Entered ? E & Stamp : never;

/** With the seed and the first state, all of them are enough to replay a session. */
export type JournalEntry = Stamped<Entered>;

/** The inputs of a session in the order in which they took effect. */
export class Journal {
  #entries: JournalEntry[] = [];
  #taken = 0;
  /** The present time and step. */
  readonly stamp: () => Stamp;

  constructor(stamp: () => Stamp) {
    this.stamp = stamp;
  }

  /** Adds an entry that takes effect now, or did at `stamp`. */
  add(entry: Entered, stamp = this.stamp()): void {
    this.#entries.push({ ...stamp, ...entry });
  }

  /** Entries that came since the last call, for who stores them; `from` is the number of the first, counted from 0. */
  take(): { readonly from: number; readonly entries: readonly JournalEntry[] } {
    const taken = { from: this.#taken, entries: this.#entries };
    this.#taken += this.#entries.length;
    this.#entries = [];
    return taken;
  }

  /** How many there were in all. */
  get length(): number {
    return this.#taken + this.#entries.length;
  }
}

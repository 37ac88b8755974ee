import type { Bytes } from "./bytes.ts";
import type { Time } from "./time.ts";

/** What came into the world from outside. With the seed and the first state it is enough to replay a session. */
export type JournalEntry =
  | {
      readonly at: Time;
      readonly step: number;
      readonly kind: "input";
      readonly terminal: string;
      readonly bytes: Bytes;
    }
  | {
      readonly at: Time;
      readonly step: number;
      readonly kind: "resize";
      readonly terminal: string;
      readonly cols: number;
      readonly rows: number;
    }
  | {
      readonly at: Time;
      readonly step: number;
      readonly kind: "request";
      readonly cluster: string;
      readonly request: unknown;
    };

type Entered<E> = E extends JournalEntry ? Omit<E, "at" | "step"> : never;

/** The inputs of a session in the order in which they took effect. */
export class Journal {
  readonly #entries: JournalEntry[] = [];
  readonly #stamp: () => { at: Time; step: number };

  constructor(stamp: () => { at: Time; step: number }) {
    this.#stamp = stamp;
  }

  add(entry: Entered<JournalEntry>): void {
    this.#entries.push(Object.assign(this.#stamp(), entry));
  }

  /** Entries from `start` on, so that a recorder can fetch what is new. */
  read(start = 0): readonly JournalEntry[] {
    return this.#entries.slice(start);
  }

  get length(): number {
    return this.#entries.length;
  }
}

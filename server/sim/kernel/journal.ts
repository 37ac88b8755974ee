import type { Bytes } from "./bytes.ts";
import type { Time } from "./time.ts";

interface Stamp {
  readonly at: Time;
  readonly step: number;
}

/** A request to a Kubernetes API from outside, as it came over HTTP; headers by lower-case name. */
export interface EnteredRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string[]>;
  readonly body: string | null;
  readonly upgrade: boolean;
}

/** What a connection of exec, attach or port-forward from outside carries into the world. */
export type EnteredInput =
  | { readonly type: "data"; readonly stream: number; readonly bytes: Bytes }
  | { readonly type: "end" | "reset"; readonly stream: number }
  | { readonly type: "resize"; readonly cols: number; readonly rows: number }
  | { readonly type: "connect"; readonly stream: number; readonly port: number }
  | { readonly type: "taken"; readonly stream: number; readonly bytes: number };

/** What came over a line to another world (sim/host/elsewhere.ts). Outputs are numbered by their bytes. */
export type EnteredAnswer =
  | {
      readonly type: "opened";
      readonly part: number;
      readonly terminal: number | null;
      /** The terminal of this world that it was called from. */
      readonly from: number | null;
    }
  | { readonly type: "output"; readonly stream: 1 | 2; readonly bytes: Bytes }
  /** So many bytes of output were left out. */
  | { readonly type: "left-out"; readonly bytes: number }
  | { readonly type: "ended"; readonly status: number }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "lost" };

/** What came into the world from outside: from a terminal, by its number, or to a Kubernetes API. */
type Entered =
  | {
      readonly kind: "open";
      readonly terminal: number;
      readonly cols: number;
      readonly rows: number;
      /** It belongs to a line from another world, and runs this in the place of a login shell. */
      readonly line?: number;
      readonly command?: string;
    }
  | { readonly kind: "input"; readonly terminal: number; readonly bytes: Bytes }
  | { readonly kind: "resize"; readonly terminal: number; readonly cols: number; readonly rows: number }
  | { readonly kind: "close"; readonly terminal: number }
  | { readonly kind: "command"; readonly line: number; readonly command: string }
  | { readonly kind: "command-input"; readonly line: number; readonly bytes: Bytes }
  | { readonly kind: "command-end" | "command-cut"; readonly line: number }
  | { readonly kind: "heard"; readonly line: number; readonly answer: EnteredAnswer }
  | { readonly kind: "api"; readonly request: EnteredRequest; readonly attempt: number }
  | { readonly kind: "api-frame"; readonly connection: number; readonly frame: EnteredInput }
  | { readonly kind: "api-cut"; readonly connection: number };

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

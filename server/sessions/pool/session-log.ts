import type { JournalEntry } from "../protocol/index.ts";

/** What a session is built again from after its worker is gone. */
export interface SessionSource {
  readonly lab: string;
  readonly seed: number;
  /** Its world as it was opened; undefined if it never was. */
  readonly snapshot: Uint8Array | undefined;
  readonly journal: readonly JournalEntry[];
  /** Bytes of output already delivered, by terminal. */
  readonly delivered: Readonly<Record<string, number>>;
}

/** Where the pool puts what must not be lost. Taking it is quick; it is written soon after. */
export interface SessionLog {
  /** The session was opened in the background: this comes before everything else about it. */
  opened(session: string, lab: string, seed: number, snapshot: Uint8Array): void;
  journal(session: string, from: number, entries: readonly JournalEntry[]): void;
  output(session: string, terminal: number, offset: number, bytes: string): void;
  /** What a terminal has printed from byte `from` on, as far as it is recorded. */
  printed(session: string, terminal: number, from: number): Promise<string>;
  /** All that was put here, written or not yet. */
  source(session: string): Promise<SessionSource | undefined>;
}

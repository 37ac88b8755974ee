import type { JournalEntry } from "../protocol/index.ts";

/** What a session is built again from after its worker is gone. */
export interface SessionSource {
  readonly lab: string;
  readonly seed: number;
  readonly snapshot: Uint8Array;
  readonly journal: readonly JournalEntry[];
  /** Bytes of output already delivered, by terminal. */
  readonly delivered: Readonly<Record<string, number>>;
}

/** Where the pool puts what must not be lost. Taking it is quick; it is written soon after. */
export interface SessionLog {
  journal(session: string, from: number, entries: readonly JournalEntry[]): void;
  output(session: string, terminal: number, offset: number, bytes: string): void;
  /** All that was put here, written or not yet. */
  source(session: string): Promise<SessionSource | undefined>;
}

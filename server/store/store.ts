import type { AttemptKind, AttemptReport, AttemptState, JournalEntry, LabText } from "../sessions/protocol/index.ts";

/** An attempt as it is kept. Times are milliseconds since 1970. */
export interface AttemptRow {
  readonly id: string;
  readonly kind: AttemptKind;
  readonly of: string;
  readonly title: string;
  readonly minutes: number;
  /** Pass line in percent; null for labs. */
  readonly pass: number | null;
  readonly state: AttemptState;
  readonly startedAt: number;
  readonly endsAt: number | null;
  readonly submittedAt: number | null;
  /** For how long, in milliseconds, the server was not there meanwhile: `endsAt` has moved by it. */
  readonly away: number;
  readonly percent: number | null;
  readonly notes: string;
}

/** One lab of an attempt. Its session is called `<attempt>/<part>`. */
export interface PartRow {
  readonly attempt: string;
  readonly part: number;
  readonly lab: string;
  readonly seed: number;
  readonly weight: number;
  readonly text: LabText;
  readonly touched: boolean;
}

export interface OutputChunk {
  readonly session: string;
  readonly terminal: number;
  /** Bytes that the terminal had printed before. */
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One character a byte. */
  readonly bytes: string;
}

/** Everything that is new since the last write: written in one transaction, in this order. */
export interface LogBatch {
  readonly journal: readonly { readonly session: string; readonly seq: number; readonly entry: JournalEntry }[];
  readonly output: readonly OutputChunk[];
}

/** What is written did not find its place: the disk is full, or the database cannot be written. Nothing of it was stored. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly full: boolean;

  constructor(message: string, full: boolean, options?: ErrorOptions) {
    super(message, options);
    this.full = full;
  }
}

/** Where attempts are kept. Every method stores all or nothing, and throws StorageError if it could not. */
export interface Store {
  /** Stores a new attempt with its parts and the snapshots of their worlds. */
  createAttempt(attempt: AttemptRow, parts: readonly (PartRow & { readonly snapshot: Uint8Array })[]): Promise<void>;
  attempt(id: string): Promise<{ readonly attempt: AttemptRow; readonly parts: readonly PartRow[] } | undefined>;
  /** Newest first; all states, or those named. */
  attempts(filter?: {
    readonly states?: readonly AttemptState[];
    readonly limit?: number;
  }): Promise<readonly AttemptRow[]>;
  /** By `kind/of`: how many attempts were graded, and the best percentage. */
  progress(): Promise<ReadonlyMap<string, { readonly attempts: number; readonly best: number | null }>>;
  /** `open` to `grading`, once: false if it was not open any more. Whoever gets true grades. */
  beginGrading(id: string, submittedAt: number): Promise<boolean>;
  /** `grading` back to `open`, if it could not be graded: nothing of the submission is left. */
  reopen(id: string): Promise<void>;
  /** Keeps the final report and makes the attempt `graded`. */
  finish(id: string, report: AttemptReport): Promise<void>;
  saveCheck(id: string, report: AttemptReport): Promise<void>;
  /** The final report, or the last check. */
  report(id: string, which: "final" | "check"): Promise<AttemptReport | undefined>;

  /** Answers by `part/task/question`. */
  answers(id: string): Promise<ReadonlyMap<string, string>>;
  /** False if the attempt is not open. So for all that follow. */
  saveAnswer(id: string, key: string, value: string): Promise<boolean>;
  saveNotes(id: string, notes: string): Promise<boolean>;
  /** Flagged tasks, as `part/task`. */
  flags(id: string): Promise<ReadonlySet<string>>;
  saveFlag(id: string, key: string, flagged: boolean): Promise<boolean>;
  /** How many hints were read, by `part/task`. */
  hints(id: string): Promise<ReadonlyMap<string, number>>;
  saveHints(id: string, key: string, read: number): Promise<boolean>;
  touch(id: string, part: number): Promise<void>;
  /**
   * Puts a part's session back to its start: what it was until now is kept as session `<attempt>/<part>~<n>`, with n
   * from 1; the part is untouched. How often that was done; undefined if the attempt is not open or `most` are kept.
   */
  resetPart(id: string, part: number, most: number): Promise<number | undefined>;

  /** An entry of the journal takes the place of one that is stored with the same number. */
  appendLog(batch: LogBatch): Promise<void>;
  /** What a session is built again from. */
  source(session: string): Promise<
    | {
        readonly lab: string;
        readonly seed: number;
        readonly snapshot: Uint8Array;
        readonly journal: readonly JournalEntry[];
        /** Bytes of output that are stored, by terminal. */
        readonly delivered: Readonly<Record<string, number>>;
      }
    | undefined
  >;
  /** The recording of a terminal, in order. */
  output(session: string, terminal: number): Promise<readonly OutputChunk[]>;
  /** Terminals of a session that have a recording. */
  recorded(session: string): Promise<readonly number[]>;

  /** The token of a session's Kubernetes API: `offered`, unless it has one already. */
  apiToken(session: string, offered: string): Promise<string>;
  /** The tokens of those of the sessions that have one. */
  apiTokens(sessions: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /** Notes that the server is running at this time; read again after a restart. */
  saveAlive(at: number): Promise<void>;
  alive(): Promise<number | undefined>;
  /** After the server was away: moves the end of all open attempts by so many milliseconds. */
  extendOpen(by: number): Promise<void>;
  close(): Promise<void>;
}

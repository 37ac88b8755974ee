import type {
  AttemptKind,
  AttemptReport,
  AttemptState,
  ClockChange,
  JournalEntry,
  KeptWorld,
  LabText,
  Regrade,
} from "../sessions/protocol/index.ts";

/** An attempt as it is kept. Times are milliseconds since 1970. */
export interface AttemptRow {
  readonly id: string;
  /** Id of the account whose attempt it is; `local` on a server without accounts. */
  readonly owner: string;
  /** The assignment of a class that it was started for. */
  readonly assignment: string | null;
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
  /** Since when an instructor has paused it. */
  readonly pausedAt?: number;
}

/** From `at` on, milliseconds since 1970, a task (`part/task`) was in front of the learner; null: none. */
export interface Focus {
  readonly at: number;
  readonly task: string | null;
}

/** The world of a session as it was graded. */
export interface FinalWorld extends KeptWorld {
  readonly session: string;
}

/** A session that was graded and whose world is not kept yet. */
export interface OwedWorld {
  readonly session: string;
  /** The time in its world at which it was graded, in microseconds since 1970. */
  readonly at: number;
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

export interface NewPart extends PartRow {
  /** Undefined if its world is not made yet: it comes in a batch of the log. */
  readonly snapshot: Uint8Array | undefined;
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

/** Whose attempts somebody sees: their own, and those that were started for one of these assignments. */
export interface SeenBy {
  readonly owner: string;
  readonly assignments: readonly string[];
}

/** Everything that is new since the last write: written in one transaction, in this order. */
export interface LogBatch {
  /** Worlds of sessions that were opened in the background. */
  readonly opened?: readonly {
    readonly session: string;
    readonly lab: string;
    readonly seed: number;
    readonly snapshot: Uint8Array;
  }[];
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

/** What of all attempts is shown to somebody. */
export interface Shown {
  /** Missing: they see everybody's. */
  readonly seenBy?: SeenBy;
  /** Only those that were made for these. */
  readonly assignments?: readonly string[];
}

/** Where attempts are kept. Every method stores all or nothing, and throws StorageError if it could not. */
export interface Store {
  /** Stores a new attempt with its parts and the snapshots of those worlds that are there. */
  createAttempt(attempt: AttemptRow, parts: readonly NewPart[]): Promise<void>;
  attempt(id: string): Promise<{ readonly attempt: AttemptRow; readonly parts: readonly PartRow[] } | undefined>;
  /** Newest first; all, or those that the filter names. */
  attempts(
    filter?: Shown & {
      readonly states?: readonly AttemptState[];
      readonly owner?: string;
      readonly limit?: number;
      /** Of this lab or exam only. */
      readonly kind?: AttemptKind;
      readonly of?: string;
    },
  ): Promise<readonly AttemptRow[]>;
  /** By `kind/of`: how many attempts of an owner were graded, and the best percentage. */
  progress(owner: string): Promise<ReadonlyMap<string, { readonly attempts: number; readonly best: number | null }>>;
  /** `open` to `grading`, once: false if it was not open any more. Whoever gets true grades. */
  beginGrading(id: string, submittedAt: number): Promise<boolean>;
  /** `open` to `abandoned`: false if it was not open any more. */
  abandon(id: string, at: number): Promise<boolean>;
  /** `grading` back to `open`, if it could not be graded: nothing of the submission is left. */
  reopen(id: string): Promise<void>;
  /** Keeps the final report, notes which worlds are to be kept, and makes the attempt `graded`. */
  finish(id: string, report: AttemptReport, owed?: readonly OwedWorld[]): Promise<void>;
  /** Keeps the world of a session as it was graded; it is owed no more. */
  saveFinalWorld(world: FinalWorld): Promise<void>;
  /** The world of a session cannot be kept: it is owed no more. */
  forgoFinalWorld(session: string): Promise<void>;
  /** Of all attempts, or of one. */
  owedWorlds(id?: string): Promise<readonly OwedWorld[]>;
  finalWorld(session: string): Promise<KeptWorld | undefined>;
  /** Keeps a later grading of a graded attempt, which counts from now on. */
  saveRegrade(id: string, regrade: Regrade): Promise<void>;
  regrades(id: string): Promise<readonly Regrade[]>;
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
  saveFocus(id: string, focus: Focus): Promise<void>;
  /** What was in front of the learner, in order. */
  focus(id: string): Promise<readonly Focus[]>;

  /** Moves an exam's end; false if the attempt is not open or has none. */
  moveEnd(id: string, by: number, change: ClockChange): Promise<boolean>;
  /** Stops the clock of an attempt; false if it is not open or stands already. */
  pause(id: string, change: ClockChange): Promise<boolean>;
  /** Lets it go on: the time since the pause is nobody's. False if it does not stand. */
  resume(id: string, change: ClockChange): Promise<boolean>;
  clockChanges(id: string): Promise<readonly ClockChange[]>;
  /**
   * Puts a part's session back to its start: what it was until now is kept as session `<attempt>/<part>~<n>`, with n
   * from 1; the part is untouched. How often that was done; undefined if the attempt is not open or `most` are kept.
   */
  resetPart(id: string, part: number, most: number): Promise<number | undefined>;

  /** An entry of the journal takes the place of one that is stored with the same number. */
  appendLog(batch: LogBatch): Promise<void>;
  /** What a session is built again from; without a snapshot it never was open. */
  /** When something was typed last in an attempt, and in which part. */
  lastTyped(attempt: string): Promise<{ readonly at: number; readonly part: number } | undefined>;
  source(session: string): Promise<
    | {
        readonly lab: string;
        readonly seed: number;
        readonly snapshot: Uint8Array | undefined;
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
  /** After the server was away: moves the end of all open attempts that are not paused by so many milliseconds. */
  extendOpen(by: number): Promise<void>;
  close(): Promise<void>;
}

import type { Clock, Logger, SessionLog, SessionSource, Timer } from "../sessions/pool/index.ts";
import type { JournalEntry } from "../sessions/protocol/index.ts";
import { StorageError, type LogBatch, type Store } from "../store/store.ts";
import { Outputs } from "./outputs.ts";

/** How long new entries are collected, in milliseconds. */
const COLLECT = 250;
/** After how long it is tried again when it could not be written. */
const RETRY = 2000;

/** The log cannot be written at the moment: words for people, with what is safe. */
export interface StorageTrouble {
  readonly full: boolean;
  readonly message: string;
}

/** The sessions' log over the store. It takes entries at once and writes them soon after, all that there are together. */
export interface StoredLog extends SessionLog {
  /** Writes what is not written yet. Throws StorageError if that cannot be done now; nothing is lost then. */
  flush(): Promise<void>;
  readonly trouble: StorageTrouble | undefined;
  /** Hears when writing fails, and when it works again (undefined). */
  onStorage(listener: (trouble: StorageTrouble | undefined) => void): void;
  /** Hears of everything that comes into a session. */
  onJournal(listener: (session: string, entries: readonly JournalEntry[]) => void): void;
  /** A session is over; its recording is closed. */
  forget(session: string): void;
  stop(): Promise<void>;
}

interface JournalItem {
  readonly session: string;
  readonly seq: number;
  readonly entry: JournalEntry;
}

export interface LogOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createSessionLog(options: LogOptions): StoredLog {
  return new WriteBehindLog(options);
}

class WriteBehindLog implements StoredLog {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #outputs: Outputs;
  readonly #listeners = new Set<(trouble: StorageTrouble | undefined) => void>();
  readonly #readers = new Set<(session: string, entries: readonly JournalEntry[]) => void>();
  #opened: NonNullable<LogBatch["opened"]> = [];
  #journal: JournalItem[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> | undefined;
  #trouble: StorageTrouble | undefined;
  #stopped = false;

  constructor({ store, clock, logger }: LogOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
    this.#outputs = new Outputs(clock);
  }

  get trouble(): StorageTrouble | undefined {
    return this.#trouble;
  }

  onJournal(listener: (session: string, entries: readonly JournalEntry[]) => void): void {
    this.#readers.add(listener);
  }

  onStorage(listener: (trouble: StorageTrouble | undefined) => void): void {
    this.#listeners.add(listener);
  }

  opened(session: string, lab: string, seed: number, snapshot: Uint8Array): void {
    this.#opened = [...this.#opened, { session, lab, seed, snapshot }];
    this.#soon();
  }

  journal(session: string, from: number, entries: readonly JournalEntry[]): void {
    entries.forEach((entry, index) => this.#journal.push({ session, seq: from + index, entry }));
    for (const read of this.#readers) read(session, entries);
    this.#soon();
  }

  output(session: string, terminal: number, offset: number, bytes: string): void {
    this.#outputs.add(session, terminal, offset, bytes);
    this.#soon();
  }

  async source(session: string): Promise<SessionSource | undefined> {
    await this.flush().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
    const stored = await this.#store.source(session);
    if (stored === undefined) return undefined;
    const opened = this.#opened.find((each) => each.session === session);
    const journal = [...stored.journal];
    for (const { session: of, seq, entry } of this.#journal) if (of === session) journal[seq] = entry;
    const snapshot = stored.snapshot ?? opened?.snapshot;
    return { ...stored, snapshot, journal, delivered: this.#outputs.delivered(session, stored.delivered) };
  }

  async printed(session: string, terminal: number, from: number): Promise<string> {
    await this.flush().catch((error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
    });
    const chunks = await this.#store.output(session, terminal);
    let printed = "";
    for (const { offset, bytes } of chunks) {
      const at = from + printed.length;
      if (offset <= at && offset + bytes.length > at) printed += bytes.slice(at - offset);
    }
    return printed;
  }

  forget(session: string): void {
    this.#outputs.forget(session);
  }

  async flush(): Promise<void> {
    while (this.#writing !== undefined || this.#waiting) await (this.#writing ?? this.#write());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== undefined) this.#clock.clear(this.#timer);
    await this.flush().catch((error: unknown) => {
      this.#logger.error({ err: error }, "the last inputs of sessions could not be stored");
    });
  }

  get #waiting(): boolean {
    return this.#opened.length > 0 || this.#journal.length > 0 || this.#outputs.waiting;
  }

  #soon(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#stopped || !this.#waiting) return;
    this.#timer = this.#clock.set(
      () => {
        this.#timer = undefined;
        // What went wrong has been told to the listeners; it is tried again.
        this.#write().catch(() => {});
      },
      this.#trouble === undefined ? COLLECT : RETRY,
    );
  }

  /** Writes what there is now; what comes meanwhile waits for the next time. */
  #write(): Promise<void> {
    const batch: LogBatch = { opened: this.#opened, journal: this.#journal, output: this.#outputs.take() };
    this.#opened = [];
    this.#journal = [];
    this.#writing = this.#append(batch).finally(() => {
      this.#writing = undefined;
      this.#soon();
    });
    return this.#writing;
  }

  async #append(batch: LogBatch): Promise<void> {
    try {
      await this.#store.appendLog(batch);
    } catch (error) {
      this.#opened = [...batch.opened!, ...this.#opened];
      this.#journal = [...batch.journal, ...this.#journal];
      this.#outputs.putBack(batch.output);
      this.#failed(error);
      throw error;
    }
    this.#outputs.written();
    if (this.#trouble === undefined) return;
    this.#trouble = undefined;
    this.#logger.info({}, "the sessions' log is written again");
    for (const listener of this.#listeners) listener(undefined);
  }

  #failed(error: unknown): void {
    const full = error instanceof StorageError && error.full;
    if (this.#trouble?.full === full) return;
    this.#logger.error({ err: error }, "the sessions' log cannot be written");
    const why = full ? "The server's disk is full" : "The server cannot write its database";
    const message =
      `${why}. You can go on: what was stored before is safe, and what you type now is kept in memory ` +
      "and stored as soon as that works again. If the server stopped before that, it would be lost.";
    this.#trouble = { full, message };
    for (const listener of this.#listeners) listener(this.#trouble);
  }
}

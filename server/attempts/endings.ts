import { SessionError, type Clock, type Logger, type Sessions, type Timer } from "../sessions/pool/index.ts";
import type { AttemptReport } from "../sessions/protocol/index.ts";
import { StorageError, type AttemptRow, type OwedWorld, type Store } from "../store/store.ts";
import { UserError } from "./errors.ts";
import { userError } from "./failures.ts";
import { gradeAttempt, type GradedAttempt, type GradingTools } from "./grading.ts";
import type { Known } from "./known.ts";

/** After how long it is tried again to store that an attempt is over. */
const RETRY = 2000;

export interface EndingsTools extends GradingTools {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It cannot be worked on any more. */
  closed(id: string): void;
  /** It can be worked on again: its submission could not be graded. */
  reopened(known: Known): void;
  /** Its report is stored, and where its worlds can be kept from. */
  graded(known: Known, owed: readonly OwedWorld[]): void;
  /** Its state is another one now. */
  changed(id: string): void;
}

type Final = "submitted" | "time";

/**
 * Ends attempts: somebody submits, or the time is up. The store decides who was first. From then on the attempt is
 * `grading`, until its report is stored. If it cannot be graded, a submission is taken back and can be tried again; when
 * the time is up there is a report in any case. If the store fails, it is tried again until it works.
 */
export class Endings {
  readonly #tools: EndingsTools;
  readonly #running = new Set<Promise<unknown>>();
  readonly #timers = new Set<Timer>();

  constructor(tools: EndingsTools) {
    this.#tools = tools;
  }

  /** Throws UserError and StorageError. */
  async submit(id: string): Promise<AttemptReport> {
    await this.#begin(id, this.#tools.clock.now());
    return this.#track(this.#grade(id, "submitted"));
  }

  /** The end is stored as that of the submission, so that a restart knows why. */
  timeUp(id: string): void {
    const end = async (): Promise<void> => {
      const known = await this.#tools.store.attempt(id);
      await this.#begin(id, known?.attempt.endsAt ?? this.#tools.clock.now());
      await this.#grade(id, "time");
    };
    this.#track(end()).catch((error: unknown) => {
      if (error instanceof UserError) return;
      this.#tools.logger.error({ attempt: id, err: error }, "an attempt could not be ended");
      if (error instanceof StorageError) this.#later(() => this.timeUp(id));
    });
  }

  /** The server went away while it was graded. */
  again({ id, endsAt, submittedAt }: AttemptRow): void {
    const reason = endsAt !== null && submittedAt !== null && submittedAt >= endsAt ? "time" : "submitted";
    this.#inBackground(id, reason);
  }

  stop(): void {
    for (const timer of this.#timers) this.#tools.clock.clear(timer);
    this.#timers.clear();
  }

  /** Until nothing is being graded any more. */
  async done(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #begin(id: string, at: number): Promise<void> {
    if (!(await this.#tools.store.beginGrading(id, at))) {
      throw new UserError("already-submitted", "This attempt was submitted already.", "Its result is on its page.");
    }
    this.#tools.closed(id);
    this.#tools.changed(id);
  }

  async #grade(id: string, reason: Final, ready?: GradedAttempt): Promise<AttemptReport> {
    const { store } = this.#tools;
    let graded = ready;
    try {
      const known = await store.attempt(id);
      const at = known!.attempt.submittedAt!;
      graded ??= await gradeAttempt(this.#tools, known!.attempt, known!.parts, reason, at);
      // If the server ends behind the report, the worlds that are owed are built from it.
      await this.#tools.written();
      await store.finish(id, graded.report, graded.owed);
      this.#tools.graded(known!, graded.owed);
      this.#tools.changed(id);
      return graded.report;
    } catch (error) {
      // The next start of the server grades it.
      if (this.#tools.stopping()) throw error;
      if (error instanceof StorageError) {
        this.#later(() => this.#inBackground(id, reason, graded));
        throw notStoredYet(error);
      }
      return await this.#takeBack(id, reason, error);
    }
  }

  async #takeBack(id: string, reason: Final, cause: unknown): Promise<never> {
    const { store, logger } = this.#tools;
    logger.error({ attempt: id, err: cause }, "an attempt could not be graded");
    if (reason === "time") {
      // There is no way back.
      this.#later(() => this.#inBackground(id, reason));
      throw cause;
    }
    try {
      await store.reopen(id);
      const known = (await store.attempt(id))!;
      this.#tools.reopened(known);
      this.#tools.changed(id);
    } catch (error) {
      this.#later(() => this.#inBackground(id, reason));
      throw error;
    }
    const why = cause instanceof SessionError ? cause.message : userError(cause).message;
    throw new UserError(
      "session-failed",
      `Your work could not be graded: ${why}`,
      "It was not submitted: the attempt is open as before, your answers and what you did are safe. Submit it again.",
      { cause },
    );
  }

  #inBackground(id: string, reason: Final, ready?: GradedAttempt): void {
    this.#track(this.#grade(id, reason, ready)).catch((error: unknown) => {
      this.#tools.logger.warn({ attempt: id, err: error }, "an attempt is not graded yet");
    });
  }

  #later(work: () => void): void {
    if (this.#tools.stopping()) return;
    const timer = this.#tools.clock.set(() => {
      this.#timers.delete(timer);
      work();
    }, RETRY);
    this.#timers.add(timer);
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }
}

function notStoredYet(cause: StorageError): UserError {
  const { code } = userError(cause);
  return new UserError(
    code,
    "Your work was submitted, but its result cannot be stored at the moment.",
    "It is graded and stored as soon as the server can write again: the result appears by itself.",
    { cause },
  );
}

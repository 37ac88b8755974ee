import { UserError } from "../attempts/index.ts";
import type { AuthoringAnswer, AuthoringOrder } from "../sessions/protocol/index.ts";
import type { AuthoringThread, SpawnThread } from "./hands.ts";

/** So long a thread is kept for the next one who wants one: its booted worlds take memory. */
const IDLE = 5 * 60_000;
/** Milliseconds for a lab to be opened, the start of the thread included. */
const PATIENCE = 60_000;

/** Threads in which drafts run, one draft at a time. The last one that ended well is kept: its worlds are booted. */
export class Bench {
  readonly #spawn: SpawnThread;
  readonly #patience: number;
  #parked: AuthoringThread | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(spawn: SpawnThread, patience = PATIENCE) {
    this.#spawn = spawn;
    this.#patience = patience;
  }

  /** Whoever takes it parks it or ends it. */
  take(): AuthoringThread {
    const thread = this.#parked ?? this.#spawn();
    this.#forget();
    return thread;
  }

  /** It has done what was ordered, and nothing of it runs on. */
  park(thread: AuthoringThread): void {
    if (this.#stopped || this.#parked !== undefined) return thread.terminate();
    this.#parked = thread;
    thread.onExit(() => this.#forget());
    this.#timer = setTimeout(() => {
      this.#forget();
      thread.terminate();
    }, IDLE).unref();
  }

  /** One answer. Throws UserError if there is none in time. */
  async ask(order: AuthoringOrder): Promise<AuthoringAnswer> {
    const thread = this.take();
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<AuthoringAnswer>((resolve, reject) => {
        const failed = (why: string): void =>
          reject(new UserError("draft-failed", `The draft cannot be opened: ${why}.`, "What you wrote is kept."));
        timer = setTimeout(
          () => failed(`it took more than ${this.#patience / 1000} s and was ended; look for a loop in its setup`),
          this.#patience,
        );
        thread.onExit(failed);
        thread.onAnswer(resolve);
        thread.post(order);
      });
      this.park(thread);
      return answer;
    } catch (error) {
      thread.terminate();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#parked?.terminate();
    this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#parked = undefined;
  }
}

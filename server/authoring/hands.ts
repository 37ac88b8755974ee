import { UserError } from "../attempts/index.ts";
import type { AuthoringAnswer, AuthoringOrder } from "../sessions/protocol/index.ts";

/** A thread that does what is ordered: drafts may do anything to it, so whoever waits ends it when it takes too long. */
export interface AuthoringThread {
  post(order: AuthoringOrder): void;
  /** From now on this one hears, instead of others. */
  onAnswer(listener: (answer: AuthoringAnswer) => void): void;
  /** It has ended, and why. From now on this one hears, instead of others. */
  onExit(listener: (reason: string) => void): void;
  terminate(): void;
}

export type SpawnThread = () => AuthoringThread;

/** Milliseconds for an answer, the start of the thread included. */
const PATIENCE = 30_000;
/** So long it waits for the next order before it is ended: its worlds take memory. */
const IDLE = 5 * 60_000;

/**
 * A thread for what is answered at once: reading, checking. Orders are done one after the other; one that takes too long
 * ends the thread, and the others are asked again of the next.
 */
export class Hands {
  readonly #spawn: SpawnThread;
  readonly #patience: number;
  #thread: AuthoringThread | undefined;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(spawn: SpawnThread, patience = PATIENCE) {
    this.#spawn = spawn;
    this.#patience = patience;
  }

  /** Throws UserError if there is no answer. */
  async ask<K extends AuthoringAnswer["kind"]>(
    kind: K,
    order: AuthoringOrder,
  ): Promise<Extract<AuthoringAnswer, { kind: K }>> {
    const answer = await new Promise<AuthoringAnswer>((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      if (this.#waiting.length === 1) this.#next();
    });
    if (answer.kind === kind) return answer as Extract<AuthoringAnswer, { kind: K }>;
    throw new UserError("internal", "Something went wrong while the draft was read.", "The draft is kept.", {
      cause: answer.kind === "bug" ? new Error(answer.message) : answer,
    });
  }

  stop(): void {
    this.#end();
    for (const { reject } of this.#waiting.splice(0)) reject(new UserError("internal", "The server is stopping."));
  }

  #next(): void {
    clearTimeout(this.#timer);
    const first = this.#waiting[0];
    if (first === undefined) {
      this.#timer = setTimeout(() => this.#end(), IDLE).unref();
      return;
    }
    this.#timer = setTimeout(() => this.#late(), this.#patience);
    this.#started().post(first.order);
  }

  #started(): AuthoringThread {
    if (this.#thread !== undefined) return this.#thread;
    const thread = this.#spawn();
    this.#thread = thread;
    thread.onAnswer((answer) => {
      if (this.#thread !== thread) return;
      this.#waiting.shift()?.resolve(answer);
      this.#next();
    });
    thread.onExit((reason) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#failed(`reading it ended the thread that reads drafts: ${reason}`);
    });
    return thread;
  }

  #late(): void {
    this.#end();
    this.#failed(`reading it took more than ${this.#patience / 1000} s and was ended`);
  }

  #failed(why: string): void {
    const first = this.#waiting.shift();
    first?.reject(new UserError("draft-failed", `This draft cannot be read: ${why}.`, "What you wrote is kept."));
    if (first !== undefined) this.#next();
  }

  #end(): void {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    this.#thread = undefined;
    thread?.terminate();
  }
}

interface Waiting {
  readonly order: AuthoringOrder;
  resolve(answer: AuthoringAnswer): void;
  reject(error: Error): void;
}

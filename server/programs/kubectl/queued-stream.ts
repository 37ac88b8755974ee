import type { Process } from "../../sim/host/index.ts";
import type { Time, Wake } from "../../sim/kernel/index.ts";
import type { Stream } from "./transport.ts";

/** A stream that somebody pushes into and one process reads, waiting in that process' name. */
export class QueuedStream<T> implements Stream<T> {
  readonly #process: Process;
  readonly #deadline: Time | undefined;
  readonly #queue: T[] = [];
  readonly #onStop: () => void;
  #ended = false;
  #stopped = false;
  #wake: Wake<void> | undefined;

  constructor(process: Process, options: { readonly deadline?: Time | undefined; readonly onStop: () => void }) {
    this.#process = process;
    this.#deadline = options.deadline;
    this.#onStop = options.onStop;
  }

  push(item: T): void {
    if (this.#stopped) return;
    this.#queue.push(item);
    this.#wake?.();
  }

  /** Nothing more comes. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (!this.#ended) this.#onStop();
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        if (this.#queue.length > 0) yield this.#queue.shift()!;
        else if (this.#ended || this.#late) return;
        else await this.#wait();
      }
    } finally {
      this.stop();
    }
  }

  get #late(): boolean {
    return this.#deadline !== undefined && this.#process.kernel.now >= this.#deadline;
  }

  async #wait(): Promise<void> {
    await this.#process.block<void>((wake) => {
      this.#wake = wake;
      const undo =
        this.#deadline === undefined
          ? undefined
          : this.#process.kernel.timer(this.#deadline - this.#process.kernel.now, wake);
      return () => {
        this.#wake = undefined;
        undo?.();
      };
    });
  }
}

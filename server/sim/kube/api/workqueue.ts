import { MILLISECOND, SECOND, type Duration, type Kernel, type Table, type Time } from "../../kernel/index.ts";
import { Unreachable } from "./client.ts";
import { StatusError } from "./status.ts";

export interface WorkQueueOptions {
  /** Whether the process runs that does the work. While it does not, keys wait. */
  readonly active: () => boolean;
  /** From a change to the work that it causes. */
  readonly delay?: Duration;
  /** Back-off after the first failure, doubled with each further one (client-go's DefaultTypedControllerRateLimiter). */
  readonly backoff?: { readonly first: Duration; readonly most: Duration };
}

interface Row {
  /** When the key is due; null for a key that is worked on and only remembers its failures. */
  readonly at: Time | null;
  /** The event that wakes it, or none while the process does not run. */
  readonly event: number | null;
  readonly failures: number;
}

const DELAY = MILLISECOND;
const BACKOFF = { first: 5 * MILLISECOND, most: 1_000 * SECOND };

/**
 * Keys to work on, each at most once at a time, in a table of the kernel and with events of the kernel as its clock: a
 * restored world goes on where it was. A worker that throws a StatusError or Unreachable is tried again after a back-off;
 * any other error is a bug and goes on its way.
 */
export class WorkQueue {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Row>;
  readonly #kind: string;
  readonly #work: (key: string) => void;
  readonly #options: WorkQueueOptions;

  /** `name` must be one of its kind in the world: `kube/<cluster>/deployment`. */
  constructor(kernel: Kernel, name: string, work: (key: string) => void, options: WorkQueueOptions) {
    this.#kernel = kernel;
    this.#kind = `work/${name}`;
    this.#rows = kernel.state.table(`work/${name}`, { quiet: true });
    this.#work = work;
    this.#options = options;
    kernel.handle<string>(this.#kind, (key) => this.#run(key));
  }

  /** Works on the key soon. */
  add(key: string): void {
    this.addAfter(key, this.#options.delay ?? DELAY);
  }

  /** Works on the key after that time, or sooner if that is planned. A periodic wait is none that `settle` waits for. */
  addAfter(key: string, delay: Duration, options: { readonly periodic?: boolean } = {}): void {
    const row = this.#rows.get(key);
    const at = this.#kernel.now + delay;
    const sooner = row !== undefined && row.at !== null && row.at <= at;
    // Most of what happens is about keys that are planned already.
    if (sooner && row.event !== null) return;
    const active = this.#options.active();
    if (sooner && !active) return;
    if (row && row.event !== null) this.#kernel.cancel(row.event);
    const event = active ? this.#kernel.at(at, this.#kind, key, options) : null;
    this.#rows.set(key, { at, event, failures: row?.failures ?? 0 });
  }

  /** Works on the key after a back-off that grows with every call, until `forget`. */
  retry(key: string): void {
    const { first, most } = this.#options.backoff ?? BACKOFF;
    const failures = this.#rows.get(key)?.failures ?? 0;
    this.addAfter(key, Math.min(first * 2 ** failures, most));
    const row = this.#rows.get(key)!;
    this.#rows.set(key, { ...row, failures: failures + 1 });
  }

  /** How often the key has failed in a row. */
  failures(key: string): number {
    return this.#rows.get(key)?.failures ?? 0;
  }

  /** Ends the back-off of a key. */
  forget(key: string): void {
    const row = this.#rows.get(key);
    if (!row) return;
    if (row.at === null) this.#rows.delete(key);
    else this.#rows.set(key, { ...row, failures: 0 });
  }

  /** The process runs again: what has waited is due. */
  resume(): void {
    const waiting = Array.from(this.#rows.entries()).filter(([, row]) => row.at !== null && row.event === null);
    for (const [key, row] of waiting) {
      const event = this.#kernel.at(Math.max(row.at!, this.#kernel.now), this.#kind, key);
      this.#rows.set(key, { ...row, event });
    }
  }

  /** Keys that are planned or wait. */
  get size(): number {
    let size = 0;
    for (const row of this.#rows.values()) if (row.at !== null) size++;
    return size;
  }

  #run(key: string): void {
    const row = this.#rows.get(key);
    if (!row) return;
    if (!this.#options.active()) {
      this.#rows.set(key, { ...row, event: null });
      return;
    }
    if (row.failures > 0) this.#rows.set(key, { at: null, event: null, failures: row.failures });
    else this.#rows.delete(key);
    try {
      this.#work(key);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
      this.retry(key);
      return;
    }
    if (this.failures(key) === row.failures) this.forget(key);
  }
}

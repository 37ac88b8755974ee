import { SECOND, type Duration, type Kernel, type Table, type Time } from "../../kernel/index.ts";

/** A Pod that fitted nowhere. */
export interface WaitingRow {
  /** How often it was tried. */
  readonly attempts: number;
  readonly failedAt: Time;
  /** The plugins that rejected nodes for it; none if there were no nodes. */
  readonly rejectedBy: readonly string[];
}

const FIRST_BACKOFF = 1 * SECOND;
const LONGEST_BACKOFF = 10 * SECOND;

/** The Pods that wait for the cluster to change (pkg/scheduler/backend/queue: unschedulablePods and their back-off). */
export class WaitingPods {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, WaitingRow>;

  constructor(kernel: Kernel, cluster: string) {
    this.#kernel = kernel;
    this.#rows = kernel.state.table(`kube/${cluster}/scheduler/waiting`, { quiet: true });
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): WaitingRow | undefined {
    return this.#rows.get(key);
  }

  entries(): IterableIterator<[string, WaitingRow]> {
    return this.#rows.entries();
  }

  failed(key: string, rejectedBy: readonly string[]): void {
    const attempts = (this.#rows.get(key)?.attempts ?? 0) + 1;
    this.#rows.set(key, { attempts, failedAt: this.#kernel.now, rejectedBy });
  }

  delete(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }

  /** How long the Pod must still wait, however much the cluster changes: 1 s after the first failure, doubled up to 10 s. */
  backoff({ attempts, failedAt }: WaitingRow): Duration {
    const span = Math.min(FIRST_BACKOFF * 2 ** Math.max(0, attempts - 1), LONGEST_BACKOFF);
    return Math.max(0, failedAt + span - this.#kernel.now);
  }
}

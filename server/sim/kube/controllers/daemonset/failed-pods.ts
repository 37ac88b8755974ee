import { MINUTE, SECOND, type Duration, type Kernel, type Table, type Time } from "../../../kernel/index.ts";

const FIRST = 1 * SECOND;
const LONGEST = 15 * MINUTE;

interface Row {
  readonly span: Duration;
  readonly since: Time;
}

/** How long failed daemons are left alone before they are deleted, so that set and kubelet do not fight (failedPodsBackoff). */
export class FailedPods {
  readonly #kernel: Kernel;
  readonly #rows: Table<string, Row>;

  constructor(kernel: Kernel, table: string) {
    this.#kernel = kernel;
    this.#rows = kernel.state.table(table, { quiet: true });
  }

  /** What is left of the back-off of a key; 0 begins the next one, twice as long. */
  wait(key: string): Duration {
    const { now } = this.#kernel;
    const row = this.#rows.get(key);
    const fresh = row && now - row.since <= 2 * LONGEST ? row : undefined;
    if (fresh && now - fresh.since < fresh.span) return fresh.since + fresh.span - now;
    this.#rows.set(key, { span: fresh ? Math.min(2 * fresh.span, LONGEST) : FIRST, since: now });
    return 0;
  }

  clear(): void {
    this.#rows.clear();
  }
}

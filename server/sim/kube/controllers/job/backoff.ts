import { MINUTE, parseRfc3339, SECOND, type Duration, type Table, type Time } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";

const FIRST = 10 * SECOND;
const LONGEST = 10 * MINUTE;

/** How often Pods have failed since one succeeded, and when the last one did. */
export interface BackoffRecord {
  readonly failures: number;
  readonly last: Time | null;
}

/** What a Job's controller keeps in memory of the failures of its Pods (pkg/controller/job/backoff_utils.go). */
export class JobBackoffs {
  readonly #rows: Table<string, BackoffRecord>;

  constructor(rows: Table<string, BackoffRecord>) {
    this.#rows = rows;
  }

  /** The record after Pods have ended; it is remembered by `remember`, when their end has been written down. */
  after(key: string, succeeded: readonly Pod[], failed: readonly Pod[], now: Time): BackoffRecord {
    const known = this.#rows.get(key) ?? { failures: 0, last: null };
    const ends = failed.map((pod) => endOf(pod, now)).sort((a, b) => a - b);
    if (succeeded.length === 0)
      return ends.length === 0 ? known : { failures: known.failures + ends.length, last: ends.at(-1)! };
    const success = Math.max(...succeeded.map((pod) => endOf(pod, now)));
    const later = ends.filter((end) => end > success);
    return later.length === 0 ? { failures: 0, last: null } : { failures: later.length, last: later.at(-1)! };
  }

  remember(key: string, record: BackoffRecord): void {
    const known = this.#rows.get(key);
    if (known?.failures === record.failures && known.last === record.last) return;
    this.#rows.set(key, record);
  }

  forget(key: string): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }
}

/** How long no further Pod may be made. */
export function remainingTime({ failures, last }: BackoffRecord, now: Time): Duration {
  if (failures === 0 || last === null) return 0;
  const span = Math.min(FIRST * 2 ** Math.min(failures - 1, 30), LONGEST);
  return Math.max(0, last + span - now);
}

/** When a Pod's last container ended; else when it became unready, or was deleted (getFinishedTime). */
export function endOf({ metadata, status }: Pod, now: Time): Time {
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const ends = statuses.map(({ state }) => parsed(state.terminated?.finishedAt));
  if (statuses.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...ends);
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  const unready = ready?.status === "False" ? parsed(ready.lastTransitionTime) : undefined;
  if (unready !== undefined) return unready;
  const deleted = parsed(metadata.deletionTimestamp);
  if (deleted !== undefined) return deleted - (metadata.deletionGracePeriodSeconds ?? 0) * SECOND;
  return parsed(metadata.creationTimestamp) ?? now;
}

function parsed(text: string | null | undefined): Time | undefined {
  return text ? parseRfc3339(text) : undefined;
}

import { MINUTE, SECOND, type Duration, type Time } from "../../../kernel/index.ts";
import type { Job, Pod } from "../../api/index.ts";
import { parseIndexes } from "../../kinds/index.ts";
import { endOf } from "./backoff.ts";
import { judge } from "./failure-policy.ts";
import { failureCount, hasFailed, indexOf, isTracked } from "./pods.ts";

const FIRST = 10 * SECOND;
const LONGEST = 10 * MINUTE;

/** What has become of the indexes of an indexed Job. */
export class JobIndexes {
  readonly before: ReadonlySet<number>;
  readonly succeeded: ReadonlySet<number>;
  /** Undefined where failures are counted for the Job as a whole. */
  readonly failed: ReadonlySet<number> | undefined;
  /** The last failed Pod of each index that waits for the next one, which will carry on its count. */
  readonly waiting: ReadonlyMap<number, Pod>;
  readonly #job: Job;

  constructor(job: Job, pods: readonly Pod[], active: readonly Pod[]) {
    this.#job = job;
    this.before = parsed(job.status.completedIndexes, job);
    const ended = pods.filter((pod) => pod.status.phase === "Succeeded" && isTracked(pod));
    this.succeeded = new Set([...this.before, ...numbers(ended, job)]);
    this.failed = job.spec.backoffLimitPerIndex === undefined ? undefined : this.#failed(pods);
    this.waiting = this.failed ? this.#waiting(pods, new Set(numbers(active, job))) : new Map();
  }

  #failed(pods: readonly Pod[]): ReadonlySet<number> {
    const failed = pods.filter((pod) => {
      if (!hasFailed(pod, this.#job)) return false;
      const { action } = judge(this.#job, pod);
      return action === "FailIndex" || this.failures(pod) > this.#job.spec.backoffLimitPerIndex!;
    });
    return new Set([...parsed(this.#job.status.failedIndexes, this.#job), ...numbers(failed, this.#job)]);
  }

  #waiting(pods: readonly Pod[], active: ReadonlySet<number>): ReadonlyMap<number, Pod> {
    const last = new Map<number, Pod>();
    for (const pod of pods) {
      const index = indexOf(pod, this.#job);
      if (index === undefined || !isTracked(pod) || !hasFailed(pod, this.#job)) continue;
      if (this.succeeded.has(index) || this.failed?.has(index) || active.has(index)) continue;
      const known = last.get(index);
      if (!known || failureCount(known) < failureCount(pod)) last.set(index, pod);
    }
    return last;
  }

  /** How often the index of a Pod has failed with it. */
  failures(pod: Pod): number {
    return failureCount(pod) + (judge(this.#job, pod).counts ? 1 : 0);
  }

  /** How long an index has to wait for its next Pod. */
  remaining(index: number, now: Time): Duration {
    const last = this.waiting.get(index);
    if (!last) return 0;
    const span = Math.min(FIRST * 2 ** Math.min(failureCount(last), 30), LONGEST);
    return Math.max(0, endOf(last, now) + span - now);
  }

  /** The lowest indexes that have no Pod and need one. */
  pending(count: number, active: readonly Pod[]): number[] {
    const taken = new Set(numbers(active, this.#job));
    const found: number[] = [];
    for (let index = 0; index < (this.#job.spec.completions ?? 0) && found.length < count; index++)
      if (!taken.has(index) && !this.succeeded.has(index) && !this.failed?.has(index)) found.push(index);
    return found;
  }

  /** Which rule says that enough have succeeded (matchSuccessPolicy). */
  metRule(): number | undefined {
    const rules = this.#job.spec.successPolicy?.rules ?? [];
    const at = rules.findIndex(({ succeededIndexes, succeededCount }) => {
      if (succeededIndexes === undefined) return this.succeeded.size >= (succeededCount ?? Infinity);
      const wanted = [...parsed(succeededIndexes, this.#job)];
      const done = wanted.filter((index) => this.succeeded.has(index)).length;
      return done >= (succeededCount ?? wanted.length);
    });
    return at < 0 ? undefined : at;
  }
}

function numbers(pods: readonly Pod[], job: Job): number[] {
  return pods.flatMap((pod) => indexOf(pod, job) ?? []);
}

function parsed(text: string | undefined, { spec }: Job): ReadonlySet<number> {
  const indexes = parseIndexes(text ?? "", spec.completions ?? 0);
  return "error" in indexes ? new Set() : indexes;
}

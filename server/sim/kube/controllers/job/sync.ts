import { parseRfc3339, rfc3339, SECOND, type Duration, type Time } from "../../../kernel/index.ts";
import {
  isStatus, referenceTo, sameJson, type Client, type Draft, type EventRecorder, type Job, type JobCondition, type Pod,
} from "../../api/index.ts"; // prettier-ignore
import { indexesText, jobs } from "../../kinds/index.ts";
import type { PodControl } from "../pod-control.ts";
import { isPodActive, isPodReady, isPodTerminal } from "../pod-state.ts";
import { remainingTime, type BackoffRecord, type JobBackoffs } from "./backoff.ts";
import { followedBy, jobCondition, trueCondition, withCondition } from "./conditions.ts";
import { judge } from "./failure-policy.ts";
import { JobIndexes } from "./indexes.ts";
import { manageJob } from "./manage.ts";
import { hasFailed, indexOf, isIndexed, isTracked } from "./pods.ts";

export interface JobSyncOptions {
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly pods: PodControl;
  readonly backoffs: JobBackoffs;
  readonly now: Time;
  /** Has the Job looked at again. */
  again(delay: Duration): void;
  /** Takes the finalizer from a Pod. */
  letGo(pod: Pod): void;
}

/** At most so many Pods are counted at once. */
const MOST_UNCOUNTED = 500;

/** One look at a Job with its Pods (job_controller.go syncJob). */
export class JobSync {
  readonly options: JobSyncOptions;
  job: Job;
  readonly pods: readonly Pod[];
  readonly activePods: readonly Pod[];
  readonly indexes: JobIndexes | undefined;
  readonly backoff: BackoffRecord;
  succeeded: number;
  /** Numbers of Pods as they are after what was done to them. */
  active: number;
  ready: number;
  terminating: number;
  readonly #key: string;
  readonly #nowText: string;
  readonly #failed: number;
  readonly #status: Draft<Job["status"]>;
  #finished: JobCondition | undefined;

  constructor(key: string, job: Job, pods: readonly Pod[], options: JobSyncOptions) {
    this.#key = key;
    this.options = options;
    this.job = job;
    this.pods = pods;
    this.activePods = pods.filter(isPodActive);
    this.#nowText = rfc3339(options.now);
    this.#status = structuredClone(job.status) as Draft<Job["status"]>;
    this.#status.uncountedTerminatedPods ??= {};
    this.active = this.activePods.length;
    this.ready = this.activePods.filter(isPodReady).length;
    this.terminating = pods.filter((pod) => pod.metadata.deletionTimestamp !== undefined && !isPodTerminal(pod)).length;
    const { succeeded = [], failed = [] } = this.#status.uncountedTerminatedPods;
    const fresh = (uncounted: readonly string[]): Pod[] =>
      pods.filter(
        (pod) =>
          isTracked(pod) &&
          !uncounted.includes(pod.metadata.uid) &&
          (!isIndexed(job) || indexOf(pod, job) !== undefined),
      );
    const newSucceeded = fresh(succeeded).filter(({ status }) => status.phase === "Succeeded");
    const newFailed = fresh(failed).filter((pod) => hasFailed(pod, job));
    this.succeeded = (job.status.succeeded ?? 0) + newSucceeded.length + succeeded.length;
    const counting = newFailed.filter((pod) => judge(job, pod).counts).length;
    this.#failed = (job.status.failed ?? 0) + counting + failed.length;
    this.backoff = options.backoffs.after(key, newSucceeded, newFailed, options.now);
    if (!isIndexed(job)) return;
    this.indexes = new JobIndexes(job, pods, this.activePods);
    this.succeeded = this.indexes.succeeded.size;
  }

  run(): void {
    const { suspend } = this.job.spec;
    if (!this.#status.startTime && !suspend) this.#status.startTime = this.#nowText;
    this.#finished = this.#verdict();
    let failure: unknown;
    let flush = false;
    try {
      if (this.#finished) this.#stopActive();
      else if (!this.job.metadata.deletionTimestamp) manageJob(this);
    } catch (error) {
      if (!isStatus(error)) throw error;
      failure = error;
      if (this.#finished && this.active > 0) this.#finished = undefined;
    }
    if (!this.#finished) flush = this.#isComplete() ? this.#succeed() : this.#noteSuspension();
    const before = this.job.status;
    flush ||= this.active !== (before.active ?? 0) || this.ready !== before.ready;
    flush ||= this.terminating !== before.terminating;
    this.#status.active = this.active;
    this.#status.ready = this.ready;
    this.#status.terminating = this.terminating;
    this.#track(flush);
    if (failure !== undefined) throw failure;
  }

  // Whether it is over

  #verdict(): JobCondition | undefined {
    const { conditions = [], startTime } = this.#status;
    const met = trueCondition(conditions, "SuccessCriteriaMet");
    if (met) return met;
    const target = trueCondition(conditions, "FailureTarget");
    if (target) return followedBy(target, "Failed", this.#nowText);
    const fatal = this.pods
      .filter((pod) => hasFailed(pod, this.job))
      .flatMap((pod) => judge(this.job, pod).failsJob ?? []);
    if (fatal[0] !== undefined) return this.#failure("PodFailurePolicy", fatal[0]);
    const { spec } = this.job;
    if (this.#failed > (spec.backoffLimit ?? 6) || this.#restartedTooOften())
      return this.#failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    const { activeDeadlineSeconds } = spec;
    if (activeDeadlineSeconds !== undefined && !spec.suspend) {
      const left = parseRfc3339(startTime!)! + activeDeadlineSeconds * SECOND - this.options.now;
      if (left <= 0) return this.#failure("DeadlineExceeded", "Job was active longer than specified deadline");
      this.options.again(left);
    }
    return this.#indexVerdict();
  }

  #indexVerdict(): JobCondition | undefined {
    const { indexes, job } = this;
    if (!indexes) return undefined;
    const { failed } = indexes;
    if (failed && failed.size > (job.spec.maxFailedIndexes ?? Infinity))
      return this.#failure(
        "MaxFailedIndexesExceeded",
        "Job has exceeded the specified maximal number of failed indexes",
      );
    if (failed && failed.size > 0 && failed.size + indexes.succeeded.size >= (job.spec.completions ?? 0))
      return this.#failure("FailedIndexes", "Job has failed indexes");
    const rule = indexes.metRule();
    return rule === undefined ? undefined : this.#met("SuccessPolicy", `Matched rules at index ${rule}`);
  }

  #failure(reason: string, message: string): JobCondition {
    return jobCondition("FailureTarget", "True", reason, message, this.#nowText);
  }

  #met(reason: string, message: string): JobCondition {
    return jobCondition("SuccessCriteriaMet", "True", reason, message, this.#nowText);
  }

  /** Where containers are started again in their Pod, their restarts count (pastBackoffLimitOnFailure). */
  #restartedTooOften(): boolean {
    const { template, backoffLimit = 6 } = this.job.spec;
    if (template.spec.restartPolicy !== "OnFailure") return false;
    let restarts = 0;
    for (const { status } of this.pods) {
      if (status.phase !== "Running" && status.phase !== "Pending") continue;
      for (const { restartCount } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])])
        restarts += restartCount;
    }
    return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
  }

  #isComplete(): boolean {
    const { completions } = this.job.spec;
    return this.active === 0 && (completions === undefined ? this.succeeded > 0 : this.succeeded >= completions);
  }

  #succeed(): boolean {
    this.#finished = this.#met("CompletionsReached", "Reached expected number of succeeded pods");
    return true;
  }

  // What is done about it

  #stopActive(): void {
    for (const pod of this.activePods) {
      this.options.pods.delete(this.job, pod.metadata.name);
      this.active--;
      this.terminating++;
      if (isPodReady(pod)) this.ready--;
    }
  }

  #noteSuspension(): boolean {
    if (this.job.metadata.deletionTimestamp) return false;
    const { conditions = [] } = this.#status;
    const { suspend } = this.job.spec;
    const [status, reason, message] = suspend
      ? (["True", "JobSuspended", "Job suspended"] as const)
      : (["False", "JobResumed", "Job resumed"] as const);
    const next = withCondition(conditions, jobCondition("Suspended", status, reason, message, this.#nowText));
    if (next === conditions) return false;
    this.#status.conditions = [...next];
    this.#event("Normal", suspend ? "Suspended" : "Resumed", message);
    // The deadline counts from when it went on.
    if (!suspend) this.#status.startTime = this.#nowText;
    return true;
  }

  // Counting, so that no Pod is counted twice: first its uid is written down, then its finalizer goes, then it is counted

  #track(flush: boolean): void {
    const tracked = new Set(this.pods.filter(isTracked).map(({ metadata }) => metadata.uid));
    let needed = this.#count(tracked) || flush;
    const { ended, noted } = this.#noteEnded();
    needed ||= noted;
    if (this.#finished) needed = this.#announce() || needed;
    if (needed) {
      this.#write();
      this.options.backoffs.remember(this.#key, this.backoff);
    }
    for (const pod of ended) {
      this.options.letGo(pod);
      tracked.delete(pod.metadata.uid);
    }
    let again = this.#count(tracked);
    const over = ended.length < MOST_UNCOUNTED && this.#finish();
    again ||= over;
    if (again) this.#write();
    if (over) this.#tellEnd();
  }

  /** Pods that have ended, or are as good as ended; true if one of them is to be counted. */
  #noteEnded(): { readonly ended: Pod[]; readonly noted: boolean } {
    const { indexes, job } = this;
    const uncounted = this.#status.uncountedTerminatedPods!;
    const done = new Set(indexes?.before);
    const ended: Pod[] = [];
    let noted = false;
    for (const pod of this.pods) {
      const failed = hasFailed(pod, job);
      if (!isTracked(pod) || !this.#mayLetGo(pod, failed)) continue;
      ended.push(pod);
      const { uid } = pod.metadata;
      const index = indexOf(pod, job);
      const counted = uncounted.failed?.includes(uid);
      if (pod.status.phase === "Succeeded" && !counted) {
        if (indexes) {
          if (index !== undefined && !done.has(index)) noted = Boolean(done.add(index));
        } else if (!uncounted.succeeded?.includes(uid)) noted = Boolean((uncounted.succeeded ??= []).push(uid));
      } else if (failed || (this.#finished && this.#finished.type !== "SuccessCriteriaMet")) {
        if (!counted && (!indexes || index !== undefined) && judge(job, pod).counts)
          noted = Boolean((uncounted.failed ??= []).push(uid));
      }
      if (ended.length >= MOST_UNCOUNTED) break;
    }
    return { ended, noted: this.#noteIndexes(done) || noted };
  }

  #mayLetGo(pod: Pod, failed: boolean): boolean {
    if (this.job.metadata.deletionTimestamp || this.#finished || pod.status.phase === "Succeeded") return true;
    if (!failed) return false;
    const index = indexOf(pod, this.job);
    return index === undefined || this.indexes?.waiting.get(index) !== pod;
  }

  #noteIndexes(done: ReadonlySet<number>): boolean {
    if (!this.indexes) return false;
    const completed = indexesText(done);
    const failed = this.indexes.failed && indexesText(this.indexes.failed);
    const changed = completed !== (this.#status.completedIndexes ?? "") || failed !== this.#status.failedIndexes;
    this.#status.succeeded = done.size;
    this.#status.completedIndexes = completed;
    if (failed !== undefined) this.#status.failedIndexes = failed;
    return changed;
  }

  /** Counts the Pods that were noted and have lost their finalizer. */
  #count(tracked: ReadonlySet<string>): boolean {
    const status = this.#status;
    const uncounted = status.uncountedTerminatedPods!;
    let counted = 0;
    for (const result of ["succeeded", "failed"] as const) {
      const noted = uncounted[result] ?? [];
      const left = noted.filter((uid) => tracked.has(uid));
      status[result] = (status[result] ?? 0) + noted.length - left.length;
      counted += noted.length - left.length;
      if (left.length > 0) uncounted[result] = left;
      else delete uncounted[result];
    }
    return counted > 0;
  }

  /** Says that the Job will end before it does. True if that is news. */
  #announce(): boolean {
    const interim = this.#finished!;
    if (interim.type === "Failed") return false;
    const { conditions = [] } = this.#status;
    const success = interim.type === "SuccessCriteriaMet";
    const known = trueCondition(conditions, interim.type) !== undefined;
    if (!known) this.#status.conditions = [...conditions, interim];
    this.#finished = followedBy(interim, success ? "Complete" : "Failed", this.#nowText);
    return !known;
  }

  /** The end, when every Pod is counted and gone (enactJobFinished). */
  #finish(): boolean {
    const { succeeded, failed } = this.#status.uncountedTerminatedPods!;
    if (!this.#finished || succeeded || failed || this.terminating > 0) return false;
    this.#status.conditions = [...withCondition(this.#status.conditions ?? [], this.#finished)];
    if (this.#finished.type === "Complete") this.#status.completionTime = this.#nowText;
    return true;
  }

  #tellEnd(): void {
    const { type, reason = "", message = "" } = this.#finished!;
    if (type !== "Complete") return this.#event("Warning", reason, message);
    if ((this.#status.succeeded ?? 0) > (this.job.spec.completions ?? Infinity))
      this.#event("Warning", "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
    this.#event("Normal", "Completed", "Job completed");
  }

  #write(): void {
    const { active, succeeded, failed, completedIndexes, ...rest } = structuredClone(this.#status);
    const status = {
      ...rest,
      active: active || undefined,
      succeeded: succeeded || undefined,
      failed: failed || undefined,
      completedIndexes: completedIndexes || undefined,
    };
    if (sameJson(status, this.job.status)) return;
    this.job = this.options.client.updateStatus(jobs, { ...this.job, status });
  }

  #event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.options.recorder.event(referenceTo(jobs, this.job), type, reason, message);
  }

  /** How long no Pod may be made after failures. */
  get wait(): Duration {
    return remainingTime(this.backoff, this.options.now);
  }
}

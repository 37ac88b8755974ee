import {
  MILLISECOND,
  parseRfc3339,
  rfc3339,
  SECOND,
  WEEKDAYS,
  MONTHS,
  calendar,
  pad,
  type Duration,
  type Time,
} from "../../../kernel/index.ts";
import {
  isNotFound, isStatus, own, referenceTo, sameJson, splitKey, watching, type Client, type ControllerLoop, type CronJob, type EventRecorder,
  type Job, type ObjectReference,
} from "../../api/index.ts"; // prettier-ignore
import { cronJobs, jobs, scheduleIn, timeZone, type Schedule } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { controllerOf } from "../owner-reference.ts";
import { isNamespaceTerminating } from "../pod-control.ts";
import { mostRecent, untilNext } from "./due.ts";
import { byStart, endOf, jobName, jobOf } from "./jobs.ts";

/** Starts Jobs at the times of CronJobs (pkg/controller/cronjob). Between two times it does nothing. */
export class CronJobController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("cronjob-controller");
    this.#recorder = context.recorder(this.#client, "cronjob-controller");
    this.loop = context.loop("cronjob-controller", this.#client, {
      name: "cronjob",
      watches: [
        own(cronJobs),
        watching(jobs, ({ object }) => {
          const controller = controllerOf(object);
          return controller?.kind === "CronJob" ? [`${object.metadata.namespace ?? ""}/${controller.name}`] : [];
        }),
      ],
      reconcile: (key) => this.#sync(key),
      delay: 3 * MILLISECOND,
    });
  }

  get #now(): Time {
    return this.#context.kernel.now;
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const cronJob = this.#client.get(cronJobs, namespace, name);
    if (!cronJob) return;
    const own = this.#client
      .owned(jobs, cronJob.metadata.uid)
      .filter((job) => controllerOf(job)?.uid === cronJob.metadata.uid);
    const turn = new Turn(this.#client, this.#recorder, cronJob, own, this.#now);
    turn.cleanUp();
    let wait: Duration | undefined;
    try {
      wait = turn.run();
    } finally {
      turn.writeStatus();
    }
    // The next time is what repeats: nobody waits for it to settle.
    if (wait !== undefined) this.loop.queue.addAfter(key, wait, { periodic: true });
  }
}

/** One look at a CronJob (syncCronJob). */
class Turn {
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #cronJob: CronJob;
  readonly #jobs: readonly Job[];
  readonly #now: Time;
  #active: readonly ObjectReference[];
  #lastSchedule: string | undefined;
  #lastSuccess: string | undefined;

  constructor(client: Client, recorder: EventRecorder, cronJob: CronJob, own: readonly Job[], now: Time) {
    this.#client = client;
    this.#recorder = recorder;
    this.#cronJob = cronJob;
    this.#jobs = own;
    this.#now = now;
    this.#active = cronJob.status.active ?? [];
    this.#lastSchedule = cronJob.status.lastScheduleTime;
    this.#lastSuccess = cronJob.status.lastSuccessfulTime;
  }

  /** Deletes the oldest Jobs that are over, beyond the limits of its history. */
  cleanUp(): void {
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = this.#cronJob.spec;
    const limits = { Complete: successfulJobsHistoryLimit, Failed: failedJobsHistoryLimit } as const;
    for (const end of ["Complete", "Failed"] as const) {
      const over = this.#jobs.filter((job) => endOf(job) === end && !job.metadata.deletionTimestamp).toSorted(byStart);
      for (const job of over.slice(0, Math.max(0, over.length - (limits[end] ?? Infinity)))) this.#delete(job);
    }
  }

  /** How long until the next look; undefined if nothing but a change asks for one. */
  run(): Duration | undefined {
    this.#followJobs();
    const { spec, metadata } = this.#cronJob;
    if (metadata.deletionTimestamp) return undefined;
    if (spec.timeZone !== undefined && !timeZone(spec.timeZone)) {
      const zone = JSON.stringify(spec.timeZone);
      this.#event("Warning", "UnknownTimeZone", `invalid timeZone: ${zone}: unknown time zone ${spec.timeZone}`);
      return undefined;
    }
    if (spec.suspend) return undefined;
    if (spec.schedule.includes("TZ"))
      this.#event(
        "Warning",
        "UnsupportedSchedule",
        `CRON_TZ or TZ used in schedule ${JSON.stringify(spec.schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`,
      );
    const schedule = scheduleIn(spec.schedule, spec.timeZone);
    if ("error" in schedule) {
      const text = JSON.stringify(spec.schedule);
      this.#event("Warning", "UnparseableSchedule", `unparseable schedule: ${text} : ${schedule.error}`);
      return undefined;
    }
    return this.#meet(schedule);
  }

  #meet(schedule: Schedule): Duration | undefined {
    const { spec } = this.#cronJob;
    const { last, missed, error } = mostRecent(this.#cronJob, this.#now, schedule, { deadline: true });
    if (error !== undefined) {
      this.#event("Warning", "InvalidSchedule", `invalid schedule: ${spec.schedule} : ${error}`);
      return undefined;
    }
    if (last === undefined) return untilNext(this.#cronJob, this.#now, schedule);
    if (missed === "many")
      this.#event(
        "Warning",
        "TooManyMissedTimes",
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
      );
    const name = jobName(this.#cronJob, last);
    const done = this.#active.some((job) => job.name === name) || this.#lastSchedule === rfc3339(last);
    const deadline = spec.startingDeadlineSeconds;
    if (deadline !== undefined && last + deadline * SECOND < this.#now)
      this.#event("Warning", "MissSchedule", `Missed scheduled time to start a job: ${rfc1123(last)}`);
    else if (!done && spec.concurrencyPolicy === "Forbid" && this.#active.length > 0)
      this.#event(
        "Normal",
        "JobAlreadyActive",
        "Not starting job because prior execution is running and concurrency policy is Forbid",
      );
    else if (!done) {
      if (spec.concurrencyPolicy === "Replace") this.#replace();
      this.#start(last);
    }
    return untilNext(this.#withStatus(), this.#now, schedule);
  }

  /** Notes which of its Jobs are over, and which are gone. */
  #followJobs(): void {
    for (const job of this.#jobs) {
      const { name, uid } = job.metadata;
      const listed = this.#active.some((one) => one.uid === uid);
      const end = endOf(job);
      if (end === undefined) {
        if (!listed)
          this.#event("Warning", "UnexpectedJob", `Saw a job that the controller did not create or forgot: ${name}`);
        continue;
      }
      if (listed) {
        this.#active = this.#active.filter((one) => one.uid !== uid);
        this.#event("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`);
      }
      const { completionTime } = job.status;
      if (end === "Complete" && completionTime !== undefined)
        if (this.#lastSuccess === undefined || parseRfc3339(completionTime)! > parseRfc3339(this.#lastSuccess)!)
          this.#lastSuccess = completionTime;
    }
    for (const { name = "", uid } of this.#active) {
      if (this.#jobs.some(({ metadata }) => metadata.uid === uid)) continue;
      this.#active = this.#active.filter((one) => one.uid !== uid);
      this.#event("Normal", "MissingJob", `Active job went missing: ${name}`);
    }
  }

  #replace(): void {
    for (const { uid } of this.#active) {
      const job = this.#jobs.find(({ metadata }) => metadata.uid === uid);
      if (job) this.#delete(job);
    }
  }

  #start(time: Time): void {
    const wanted = jobOf(this.#cronJob, time);
    let job: Job;
    try {
      job = this.#client.create(jobs, wanted);
    } catch (error) {
      if (!isStatus(error)) throw error;
      if (isStatus(error, "AlreadyExists")) return;
      if (!isNamespaceTerminating(error))
        this.#event("Warning", "FailedCreate", `Error creating job: ${(error as Error).message}`);
      throw error;
    }
    this.#event("Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
    this.#active = [...this.#active, referenceTo(jobs, job)];
    this.#lastSchedule = rfc3339(time);
  }

  #delete({ metadata }: Job): void {
    try {
      this.#client.delete(jobs, metadata.namespace ?? "", metadata.name, { propagationPolicy: "Background" });
    } catch (error) {
      if (!isStatus(error)) throw error;
      if (!isNotFound(error)) {
        this.#event("Warning", "FailedDelete", `Deleted job: ${error.message}`);
        throw error;
      }
    }
    this.#active = this.#active.filter(({ uid }) => uid !== metadata.uid);
    this.#event("Normal", "SuccessfulDelete", `Deleted job ${metadata.name}`);
  }

  #withStatus(): CronJob {
    const status = {
      active: this.#active.length > 0 ? this.#active : undefined,
      lastScheduleTime: this.#lastSchedule,
      lastSuccessfulTime: this.#lastSuccess,
    };
    return { ...this.#cronJob, status: status };
  }

  writeStatus(): void {
    const next = this.#withStatus();
    if (!sameJson(next.status, this.#cronJob.status)) this.#client.updateStatus(cronJobs, next);
  }

  #event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#recorder.event(referenceTo(cronJobs, this.#cronJob), type, reason, message);
  }
}

/** `Sat, 21 Nov 2026 10:00:00 +0000`: Go's time.RFC1123Z. */
function rfc1123(time: Time): string {
  const { year, month, day, hour, minute, second, weekday } = calendar(time);
  const date = `${WEEKDAYS[weekday]!.slice(0, 3)}, ${pad(day, 2)} ${MONTHS[month - 1]!.slice(0, 3)} ${year}`;
  return `${date} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)} +0000`;
}

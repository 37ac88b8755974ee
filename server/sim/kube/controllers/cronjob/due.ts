import { MILLISECOND, parseRfc3339, SECOND, type Duration, type Time } from "../../../kernel/index.ts";
import type { CronJob } from "../../api/index.ts";
import type { Schedule } from "../../kinds/index.ts";

/** Which of its times a CronJob has missed or is to meet (pkg/controller/cronjob/utils.go). */

/** Time is asked for a little late, so that no clock is ahead of it (nextScheduleDelta). */
const PADDING = 100 * MILLISECOND;
const MANY = 100;

export interface Due {
  /** From when on times count. */
  readonly earliest: Time;
  /** The last time that has passed; undefined if none has. */
  readonly last?: Time;
  readonly missed: "none" | "few" | "many";
  /** The schedule makes no sense. */
  readonly error?: string;
}

/** mostRecentScheduleTime */
export function mostRecent(
  { metadata, spec, status }: CronJob,
  now: Time,
  schedule: Schedule,
  options: { readonly deadline: boolean },
): Due {
  let earliest = parseRfc3339(status.lastScheduleTime ?? metadata.creationTimestamp)!;
  if (options.deadline && spec.startingDeadlineSeconds !== undefined)
    earliest = Math.max(earliest, now - spec.startingDeadlineSeconds * SECOND);
  const first = schedule.next(earliest);
  const second = first === undefined ? undefined : schedule.next(first);
  if (first === undefined || second === undefined)
    return { earliest, missed: "none", error: "time difference between two schedules is less than 1 second" };
  if (now < first) return { earliest, missed: "none" };
  if (now < second) return { earliest, last: first, missed: "none" };
  const period = second - first;
  const number = Math.floor((now - first) / period) + 1;
  let last: Time | undefined;
  for (let time = schedule.next(first + (number - 2) * period); time !== undefined && time <= now;)
    time = schedule.next((last = time));
  return { earliest, ...(last !== undefined && { last }), missed: number > MANY ? "many" : "few" };
}

/** How long until the next time (nextScheduleTimeDuration). */
export function untilNext(cronJob: CronJob, now: Time, schedule: Schedule): Duration | undefined {
  const { earliest, last, missed, error } = mostRecent(cronJob, now, schedule, { deadline: false });
  const from = error !== undefined ? now : (last ?? (missed === "none" ? earliest : now));
  const next = schedule.next(from);
  return next === undefined ? undefined : Math.max(0, next + PADDING - now);
}

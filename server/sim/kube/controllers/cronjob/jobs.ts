import { parseRfc3339, rfc3339, SECOND, type Time } from "../../../kernel/index.ts";
import type { CronJob, Input, Job } from "../../api/index.ts";
import { cronJobs, jobCondition, offsetText, timeZone } from "../../kinds/index.ts";
import { controllerReference } from "../owner-reference.ts";

const SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** Named by the minute, so that no time has two Jobs. */
export function jobName({ metadata }: CronJob, time: Time): string {
  return `${metadata.name}-${Math.floor(time / SECOND / 60)}`;
}

/** The Job of a time (getJobFromTemplate2). */
export function jobOf(cronJob: CronJob, time: Time): Input<Job> {
  const { jobTemplate, timeZone: zone = "" } = cronJob.spec;
  const { labels, annotations } = jobTemplate.metadata;
  const offset = timeZone(zone)?.offset(time) ?? 0;
  const text = `${rfc3339(time + offset).slice(0, -1)}${offsetText(offset)}`;
  return {
    metadata: {
      name: jobName(cronJob, time),
      namespace: cronJob.metadata.namespace!,
      ...(labels && { labels }),
      annotations: { ...annotations, [SCHEDULED]: text },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    spec: jobTemplate.spec,
  };
}

/** `Complete` or `Failed`; undefined while it is not over. */
export function endOf(job: Job): "Complete" | "Failed" | undefined {
  if (jobCondition(job, "Complete")) return "Complete";
  return jobCondition(job, "Failed") ? "Failed" : undefined;
}

/** The first started first; those that were not started last. */
export function byStart(a: Job, b: Job): number {
  const at = ({ status }: Job): Time => (status.startTime ? parseRfc3339(status.startTime)! : Infinity);
  const [first, second] = [at(a), at(b)];
  if (first !== second) return first - second;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

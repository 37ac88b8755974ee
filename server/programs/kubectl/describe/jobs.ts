import { parseRfc3339 } from "../../../sim/kernel/index.ts";
import { humanDuration, type CronJob, type Job, type JobSpec } from "../../../sim/kube/api/index.ts";
import { capitalized, controllerOf, longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import { writePodTemplate } from "./pod-template.ts";
import { selectorString } from "./selector-text.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe JobDescriber */
export async function describeJob(session: DescribeSession, subject: Subject): Promise<string> {
  const job = await session.get<Job>(subject);
  const { metadata, spec, status } = job;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  out.field("Selector", selectorString(spec.selector ?? null));
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  const controller = controllerOf(job);
  if (controller !== undefined) out.field("Controlled By", controller);
  if (spec.parallelism !== undefined) out.field("Parallelism", spec.parallelism);
  out.field("Completions", spec.completions ?? "<unset>");
  if (spec.completionMode !== undefined) out.field("Completion Mode", spec.completionMode);
  if (spec.suspend !== undefined) out.field("Suspend", spec.suspend);
  if (spec.backoffLimit !== undefined) out.field("Backoff Limit", spec.backoffLimit);
  if (spec.ttlSecondsAfterFinished !== undefined) out.field("TTL Seconds After Finished", spec.ttlSecondsAfterFinished);
  writeTimes(out, status);
  if (spec.activeDeadlineSeconds !== undefined) out.field("Active Deadline Seconds", `${spec.activeDeadlineSeconds}s`);
  const { active = 0, succeeded = 0, failed = 0, ready } = status;
  const readiness = ready === undefined ? "" : ` (${ready} Ready)`;
  out.field("Pods Statuses", `${active} Active${readiness} / ${succeeded} Succeeded / ${failed} Failed`);
  if (spec.completionMode === "Indexed") out.field("Completed Indexes", indexesText(status.completedIndexes ?? ""));
  writePodTemplate(out, spec.template);
  await session.events(out, job, "Job");
  return out.text;
}

function writeTimes(out: Description, { startTime, completionTime }: Job["status"]): void {
  if (startTime) out.field("Start Time", longTime(startTime));
  if (completionTime) out.field("Completed At", longTime(completionTime));
  if (startTime && completionTime)
    out.field("Duration", humanDuration((parseRfc3339(completionTime) ?? 0) - (parseRfc3339(startTime) ?? 0)));
}

const LONGEST_INDEXES = 50;

/** Cut at the first comma behind the limit (capIndexesListOrNone). */
function indexesText(indexes: string): string {
  if (indexes === "") return "<none>";
  const end = indexes.indexOf(",", LONGEST_INDEXES);
  return end < 0 ? indexes : `${indexes.slice(0, end + 1)}...`;
}

/** kubectl pkg/describe CronJobDescriber */
export async function describeCronJob(session: DescribeSession, subject: Subject): Promise<string> {
  const cronJob = await session.get<CronJob>(subject);
  const { metadata, spec, status } = cronJob;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Schedule", spec.schedule);
  out.field("Concurrency Policy", spec.concurrencyPolicy ?? "");
  out.field("Suspend", spec.suspend === undefined ? "<unset>" : capitalized(spec.suspend));
  out.field("Successful Job History Limit", spec.successfulJobsHistoryLimit ?? "<unset>");
  out.field("Failed Job History Limit", spec.failedJobsHistoryLimit ?? "<unset>");
  const deadline = spec.startingDeadlineSeconds;
  out.field("Starting Deadline Seconds", deadline === undefined ? "<unset>" : `${deadline}s`);
  writeJobTemplate(out, spec.jobTemplate.spec);
  out.field("Last Schedule Time", status.lastScheduleTime ? longTime(status.lastScheduleTime) : "<unset>");
  out.field("Active Jobs", (status.active ?? []).map(({ name = "" }) => name).join(", ") || "<none>");
  await session.events(out, cronJob, "CronJob");
  return out.text;
}

function writeJobTemplate(out: Description, spec: JobSpec): void {
  out.field("Selector", spec.selector ? selectorString(spec.selector) : "<unset>");
  out.field("Parallelism", spec.parallelism ?? "<unset>");
  out.field("Completions", spec.completions ?? "<unset>");
  if (spec.activeDeadlineSeconds !== undefined) out.field("Active Deadline Seconds", `${spec.activeDeadlineSeconds}s`);
  writePodTemplate(out, spec.template);
}

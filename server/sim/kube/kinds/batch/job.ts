import { parseRfc3339, type Time } from "../../../kernel/index.ts";
import {
  age, AGE, humanDuration, NAME, names, sameJson, type Cell, type Column, type Draft, type Job, type JobSpec, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { formatSelector } from "../apps/selector-cell.ts";
import { defaultTemplate } from "../pod-template/defaults.ts";
import { containerImages, containerNames } from "../pod-template/template.ts";
import { hostnameWarning, podSpecWarnings } from "../pod-template/warnings.ts";
import { CONTROLLER_UID, JOB_NAME, LEGACY_CONTROLLER_UID, LEGACY_JOB_NAME } from "./job-labels.ts";
import { validateJobStatus } from "./job-status.ts";
import { validateJobUpdate, validateNewJob } from "./job-validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Status" },
  { name: "Completions" },
  { name: "Duration" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
  { name: "Selector", priority: 1 },
];

export const jobs: Kind<Job> = {
  group: "batch",
  version: "v1",
  kind: "Job",
  plural: "jobs",
  singular: "job",
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: (job, now): readonly Cell[] => [
    job.metadata.name,
    statusCell(job),
    completionsCell(job),
    durationCell(job, now),
    age(job.metadata.creationTimestamp, now),
    containerNames(job.spec.template),
    containerImages(job.spec.template),
    formatSelector(job.spec.selector),
  ],
  orphansByDefault: {
    warning:
      "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning",
  },
  nameRule: names.forNames(names.subdomain),
  fields: { "status.successful": ({ status }) => String(status.succeeded ?? 0) },

  defaults({ metadata, spec }) {
    defaultJobSpec(spec);
    const { labels } = spec.template.metadata;
    if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
  },
  prepareCreate(job) {
    job.metadata.generation = 1;
    job.status = {};
    const bare = Object.keys(job.metadata.labels ?? {}).length === 0;
    if (!job.spec.manualSelector) generateSelector(job);
    // The stored object gets this default when it is read.
    if (bare) job.metadata.labels = { ...job.spec.template.metadata.labels };
  },
  prepareUpdate(job, old) {
    job.status = old.status as Draft<Job["status"]>;
    if (!sameJson(job.spec, old.spec)) job.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate: validateNewJob,
  validateUpdate: validateJobUpdate,
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : hostnameWarning(metadata.name, "Pod names and hostnames")),
    ...(metadata.generation === old?.metadata.generation
      ? []
      : podSpecWarnings(spec.template.spec, "spec.template.spec")),
  ],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(job, old) {
        job.spec = old.spec as Draft<Job["spec"]>;
      },
      validateUpdate: validateJobStatus,
    },
  },
};

/** pkg/apis/batch/v1/defaults.go SetDefaults_Job */
export function defaultJobSpec(spec: Draft<JobSpec>): void {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  spec.manualSelector ??= false;
  for (const { onPodConditions } of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of onPodConditions ?? []) pattern.status ||= "True";
  defaultTemplate(spec.template);
}

/** pkg/registry/batch/job/strategy.go generateSelector */
function generateSelector({ metadata, spec }: Draft<Job>): void {
  spec.template.metadata.labels = {
    ...spec.template.metadata.labels,
    [LEGACY_CONTROLLER_UID]: metadata.uid,
    [LEGACY_JOB_NAME]: metadata.name,
    [CONTROLLER_UID]: metadata.uid,
    [JOB_NAME]: metadata.name,
  };
  spec.selector ??= {};
  spec.selector.matchLabels ??= {};
  spec.selector.matchLabels[CONTROLLER_UID] ??= metadata.uid;
}

export function jobCondition({ status }: Job, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}

/** It succeeded or failed for good. */
export function isJobFinished(job: Job): boolean {
  return jobCondition(job, "Complete") || jobCondition(job, "Failed");
}

function statusCell(job: Job): string {
  if (jobCondition(job, "Complete")) return "Complete";
  if (jobCondition(job, "Failed")) return "Failed";
  if (job.metadata.deletionTimestamp) return "Terminating";
  if (jobCondition(job, "Suspended")) return "Suspended";
  return jobCondition(job, "FailureTarget") ? "FailureTarget" : "Running";
}

function completionsCell({ spec, status }: Job): string {
  const succeeded = status.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const { parallelism = 0 } = spec;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationCell({ status }: Job, now: Time): string {
  const start = status.startTime ? parseRfc3339(status.startTime) : undefined;
  if (start === undefined) return "";
  const end = status.completionTime ? parseRfc3339(status.completionTime) : undefined;
  return humanDuration((end ?? now) - start);
}

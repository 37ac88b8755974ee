import {
  age, AGE, goJson, invalid, NAME, names, notSupported, required, sameJson, type Cell, type Column, type CronJob, type Draft,
  type FieldErrors, type Kind,
} from "../../api/index.ts"; // prettier-ignore
import { formatSelector } from "../apps/selector-cell.ts";
import { defaultTemplate } from "../pod-template/defaults.ts";
import { notNegative } from "../pod-template/probes.ts";
import { containerImages, containerNames } from "../pod-template/template.ts";
import { hostnameWarning, podSpecWarnings } from "../pod-template/warnings.ts";
import { validateJobTemplate } from "./job-validation.ts";
import { parseSchedule } from "./schedule.ts";
import { timeZone } from "./time-zone.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Schedule" },
  { name: "Timezone" },
  { name: "Suspend", type: "boolean" },
  { name: "Active", type: "integer" },
  { name: "Last Schedule" },
  AGE,
  { name: "Containers", priority: 1 },
  { name: "Images", priority: 1 },
  { name: "Selector", priority: 1 },
];

const POLICIES = ["Allow", "Forbid", "Replace"];
/** Jobs are called after it, with eleven more characters. */
const MAX_NAME = 52;
const TIME_ZONE_PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

export const cronJobs: Kind<CronJob> = {
  group: "batch",
  version: "v1",
  kind: "CronJob",
  plural: "cronjobs",
  singular: "cronjob",
  shortNames: ["cj"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    spec.schedule,
    spec.timeZone ?? "<none>",
    spec.suspend === undefined ? "<unset>" : spec.suspend ? "True" : "False",
    status.active?.length ?? 0,
    status.lastScheduleTime ? age(status.lastScheduleTime, now) : "<none>",
    age(metadata.creationTimestamp, now),
    containerNames(spec.jobTemplate.spec.template),
    containerImages(spec.jobTemplate.spec.template),
    formatSelector(spec.jobTemplate.spec.selector),
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec }) {
    spec.concurrencyPolicy ??= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    // What a Job gets besides is defaulted when one is made of it.
    defaultTemplate(spec.jobTemplate.spec.template);
  },
  prepareCreate(cronJob) {
    cronJob.status = {};
    cronJob.metadata.generation = 1;
  },
  prepareUpdate(cronJob, old) {
    cronJob.status = old.status as Draft<CronJob["status"]>;
    if (!sameJson(cronJob.spec, old.spec)) cronJob.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  validate(cronJob) {
    const { name } = cronJob.metadata;
    const found = validateCronJob(cronJob, undefined);
    if (name.length > MAX_NAME)
      found.push(invalid("metadata.name", name, `must be no more than ${MAX_NAME} characters`));
    return found;
  },
  validateUpdate: validateCronJob,
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : hostnameWarning(metadata.name, "Pod names and hostnames")),
    ...(metadata.generation === old?.metadata.generation
      ? []
      : podSpecWarnings(spec.jobTemplate.spec.template.spec, "spec.jobTemplate.spec.template.spec")),
    ...(spec.schedule.includes("TZ")
      ? [
          "spec.schedule: CRON_TZ or TZ used in spec.schedule is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
        ]
      : []),
  ],
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(cronJob, old) {
        cronJob.spec = old.spec as Draft<CronJob["spec"]>;
      },
    },
  },
};

/** pkg/apis/batch/validation validateCronJobSpec */
function validateCronJob({ spec }: CronJob, old: CronJob | undefined): FieldErrors {
  const found: FieldErrors = [];
  if (!spec.schedule) found.push(required("spec.schedule"));
  else found.push(...validateSchedule(spec, old?.spec.schedule.includes("TZ") ?? false));
  found.push(...notNegative(spec.startingDeadlineSeconds, "spec.startingDeadlineSeconds"));
  if (spec.timeZone !== old?.spec.timeZone) found.push(...validateTimeZone(spec.timeZone));
  const policy = spec.concurrencyPolicy;
  if (!policy) found.push(required("spec.concurrencyPolicy"));
  else if (!POLICIES.includes(policy)) found.push(notSupported("spec.concurrencyPolicy", policy, POLICIES));
  const template = spec.jobTemplate.spec;
  const path = "spec.jobTemplate.spec";
  found.push(...validateJobTemplate(template, path));
  if (template.selector)
    found.push(invalid(`${path}.selector`, goJson(template.selector), "`selector` will be auto-generated"));
  if (template.manualSelector)
    found.push(notSupported(`${path}.manualSelector`, goJson(template.manualSelector), ["nil", "false"]));
  found.push(...notNegative(spec.successfulJobsHistoryLimit, "spec.successfulJobsHistoryLimit"));
  found.push(...notNegative(spec.failedJobsHistoryLimit, "spec.failedJobsHistoryLimit"));
  return found;
}

function validateSchedule({ schedule, timeZone: zone }: CronJob["spec"], zoneAllowed: boolean): FieldErrors {
  const path = "spec.schedule";
  const parsed = parseSchedule(schedule);
  const found = "error" in parsed ? [invalid(path, schedule, parsed.error)] : [];
  if (!schedule.includes("TZ")) return found;
  if (!zoneAllowed)
    found.push(invalid(path, schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  else if (zone !== undefined)
    found.push(invalid(path, schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
  return found;
}

function validateTimeZone(zone: string | undefined): FieldErrors {
  const path = "spec.timeZone";
  if (zone === undefined) return [];
  if (zone === "") return [invalid(path, zone, "timeZone must be nil or non-empty string")];
  const unknown = invalid(path, zone, `unknown time zone ${zone}`);
  if (
    zone.split("/").some((part) => part === "." || part === ".." || part.startsWith("-") || !TIME_ZONE_PART.test(part))
  )
    return [unknown];
  if (zone.toLowerCase() === "local")
    return [
      invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"),
    ];
  return timeZone(zone) ? [] : [unknown];
}

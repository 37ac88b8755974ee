import {
  copyJson, goJson, goStringMap, IMMUTABLE, invalid, matchesLabels, names, notSupported, required, sameJson, selectorOf, tooMany,
  type FieldErrors, type Job, type JobSpec,
} from "../../api/index.ts"; // prettier-ignore
import { notNegative } from "../pod-template/probes.ts";
import { goLabelSelector, validateLabelSelector } from "../pod-template/selector.ts";
import { validateTemplate } from "../pod-template/template.ts";
import { CONTROLLER_UID, JOB_NAME, LEGACY_CONTROLLER_UID, LEGACY_JOB_NAME } from "./job-labels.ts";
import { validatePodFailurePolicy, validateSuccessPolicy } from "./job-policies.ts";

const MAX_PARALLELISM = 100_000;
const MANY_COMPLETIONS = 100_000;
const MANAGED_BY_LENGTH = 63;

/** pkg/apis/batch/validation ValidateJob */
export function validateNewJob(job: Job): FieldErrors {
  const { metadata, spec } = job;
  const found = [...validateGeneratedSelector(job), ...validateSpec(spec, "spec")];
  if (spec.completionMode === "Indexed" && (spec.completions ?? 0) > 0) {
    const last = `${metadata.name}-${spec.completions! - 1}`;
    if (names.label(last).length > 0)
      found.push(
        invalid("metadata.name", metadata.name, `will not able to create pod with invalid DNS label: ${last}`),
      );
  }
  return found;
}

/** ValidateJobUpdate: most of a Job is for ever. */
export function validateJobUpdate(next: Job, old: Job): FieldErrors {
  const found = validateSpec(next.spec, "spec");
  const fixed = (field: keyof JobSpec): void => {
    if (!sameJson(next.spec[field], old.spec[field])) found.push(immutable(next.spec, field));
  };
  if (next.spec.completionMode !== "Indexed") fixed("completions");
  else if (next.spec.completions !== old.spec.completions && next.spec.completions !== next.spec.parallelism)
    found.push(
      invalid("spec.completions", next.spec.completions, "can only be modified in tandem with spec.parallelism"),
    );
  fixed("selector");
  if (!sameJson(comparableTemplate(next, next, old), comparableTemplate(old, next, old)))
    found.push(immutable(next.spec, "template"));
  fixed("completionMode");
  fixed("podFailurePolicy");
  fixed("backoffLimitPerIndex");
  fixed("managedBy");
  fixed("successPolicy");
  return found;
}

function immutable(spec: JobSpec, field: keyof JobSpec): FieldErrors[number] {
  const value = spec[field];
  const shown = field === "selector" ? goLabelSelector(spec.selector) : goJson(value);
  const simple = typeof value === "string" || typeof value === "number" || value === undefined;
  return invalid(`spec.${field}`, simple ? value : shown, IMMUTABLE);
}

/** A Job that never ran may be told where to run: while it is suspended these fields may change. */
function comparableTemplate(of: Job, next: Job, old: Job): unknown {
  const { template } = of.spec;
  if (!old.spec.suspend || old.status.startTime) return template;
  const copy = copyJson(template) as unknown as {
    metadata: Record<string, unknown>;
    spec: Record<string, unknown> & { affinity?: Record<string, unknown> };
  };
  const wanted = next.spec.template;
  for (const field of ["nodeSelector", "tolerations", "schedulingGates"] as const)
    copy.spec[field] = wanted.spec[field];
  copy.metadata["annotations"] = wanted.metadata.annotations;
  copy.metadata["labels"] = wanted.metadata.labels;
  const affinity = { ...copy.spec.affinity, nodeAffinity: undefined };
  copy.spec.affinity = sameJson(affinity, {}) ? undefined! : affinity;
  return copy;
}

/** validateGeneratedSelector: unless it is made by hand, it must be the one that the server makes. */
function validateGeneratedSelector({ metadata, spec }: Job): FieldErrors {
  if (spec.manualSelector || !spec.selector) return [];
  const found: FieldErrors = [];
  const expected: Record<string, string> = {
    [LEGACY_CONTROLLER_UID]: metadata.uid,
    [LEGACY_JOB_NAME]: metadata.name,
    [CONTROLLER_UID]: metadata.uid,
    [JOB_NAME]: metadata.name,
  };
  const labels = spec.template.metadata.labels ?? {};
  const path = "spec.template.metadata.labels";
  for (const key of Object.keys(expected)) {
    if (labels[key] === undefined) found.push(required(path, `must be '${expected[key]!}'`));
    else if (labels[key] !== expected[key])
      found.push(invalid(path, goStringMap(labels), `must be '${expected[key]!}'`));
  }
  const selector = selectorOf(spec.selector);
  if (!(typeof selector === "object" && "error" in selector) && !matchesLabels(selector, expected))
    found.push(invalid("spec.selector", goLabelSelector(spec.selector), "`selector` not auto-generated"));
  return found;
}

/** ValidateJobSpec */
function validateSpec(spec: JobSpec, path: string): FieldErrors {
  const found = validateJobTemplate(spec, path);
  if (!spec.selector) found.push(required(`${path}.selector`));
  else found.push(...validateLabelSelector(spec.selector, `${path}.selector`));
  const selector = selectorOf(spec.selector);
  const { labels } = spec.template.metadata;
  if (!(typeof selector === "object" && "error" in selector) && !matchesLabels(selector, labels))
    found.push(
      invalid(`${path}.template.metadata.labels`, goStringMap(labels), "`selector` does not match template `labels`"),
    );
  return found;
}

/** What holds of a Job and of a CronJob's template of one (validateJobSpec). */
export function validateJobTemplate(spec: JobSpec, path: string): FieldErrors {
  const found = (
    [
      "parallelism",
      "completions",
      "activeDeadlineSeconds",
      "backoffLimit",
      "ttlSecondsAfterFinished",
      "backoffLimitPerIndex",
      "maxFailedIndexes",
    ] as const
  ).flatMap((field) => notNegative(spec[field], `${path}.${field}`));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    found.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  if (spec.managedBy !== undefined && spec.managedBy.length > MANAGED_BY_LENGTH)
    found.push(tooMany(`${path}.managedBy`, spec.managedBy.length, MANAGED_BY_LENGTH));
  found.push(...validateCompletionMode(spec, path));
  if (spec.podFailurePolicy) found.push(...validatePodFailurePolicy(spec, `${path}.podFailurePolicy`));
  if (spec.successPolicy) {
    if (spec.completionMode === "Indexed") found.push(...validateSuccessPolicy(spec, `${path}.successPolicy`));
    else found.push(invalid(`${path}.successPolicy`, goJson(spec.successPolicy), "requires indexed completion mode"));
  }
  const replacement = spec.podReplacementPolicy;
  const allowed = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (replacement !== undefined && !allowed.includes(replacement))
    found.push(notSupported(`${path}.podReplacementPolicy`, replacement, allowed));
  found.push(...validateTemplate(spec.template, `${path}.template`), ...validateRestartPolicy(spec, path));
  return found;
}

function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: string): FieldErrors {
  const at = `${path}.template.spec.restartPolicy`;
  const { restartPolicy } = template.spec;
  if (!restartPolicy || restartPolicy === "Always") return [required(at, 'valid values: "OnFailure", "Never"')];
  if (restartPolicy !== "OnFailure" && restartPolicy !== "Never")
    return [notSupported(at, restartPolicy, ["OnFailure", "Never"])];
  return podFailurePolicy && restartPolicy !== "Never"
    ? [invalid(at, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

function validateCompletionMode(spec: JobSpec, path: string): FieldErrors {
  const { completionMode = "NonIndexed", completions, parallelism = 0, maxFailedIndexes } = spec;
  const found: FieldErrors = [];
  if (completionMode !== "NonIndexed" && completionMode !== "Indexed")
    found.push(notSupported(`${path}.completionMode`, completionMode, ["NonIndexed", "Indexed"]));
  if (completionMode === "Indexed") {
    if (completions === undefined) found.push(required(`${path}.completions`, "when completion mode is Indexed"));
    if (parallelism > MAX_PARALLELISM)
      found.push(
        invalid(
          `${path}.parallelism`,
          parallelism,
          `must be less than or equal to ${MAX_PARALLELISM} when completion mode is Indexed`,
        ),
      );
    if (completions !== undefined && (maxFailedIndexes ?? 0) > completions)
      found.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, "must be less than or equal to completions"));
    if ((completions ?? 0) > MANY_COMPLETIONS && spec.backoffLimitPerIndex !== undefined) {
      if (maxFailedIndexes === undefined)
        found.push(
          required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${MANY_COMPLETIONS}`),
        );
    }
  }
  if (completionMode === "NonIndexed")
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
      if (spec[field] !== undefined)
        found.push(invalid(`${path}.${field}`, spec[field], "requires indexed completion mode"));
  return found;
}

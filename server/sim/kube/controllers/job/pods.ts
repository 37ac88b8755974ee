import type { Job, Pod, PodTemplateSpec } from "../../api/index.ts";
import { JOB_TRACKING } from "../../kinds/index.ts";

/** The Pods of a Job: their completion indexes and their finalizer (pkg/controller/job/indexed_job_utils.go). */

const INDEX = "batch.kubernetes.io/job-completion-index";
const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
const FAILURES = "batch.kubernetes.io/job-index-failure-count";
/** The longest name to which five random characters can be added. */
const MAX_GENERATED = 63 - 5;

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === "Indexed";
}

/** The index of a Pod; undefined if it has none that counts. */
export function indexOf(pod: Pod, { spec }: Job): number | undefined {
  const text = pod.metadata.annotations?.[INDEX];
  if (text === undefined || !/^\d+$/.test(text)) return undefined;
  return Number(text) < (spec.completions ?? 0) ? Number(text) : undefined;
}

export function isTracked({ metadata }: Pod): boolean {
  return metadata.finalizers?.includes(JOB_TRACKING) ?? false;
}

/** Whether a Pod counts as failed: with some policies it must have ended for that (isPodFailed). */
export function hasFailed({ metadata, status }: Pod, { spec }: Job): boolean {
  if (status.phase === "Failed") return true;
  if (onlyReplacesFailed(spec)) return false;
  return metadata.deletionTimestamp !== undefined && status.phase !== "Succeeded";
}

export function onlyReplacesFailed({ podReplacementPolicy, podFailurePolicy }: Job["spec"]): boolean {
  return podReplacementPolicy === "Failed" || podFailurePolicy !== undefined;
}

export function failureCount({ metadata }: Pod): number {
  const text = metadata.annotations?.[FAILURES] ?? "0";
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** The template of a Pod of a Job; that of an index knows its number. */
export function jobTemplate(job: Job, index?: number, failures?: number): PodTemplateSpec {
  const { template } = job.spec;
  const finalizers = [...(template.metadata.finalizers ?? []).filter((one) => one !== JOB_TRACKING), JOB_TRACKING];
  if (index === undefined) return { ...template, metadata: { ...template.metadata, finalizers } };
  const source = { fieldRef: { apiVersion: "v1", fieldPath: `metadata.annotations['${INDEX}']` } };
  const numbered = <Container extends { readonly env?: readonly { readonly name: string }[] }>(
    container: Container,
  ): Container =>
    container.env?.some(({ name }) => name === INDEX_VARIABLE)
      ? container
      : { ...container, env: [...(container.env ?? []), { name: INDEX_VARIABLE, valueFrom: source }] };
  const { initContainers, containers } = template.spec;
  return {
    metadata: {
      ...template.metadata,
      finalizers,
      labels: { ...template.metadata.labels, [INDEX]: String(index) },
      annotations: {
        ...template.metadata.annotations,
        [INDEX]: String(index),
        ...(failures !== undefined && { [FAILURES]: String(failures) }),
      },
    },
    spec: {
      ...template.spec,
      ...(initContainers && { initContainers: initContainers.map(numbered) }),
      containers: containers.map(numbered),
      hostname: `${job.metadata.name}-${index}`,
    },
  };
}

/** What the name of an index's Pod begins with. */
export function generatedName({ metadata }: Job, index: number | undefined): string {
  if (index === undefined) return `${metadata.name}-`;
  const suffix = `-${index}-`;
  return metadata.name.slice(0, MAX_GENERATED - suffix.length) + suffix;
}

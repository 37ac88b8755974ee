import {
  forbidden, goStringMap, IMMUTABLE, invalid, matchesLabels, notSupported, required, sameJson, selectorOf, validateAnnotations, validateLabels,
  type Container, type FieldErrors, type LabelSelector, type PodTemplateSpec,
} from "../../api/index.ts"; // prettier-ignore
import { validatePodSpec } from "./pod-spec.ts";
import { goLabelSelector, validateLabelSelector } from "./selector.ts";

/** pkg/apis/core/validation ValidatePodTemplateSpec */
export function validateTemplate({ metadata, spec }: PodTemplateSpec, path: string): FieldErrors {
  const found = [
    ...validateLabels(metadata.labels, `${path}.labels`),
    ...validateAnnotations(metadata.annotations, `${path}.annotations`),
    ...validatePodSpec(spec, `${path}.spec`, false),
  ];
  if (spec.ephemeralContainers?.length)
    found.push(forbidden(`${path}.spec.ephemeralContainers`, "ephemeral containers not allowed in pod template"));
  return found;
}

/** A workload's selector: it must choose something. `workload` as the message calls it. */
export function validateWorkloadSelector(selector: LabelSelector | null | undefined, workload: string): FieldErrors {
  const path = "spec.selector";
  if (!selector) return [required(path)];
  const found = validateLabelSelector(selector, path);
  if (!selector.matchExpressions?.length && Object.keys(selector.matchLabels ?? {}).length === 0)
    found.push(invalid(path, goLabelSelector(selector), `empty selector is invalid for ${workload}`));
  return found;
}

/** The template must be one that its selector chooses, and restart always (ValidatePodTemplateSpecForReplicaSet). */
export function validateWorkloadTemplate(
  template: PodTemplateSpec,
  selector: LabelSelector | null | undefined,
  workload: "ReplicaSet" | "DaemonSet",
): FieldErrors {
  const path = "spec.template";
  const found: FieldErrors = [];
  const parsed = selectorOf(selector);
  const { labels } = template.metadata;
  if (typeof parsed === "object" && "error" in parsed)
    return [invalid("spec.selector", goLabelSelector(selector), "invalid label selector")];
  if (!matchesLabels(parsed, labels))
    found.push(invalid(`${path}.metadata.labels`, goStringMap(labels), "`selector` does not match template `labels`"));
  found.push(...validateTemplate(template, path));
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== "Always") found.push(notSupported(`${path}.spec.restartPolicy`, restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined)
    found.push(
      forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${workload} is not Supported`),
    );
  return found;
}

/** The selector of a workload is for ever. */
export function validateSelectorUpdate(
  { selector }: { readonly selector: LabelSelector | null },
  old: { readonly selector: LabelSelector | null },
): FieldErrors {
  return sameJson(selector, old.selector) ? [] : [invalid("spec.selector", goLabelSelector(selector), IMMUTABLE)];
}

/** Cells that tables of workloads have in common. */
export function containerNames({ spec }: PodTemplateSpec): string {
  return spec.containers.map(({ name }: Container) => name).join(",");
}

export function containerImages({ spec }: PodTemplateSpec): string {
  return spec.containers.map(({ image = "" }: Container) => image).join(",");
}

import {
  copyJson, forbidden, invalid, names, required, sameJson, type Container, type FieldErrors, type Pod, type PodSpec,
  type Toleration,
} from "../../../api/index.ts"; // prettier-ignore
import { validateImageSpace, validatePodSpec } from "../../pod-template/pod-spec.ts";
import { validateTolerations } from "../../pod-template/scheduling.ts";
import { specDiff } from "./spec-diff.ts";

export const MIRROR = "kubernetes.io/config.mirror";
const MAX_INT32 = 2 ** 31 - 1;

/** What may change: the rest of a Pod is for ever. */
const UPDATABLE = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
];

export function validateMetadataAndSpec({ metadata, spec }: Pod): FieldErrors {
  const found: FieldErrors = [];
  const mirror = metadata.annotations?.[MIRROR];
  if (mirror !== undefined && !spec.nodeName)
    found.push(
      invalid(`metadata.annotations[${MIRROR}]`, mirror, "must set spec.nodeName if mirror pod annotation is set"),
    );
  found.push(...validatePodSpec(spec, "spec", true));
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, container] of (spec[list] ?? []).entries())
      found.push(...validateImageSpace(container, `spec.${list}[${index}]`));
  return found;
}

export function validatePod(pod: Pod): FieldErrors {
  const found = validateMetadataAndSpec(pod);
  const { ephemeralContainers, nodeName, schedulingGates } = pod.spec;
  if (ephemeralContainers?.length) found.push(forbidden("spec.ephemeralContainers", "cannot be set on create"));
  if (nodeName && schedulingGates?.length)
    found.push(forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"));
  return found;
}

/** pkg/apis/core/validation ValidatePodUpdate */
export function validatePodUpdate(pod: Pod, old: Pod): FieldErrors {
  const found = [...validateMetadataAndSpec(pod), ...validateMirrorUpdate(pod, old)];
  for (const list of ["containers", "initContainers"] as const) {
    const [next, before] = [pod.spec[list] ?? [], old.spec[list] ?? []];
    if (next.length !== before.length)
      return [...found, forbidden(`spec.${list}`, "pod updates may not add or remove containers")];
    found.push(...validateImages(next, `spec.${list}`));
  }
  const deadline = validateDeadline(pod.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds);
  found.push(...deadline.found);
  if (deadline.stop) return found;
  found.push(...validateAddedTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? []));
  for (const [index, { name }] of (pod.spec.schedulingGates ?? []).entries())
    if (!old.spec.schedulingGates?.some((gate) => gate.name === name))
      found.push(
        forbidden(
          `spec.schedulingGates[${index}].name`,
          `only deletion is allowed, but found new scheduling gate '${name}'`,
        ),
      );
  const munged = withoutUpdatable(pod.spec, old.spec);
  if (!sameJson(munged, old.spec))
    found.push(
      forbidden(
        "spec",
        `pod updates may not change fields other than ${UPDATABLE.join(",")}\n${specDiff(old.spec, munged)}`,
      ),
    );
  return found;
}

function validateMirrorUpdate({ metadata }: Pod, { metadata: old }: Pod): FieldErrors {
  const [next, before] = [metadata.annotations?.[MIRROR], old.annotations?.[MIRROR]];
  if (next === before) return [];
  const verb = before === undefined ? "add" : "remove or update";
  return [forbidden(`metadata.annotations[${MIRROR}]`, `may not ${verb} mirror pod annotation`)];
}

function validateImages(containers: readonly Container[], path: string): FieldErrors {
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    return [...(container.image ? [] : [required(`${at}.image`)]), ...validateImageSpace(container, at)];
  });
}

/** A deadline may be set, and come nearer. */
function validateDeadline(next: number | undefined, old: number | undefined): { found: FieldErrors; stop: boolean } {
  const path = "spec.activeDeadlineSeconds";
  if (next === undefined) {
    const gone = old === undefined ? [] : [invalid(path, null, "must not update from a positive integer to nil value")];
    return { found: gone, stop: false };
  }
  if (next < 0 || next > MAX_INT32) return { found: [invalid(path, next, names.range(0, MAX_INT32))], stop: true };
  if (old !== undefined && old < next)
    return { found: [invalid(path, next, "must be less than or equal to previous value")], stop: true };
  return { found: [], stop: false };
}

function validateAddedTolerations(next: readonly Toleration[], old: readonly Toleration[]): FieldErrors {
  const path = "spec.tolerations";
  const untimed = (one: Toleration): object => ({ ...one, tolerationSeconds: undefined });
  if (!old.every((one) => next.some((other) => sameJson(untimed(one), untimed(other)))))
    return [forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
  return validateTolerations(next, path);
}

/** The new spec with the old values of all that may change. */
function withoutUpdatable(next: PodSpec, old: PodSpec): PodSpec {
  const images = (
    list: readonly Container[] | undefined,
    before: readonly Container[] | undefined,
  ): readonly Container[] | undefined =>
    list?.map((container, index) => ({ ...container, image: before![index]!.image! }));
  const { terminationGracePeriodSeconds: grace } = next;
  const before = old.terminationGracePeriodSeconds;
  return copyJson({
    ...next,
    containers: images(next.containers, old.containers)!,
    initContainers: images(next.initContainers, old.initContainers),
    activeDeadlineSeconds: old.activeDeadlineSeconds,
    schedulingGates: old.schedulingGates,
    tolerations: old.tolerations,
    terminationGracePeriodSeconds: before !== undefined && before < 0 && grace === 1 ? before : grace,
  });
}

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldErrors {
  const found: FieldErrors = [];
  const { nominatedNodeName } = pod.status;
  if (nominatedNodeName && !pod.metadata.deletionTimestamp)
    for (const message of names.subdomain(nominatedNodeName))
      found.push(invalid("status.nominatedNodeName", nominatedNodeName, message));
  if (pod.spec.nodeName !== old.spec.nodeName) found.push(forbidden("status.nodeName", "may not be changed directly"));
  return found;
}

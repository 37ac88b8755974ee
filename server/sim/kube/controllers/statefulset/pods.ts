import type { ControllerRevision, Pod, PodTemplateSpec, StatefulSet, Volume } from "../../api/index.ts";
import { isPodReady } from "../pod-state.ts";

/** The Pods of a StatefulSet: who they are (pkg/controller/statefulset/stateful_set_utils.go). */

const POD_NAME = "statefulset.kubernetes.io/pod-name";
const POD_INDEX = "apps.kubernetes.io/pod-index";
export const REVISION = "controller-revision-hash";

export function startOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

/** The number at the end of a Pod's name; undefined if it is not one of the set's names. */
export function ordinalOf(set: StatefulSet, { metadata }: Pod): number | undefined {
  const match = /^(.*)-([0-9]+)$/.exec(metadata.name);
  return match && match[1] === set.metadata.name ? Number(match[2]) : undefined;
}

export function podName({ metadata }: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${ordinal}`;
}

export function claimName(template: string, set: StatefulSet, ordinal: number): string {
  return `${template}-${podName(set, ordinal)}`;
}

/** The labels that a Pod must have, and gets back if somebody takes them. */
export function identity(set: StatefulSet, ordinal: number): Record<string, string> {
  return { [POD_NAME]: podName(set, ordinal), [POD_INDEX]: String(ordinal) };
}

export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[REVISION] ?? "";
}

/** The template of the Pod of an ordinal, by the template of a revision. */
export function podTemplate(
  set: StatefulSet,
  template: PodTemplateSpec,
  revision: ControllerRevision,
  ordinal: number,
): PodTemplateSpec {
  const labels = { ...template.metadata.labels, ...identity(set, ordinal), [REVISION]: revision.metadata.name };
  const { serviceName } = set.spec;
  return {
    metadata: { ...template.metadata, labels },
    spec: {
      ...template.spec,
      hostname: podName(set, ordinal),
      ...(serviceName && { subdomain: serviceName }),
      ...(set.spec.volumeClaimTemplates?.length && { volumes: withClaims(set, template.spec.volumes, ordinal) }),
    },
  };
}

/** Volumes of the claims take the place of those of their names. */
function withClaims(set: StatefulSet, volumes: readonly Volume[] = [], ordinal: number): readonly Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name ?? "");
  return [
    ...claims.map((name) => ({ name, persistentVolumeClaim: { claimName: claimName(name, set, ordinal) } })),
    ...volumes.filter(({ name }) => !claims.includes(name)),
  ];
}

export function isRunningAndReady(pod: Pod): boolean {
  return pod.status.phase === "Running" && isPodReady(pod);
}

export function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

export function hasEnded({ status }: Pod): boolean {
  return status.phase === "Failed" || status.phase === "Succeeded";
}

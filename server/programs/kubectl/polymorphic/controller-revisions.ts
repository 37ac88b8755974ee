import {
  sameJson,
  selectorOf,
  selectorText,
  type JsonObject,
  type KubeObject,
  type LabelSelector,
  type PodTemplateSpec,
} from "../../../sim/kube/api/index.ts";
import type { Helper } from "../client/helper.ts";
import { GoError } from "../errors/go-error.ts";
import { isFailure } from "../output/index.ts";
import { applyPatch } from "../patch/apply.ts";
import type { Info } from "../resource/info.ts";

const CONTROLLER_REVISIONS = {
  group: "apps",
  version: "v1",
  resource: "controllerrevisions",
  kind: "ControllerRevision",
  namespaced: true,
};

/** What a DaemonSet or a StatefulSet keeps of one of its templates. */
export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  /** A strategic patch which brings the template back. */
  readonly data: JsonObject;
}

/** A workload whose revisions are ControllerRevisions. */
export interface RevisionedWorkload extends KubeObject {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplateSpec };
}

export interface WorkloadHistory {
  readonly workload: RevisionedWorkload;
  /** By revision, the oldest first. */
  readonly revisions: readonly ControllerRevision[];
}

/** Asks for a workload and its revisions (kubectl pkg/polymorphichelpers/history.go controlledHistory). */
export async function workloadHistory(helper: Helper, { mapping, namespace, name }: Info): Promise<WorkloadHistory> {
  const workload = (await helper.get({ mapping, namespace, name })) as unknown as RevisionedWorkload;
  const selector = selectorOf(workload.spec.selector);
  if (typeof selector === "object" && "error" in selector) throw new GoError(selector.error);
  const labelSelector = [selector === "nothing" ? "" : selectorText(selector)];
  const list = await helper.list({ mapping: CONTROLLER_REVISIONS, namespace }, { labelSelector });
  const revisions = ((list["items"] ?? []) as unknown as ControllerRevision[])
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some((one) => one.controller && one.uid === workload.metadata.uid),
    )
    .sort((a, b) => a.revision - b.revision);
  return { workload, revisions };
}

/** The workload as it was. */
export function atRevision(
  { mapping }: Info,
  workload: RevisionedWorkload,
  { data, metadata }: ControllerRevision,
): RevisionedWorkload {
  const patched = applyPatch(mapping, workload as unknown as JsonObject, "strategic", data);
  if (isFailure(patched)) throw new GoError(`unable to parse history ${metadata.name}`);
  return patched as unknown as RevisionedWorkload;
}

/** The revision to go back to: that one, or if it is 0, the one before the last. */
export function revisionToRestore(
  revisions: readonly ControllerRevision[],
  wanted: number,
): ControllerRevision | undefined {
  return wanted === 0 ? revisions.at(-2) : revisions.find(({ revision }) => revision === wanted);
}

/** Whether the workload's template is that of the revision already. */
export function matchesRevision({ spec }: RevisionedWorkload, { data }: ControllerRevision): boolean {
  const kept = (data["spec"] as JsonObject | undefined)?.["template"] as JsonObject | undefined;
  const { $patch: _, ...template } = kept ?? {};
  return sameJson(template, spec.template);
}

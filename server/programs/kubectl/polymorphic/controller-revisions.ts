import {
  applyStrategicPatch,
  isObject,
  sameJson,
  selectorOf,
  selectorText,
  typeId,
  type ControllerRevision,
  type JsonObject,
  type LabelSelector,
} from "../../../sim/kube/api/index.ts";
import type { Helper } from "../client/helper.ts";
import { GoError } from "../errors/go-error.ts";
import { metadataOf, type Info } from "../resource/info.ts";

const REVISIONS = {
  group: "apps",
  version: "v1",
  resource: "controllerrevisions",
  kind: "ControllerRevision",
  namespaced: true,
};

/** A DaemonSet or StatefulSet as it is now, and what is remembered of it. */
export interface RevisionHistory {
  readonly object: JsonObject;
  readonly revisions: readonly ControllerRevision[];
}

/** Asks for an object and the revisions that it controls (kubectl pkg/polymorphichelpers daemonSetHistory, statefulSetHistory). */
export async function revisionHistory(helper: Helper, { mapping, namespace, name }: Info): Promise<RevisionHistory> {
  const object = await helper.get({ mapping, namespace, name });
  const selector = selectorOf((object["spec"] as { selector?: LabelSelector }).selector);
  if (typeof selector === "object" && "error" in selector) throw new GoError(selector.error);
  const labelSelector = [selector === "nothing" ? "" : selectorText(selector)];
  const { items = [] } = await helper.list({ mapping: REVISIONS, namespace }, { labelSelector });
  const { uid } = metadataOf(object);
  const revisions = (items as unknown as ControllerRevision[]).filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid),
  );
  return { object, revisions };
}

/** The object as it was with a revision. */
export function withRevision({ mapping }: Info, object: JsonObject, { data }: ControllerRevision): JsonObject {
  const { group, version, kind } = mapping;
  return applyStrategicPatch(typeId(group, version, kind), object, data as JsonObject);
}

/** The revision of that number, or for 0 the one before the last. */
export function findRevision(history: readonly ControllerRevision[], wanted: number): ControllerRevision | undefined {
  if (wanted > 0) return history.find(({ revision }) => revision === wanted);
  return history.toSorted((left, right) => right.revision - left.revision)[1];
}

/** Whether the object has the template of a revision. */
export function hasTemplateOf(object: JsonObject, { data }: ControllerRevision): boolean {
  const template = (object["spec"] as JsonObject)["template"] as JsonObject;
  const remembered = isObject(data) ? data : {};
  return sameJson(remembered, { spec: { template: { ...template, $patch: "replace" } } });
}

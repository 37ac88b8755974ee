import {
  copyJson, errors, notSupported, required, success, type ActionSubresource, type Draft, type FieldErrors, type JsonObject, type Pod,
  type PodCondition, type KindContext,
} from "../../../api/index.ts"; // prettier-ignore

/** What a scheduler posts: the Pod goes to a node (pkg/registry/core/pod/storage BindingREST). */
export const binding: ActionSubresource<Pod> = {
  type: "action",
  verbs: ["create"],
  as: { group: "", version: "v1", kind: "Binding" },
  run(pod, body, context) {
    const target = body["target"] as { kind?: string; name?: string };
    const found: FieldErrors = [];
    if (target.kind && target.kind !== "Node")
      found.push(notSupported("target.kind", target.kind, ["Node", "<empty>"]));
    if (!target.name) found.push(required("target.name"));
    const { name } = pod.metadata;
    if (found.length > 0) throw errors.invalid({ group: "", kind: "Binding" }, name, found);
    const refuse = (why: string): Error => errors.conflict({ group: "", resource: "pods/binding" }, name, why);
    const { uid } = (body["metadata"] ?? {}) as { uid?: string };
    if (uid && uid !== pod.metadata.uid)
      throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
    if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
    if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(pod.spec.nodeName)}`);
    if (pod.spec.schedulingGates?.length) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
    if (!context.dryRun)
      context.store.update(context.find("", "pods")!, assigned(pod, target.name!, body, context), pod);
    return success();
  },
};

function assigned(pod: Pod, node: string, body: JsonObject, context: KindContext): Pod {
  const draft = copyJson(pod) as Draft<Pod>;
  draft.spec.nodeName = node;
  const { annotations } = (body["metadata"] ?? {}) as { annotations?: Record<string, string> };
  if (annotations) draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
  const condition: PodCondition = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: context.nowText,
  };
  const conditions = (draft.status.conditions ??= []);
  const at = conditions.findIndex(({ type }) => type === "PodScheduled");
  if (at < 0) conditions.push(condition);
  else if (conditions[at]!.status !== "True") conditions[at] = condition;
  return draft;
}

import {
  deleteOptions, errors, matchesLabels, nestedOptions, selectorOf, type ActionSubresource, type DeleteOptions,
  type KindContext, type Pod, type PodCondition, type PodDisruptionBudget,
} from "../../../api/index.ts"; // prettier-ignore
import { allowedCondition, withObservedCondition } from "../../policy/disruption-allowed.ts";

const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
const CAUSE = "DisruptionBudget";
const RETRY_AFTER = 10;
/** So many granted evictions may wait for the controller to see their deletion. */
const MOST_DISRUPTED = 2_000;

/** Deletion that respects disruption budgets (pkg/registry/core/pod/storage/eviction.go). */
export const eviction: ActionSubresource<Pod> = {
  type: "action",
  verbs: ["create"],
  as: { group: "policy", version: "v1", kind: "Eviction" },
  run(pod, body, context) {
    const { name } = (body["metadata"] ?? {}) as { name?: string };
    if (name && name !== pod.metadata.name)
      throw errors.badRequest("name in URL does not match name in Eviction object");
    const options = deleteOptions({}, nestedOptions(body, "deleteOptions") ?? {});
    const dryRun = context.dryRun || (options.dryRun?.length ?? 0) > 0;
    checkPreconditions(pod, options);
    if (!isFree(pod)) askBudget(pod, context, dryRun);
    return { remove: withoutVersion(options), ...(dryRun ? {} : { object: marked(pod, context) }) };
  },
};

/** It has ended, has not begun, or is about to go: no budget is asked (canIgnorePDB). */
function isFree({ metadata, status }: Pod): boolean {
  return ["Succeeded", "Failed", "Pending"].includes(status.phase ?? "") || metadata.deletionTimestamp !== undefined;
}

function checkPreconditions({ metadata }: Pod, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const refuse = (why: string): Error => errors.conflict({ group: "", resource: "Pod" }, metadata.name, why);
  if (uid && uid !== metadata.uid)
    throw refuse(
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  if (resourceVersion && resourceVersion !== metadata.resourceVersion)
    throw refuse(
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
}

/** The version was compared; the condition gives the Pod another one. */
function withoutVersion({ preconditions, ...options }: DeleteOptions): DeleteOptions {
  const { resourceVersion: _, ...others } = preconditions ?? {};
  return Object.keys(others).length > 0 ? { ...options, preconditions: others } : options;
}

function askBudget(pod: Pod, context: KindContext, dryRun: boolean): void {
  const kind = context.find("policy", "poddisruptionbudgets");
  if (!kind) return;
  const all = context.store.list(kind, pod.metadata.namespace ?? "") as readonly PodDisruptionBudget[];
  const budgets = all.filter(({ spec }) => {
    const selector = selectorOf(spec.selector);
    return !(typeof selector === "object" && "error" in selector) && matchesLabels(selector, pod.metadata.labels);
  });
  if (budgets.length > 1)
    throw errors.unknownError(
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    );
  const [budget] = budgets;
  if (!budget || mayGoUnready(pod, budget)) return;
  checkAllowed(budget);
  if (!dryRun) context.store.update(kind, decremented(budget, pod, context), budget);
}

/** A Pod that is not ready disrupts nothing, unless the budget minds. */
function mayGoUnready({ status }: Pod, { spec, status: budget }: PodDisruptionBudget): boolean {
  if (status.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True")) return false;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  return budget.currentHealthy >= budget.desiredHealthy && budget.desiredHealthy > 0;
}

function checkAllowed({ metadata, status }: PodDisruptionBudget): void {
  const { name } = metadata;
  const refuse = (why: string, retryAfter = 0): Error =>
    errors.tooManyRequests(REFUSED, [{ reason: CAUSE, message: `The disruption budget ${name} ${why}` }], retryAfter);
  const forbid = (why: string): Error =>
    errors.forbidden({ group: "policy", resource: "poddisruptionbudget" }, name, why);
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    throw refuse("is still being processed by the server.", RETRY_AFTER);
  if (status.disruptionsAllowed < 0) throw forbid("pdb disruptions allowed is negative");
  if (Object.keys(status.disruptedPods ?? {}).length > MOST_DISRUPTED)
    throw forbid("DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  if (status.disruptionsAllowed === 0)
    throw refuse(`needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`);
}

/** checkAndDecrement */
function decremented(budget: PodDisruptionBudget, pod: Pod, { nowText }: KindContext): PodDisruptionBudget {
  const { status, metadata } = budget;
  const allowed = status.disruptionsAllowed - 1;
  const { conditions = [] } = status;
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: allowed,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: nowText },
      conditions:
        allowed === 0
          ? withObservedCondition(conditions, allowedCondition(0, metadata.generation), nowText)
          : conditions,
    },
  };
}

/** The Pod with the condition that says why it goes, as it is stored now. */
function marked(pod: Pod, context: KindContext): Pod {
  const { conditions = [] } = pod.status;
  const at = conditions.findIndex(({ type }) => type === "DisruptionTarget");
  const old = conditions[at];
  if (old?.status === "True" && old.reason === "EvictionByEvictionAPI") return pod;
  const condition: PodCondition = {
    type: "DisruptionTarget",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: old?.status === "True" ? (old.lastTransitionTime ?? context.nowText) : context.nowText,
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const next = at < 0 ? [...conditions, condition] : conditions.with(at, condition);
  return context.store.update(context.kind, { ...pod, status: { ...pod.status, conditions: next } } as Pod, pod) as Pod;
}

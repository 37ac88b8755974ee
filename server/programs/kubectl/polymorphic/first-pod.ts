import { parseRfc3339, type Duration } from "../../../sim/kernel/index.ts";
import type { JsonObject, Pod } from "../../../sim/kube/api/index.ts";
import {
  selectorText,
  selectorOf as labelSelector,
  selectorOfLabels,
  type LabelSelector,
} from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { GoError } from "../errors/go-error.ts";
import { metadataOf } from "../resource/info.ts";

const PODS = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };

/** The selector of a thing's pods as text; throws what has none (kubectl pkg/polymorphichelpers/helpers.go SelectorsForObject). */
export function podSelectorText(object: JsonObject, doing: string): string {
  const spec = (object["spec"] ?? {}) as { selector?: unknown };
  const cannot = (why: string): GoError => new GoError(`${doing} *v1.${object["kind"] as string}: ${why}`);
  switch (object["kind"]) {
    case "ReplicationController":
      return selectorText(selectorOfLabels(spec.selector as Record<string, string>));
    case "Service": {
      const selector = (spec.selector ?? {}) as Record<string, string>;
      if (Object.keys(selector).length === 0)
        throw cannot(
          `invalid service '${metadataOf(object)["name"] as string}': Service is defined without a selector`,
        );
      return selectorText(selectorOfLabels(selector));
    }
    case "ReplicaSet":
    case "StatefulSet":
    case "DaemonSet":
    case "Deployment":
    case "Job": {
      const selector = labelSelector(spec.selector as LabelSelector);
      if (typeof selector === "object" && "error" in selector) throw cannot("invalid label selector");
      return selectorText(selector);
    }
    default:
      throw cannot(`selector for *v1.${object["kind"] as string} not implemented`);
  }
}

type Order = (left: Pod, right: Pod) => number;

/** The first of the pods that a selector chooses, waiting for one if there is none yet; and how many there are. */
export async function firstPod(
  factory: Factory,
  namespace: string,
  selector: string,
  timeout: Duration,
  order: Order,
): Promise<{ readonly pod: Pod; readonly count: number; readonly pods: readonly Pod[] }> {
  const helper = await factory.helper();
  const deadline = factory.process.kernel.now + timeout;
  const list = await helper.list({ mapping: PODS, namespace }, { labelSelector: [selector] });
  const pods = [...((list["items"] as unknown as Pod[] | undefined) ?? [])].sort(order);
  if (pods.length > 0) return { pod: pods[0]!, count: pods.length, pods };
  const resourceVersion = metadataOf(list)["resourceVersion"] as string;
  const events = await helper.watch(
    { mapping: PODS, namespace },
    { labelSelector: [selector], resourceVersion: [resourceVersion] },
    undefined,
    deadline,
  );
  for await (const { type, object } of events)
    if (type === "ADDED" || type === "MODIFIED") return { pod: object as Pod, count: 1, pods: [object as Pod] };
  throw new GoError("timed out waiting for the condition");
}

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/** The most active pod first (kubectl pkg/util/podutils ActivePods, reversed). */
export const mostActiveFirst: Order = (left, right) =>
  assigned(right) - assigned(left) ||
  phase(right) - phase(left) ||
  Number(isReady(right)) - Number(isReady(left)) ||
  readySince(left) - readySince(right) ||
  restarts(left) - restarts(right) ||
  created(left) - created(right);

/** The pod whose log is most worth reading first (podutils ByLogging). */
export const byLogging: Order = (left, right) =>
  assigned(right) - assigned(left) ||
  phase(right) - phase(left) ||
  Number(isReady(right)) - Number(isReady(left)) ||
  readySince(left) - readySince(right) ||
  restarts(right) - restarts(left) ||
  created(left) - created(right);

function assigned({ spec }: Pod): number {
  return spec.nodeName ? 1 : 0;
}

function phase({ status }: Pod): number {
  return PHASES[status?.phase ?? ""] ?? 0;
}

function readyCondition({ status }: Pod) {
  return status?.conditions?.find(({ type }) => type === "Ready");
}

function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === "True";
}

/** When a ready pod became ready; what is not ready or does not say counts as the beginning of time. */
function readySince(pod: Pod): number {
  return isReady(pod) ? (parseRfc3339(readyCondition(pod)?.lastTransitionTime ?? "") ?? 0) : 0;
}

function restarts({ status }: Pod): number {
  return Math.max(0, ...(status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));
}

function created({ metadata }: Pod): number {
  return parseRfc3339(metadata.creationTimestamp) ?? 0;
}

import { MILLISECOND, MINUTE, parseRfc3339, rfc3339, type Time } from "../../../kernel/index.ts";
import {
  matchesLabels, own, referenceTo, sameJson, selectorOf, splitKey, watching, type Client, type ControllerLoop,
  type EventRecorder, type ObjectChange, type Pod, type PodDisruptionBudget, type Selector,
} from "../../api/index.ts"; // prettier-ignore
import { allowedCondition, podDisruptionBudgets, pods, withObservedCondition } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { scaledValue } from "../int-or-percent.ts";
import { isPodReady } from "../pod-state.ts";
import { NoController, scaleOf } from "./scale.ts";

/** A Pod whose eviction was granted is given so long to begin to go (DeletionTimeout). */
const DELETION_TIMEOUT = 2 * MINUTE;

interface Expected {
  readonly expected: number;
  readonly desired: number;
  readonly unmanaged: boolean;
}

/** Counts for every budget how many of its Pods may be disrupted now (pkg/controller/disruption). */
export class DisruptionController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("disruption-controller");
    this.#recorder = context.recorder(this.#client, "controllermanager");
    this.loop = context.loop("disruption-controller", this.#client, {
      name: "disruption",
      watches: [own(podDisruptionBudgets), watching(pods, (change) => this.#keysOfPod(change))],
      reconcile: (key) => this.#sync(key),
      delay: 3 * MILLISECOND,
    });
  }

  #keysOfPod({ object, previous }: ObjectChange<Pod>): readonly string[] {
    const { namespace = "", labels } = object.metadata;
    return this.#client.list(podDisruptionBudgets, namespace).flatMap((budget) => {
      const selector = selectorOfBudget(budget);
      const concerned = matchesLabels(selector, labels) || matchesLabels(selector, previous?.metadata.labels);
      return concerned ? [`${namespace}/${budget.metadata.name}`] : [];
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const budget = this.#client.get(podDisruptionBudgets, namespace, name);
    if (!budget) return;
    try {
      this.#count(key, budget);
    } catch (error) {
      if (!(error instanceof NoController)) throw error;
      this.#failSafe(budget, error.message);
    }
  }

  #count(key: string, budget: PodDisruptionBudget): void {
    const { now } = this.#context.kernel;
    const chosen = this.#client.selected(pods, budget.metadata.namespace ?? "", selectorOfBudget(budget));
    const event = (type: "Normal" | "Warning", reason: string, message: string): void =>
      this.#recorder.event(referenceTo(podDisruptionBudgets, budget), type, reason, message);
    if (chosen.length === 0) event("Normal", "NoPods", "No matching pods found");
    let expectation: Expected;
    try {
      expectation = this.#expected(budget, chosen);
    } catch (error) {
      if (error instanceof NoController)
        event(
          "Warning",
          "CalculateExpectedPodCountFailed",
          `Failed to calculate the number of expected pods: ${error.message}`,
        );
      throw error;
    }
    const { expected, desired, unmanaged } = expectation;
    if (unmanaged)
      event(
        "Warning",
        "UnmanagedPods",
        `Pods selected by this PodDisruptionBudget (selector: ${goSelector(budget)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
      );
    const { disrupted, recheck } = this.#disrupted(budget, chosen, now);
    const healthy = chosen.filter(
      (pod) => !pod.metadata.deletionTimestamp && !(pod.metadata.name in disrupted) && isPodReady(pod),
    ).length;
    const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired);
    this.#write(budget, {
      observedGeneration: budget.metadata.generation,
      disruptedPods: Object.keys(disrupted).length > 0 ? disrupted : undefined,
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: withObservedCondition(
        budget.status.conditions ?? [],
        allowedCondition(allowed, budget.metadata.generation),
        rfc3339(now),
      ),
    });
    if (recheck !== undefined) this.loop.queue.addAfter(key, recheck - now + 1);
  }

  /** getExpectedPodCount */
  #expected({ spec }: PodDisruptionBudget, chosen: readonly Pod[]): Expected {
    const { minAvailable, maxUnavailable } = spec;
    if (maxUnavailable !== undefined) {
      const { scale, unmanaged } = scaleOf(this.#client, chosen);
      const desired = Math.max(0, scale - scaledValue(maxUnavailable, scale, "up"));
      return { expected: scale, desired, unmanaged };
    }
    if (typeof minAvailable === "string") {
      const { scale, unmanaged } = scaleOf(this.#client, chosen);
      return { expected: scale, desired: scaledValue(minAvailable, scale, "up"), unmanaged };
    }
    return { expected: minAvailable === undefined ? 0 : chosen.length, desired: minAvailable ?? 0, unmanaged: false };
  }

  /** Pods that were granted to go and have not begun to, and when to look whether they did (buildDisruptedPodMap). */
  #disrupted(
    { metadata, status }: PodDisruptionBudget,
    chosen: readonly Pod[],
    now: Time,
  ): { readonly disrupted: Record<string, string>; readonly recheck: Time | undefined } {
    const disrupted: Record<string, string> = {};
    let recheck: Time | undefined;
    for (const pod of chosen) {
      const since = status.disruptedPods?.[pod.metadata.name];
      if (since === undefined || pod.metadata.deletionTimestamp) continue;
      const until = parseRfc3339(since)! + DELETION_TIMEOUT;
      if (until < now) {
        const { namespace = "" } = metadata;
        this.#recorder.event(
          referenceTo(pods, pod),
          "Warning",
          "NotDeleted",
          `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`,
        );
      } else {
        recheck = Math.min(recheck ?? Infinity, until);
        disrupted[pod.metadata.name] = since;
      }
    }
    return { disrupted, recheck };
  }

  /** Nothing may go of what cannot be counted. */
  #failSafe(budget: PodDisruptionBudget, why: string): void {
    const condition = {
      type: "DisruptionAllowed",
      status: "False",
      reason: "SyncFailed",
      message: why,
      ...(budget.status.observedGeneration && { observedGeneration: budget.status.observedGeneration }),
    };
    const now = rfc3339(this.#context.kernel.now);
    const conditions = withObservedCondition(budget.status.conditions ?? [], condition, now);
    this.#write(budget, { ...budget.status, disruptionsAllowed: 0, conditions });
  }

  #write(budget: PodDisruptionBudget, status: PodDisruptionBudget["status"]): void {
    if (!sameJson(status, budget.status)) this.#client.updateStatus(podDisruptionBudgets, { ...budget, status });
  }
}

/** An empty selector chooses all Pods, none at all chooses none. */
function selectorOfBudget({ spec }: PodDisruptionBudget): Selector {
  const parsed = selectorOf(spec.selector);
  return typeof parsed === "object" && "error" in parsed ? "nothing" : parsed;
}

/** `&LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:[]LabelSelectorRequirement{},}` */
function goSelector({ spec }: PodDisruptionBudget): string {
  const labels = Object.entries(spec.selector?.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (spec.selector?.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(" ")}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join("")}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join("")}},}`;
}

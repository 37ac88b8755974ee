import { MILLISECOND } from "../../../kernel/index.ts";
import {
  isStatus, matchesLabels, objectKey, own, sameJson, splitKey, validSelector, watching, type Client, type ControllerLoop, type ObjectChange,
  type Pod, type ReplicaSet,
} from "../../api/index.ts"; // prettier-ignore
import { pods, replicaSets } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import { controllerOf, controllerReference } from "../owner-reference.ts";
import { PodControl, slowStart } from "../pod-control.ts";
import { availableFrom, isPodActive } from "../pod-state.ts";
import { deletionOrder } from "./deletion-order.ts";
import { replicaSetStatus } from "./status.ts";

/** How many Pods are made or deleted in one go. */
const BURST = 500;

/** Keeps as many Pods as a ReplicaSet wants (pkg/controller/replicaset). */
export class ReplicaSetController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #pods: PodControl;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("replicaset-controller");
    this.#pods = new PodControl(this.#client, context.recorder(this.#client, "replicaset-controller"), replicaSets);
    this.loop = context.loop("replicaset-controller", this.#client, {
      name: "replicaset",
      watches: [own(replicaSets), watching(pods, (change) => this.#keysOf(change))],
      reconcile: (key) => this.#sync(key),
      delay: 3 * MILLISECOND,
    });
  }

  /** The sets that a Pod's change concerns: its controllers, or those that would adopt an orphan. */
  #keysOf({ object, previous }: ObjectChange<Pod>): readonly string[] {
    const keys = new Set<string>();
    const { namespace = "" } = object.metadata;
    for (const pod of previous ? [object, previous] : [object]) {
      const controller = controllerOf(pod);
      if (controller?.kind === "ReplicaSet") keys.add(`${namespace}/${controller.name}`);
    }
    const orphan = !controllerOf(object);
    const changed = previous?.metadata.labels !== object.metadata.labels || (previous && controllerOf(previous));
    if (!orphan || !changed) return [...keys];
    for (const set of this.#client.list(replicaSets, namespace))
      if (matchesLabels(validSelector(set.spec.selector), object.metadata.labels)) keys.add(objectKey(set));
    return [...keys];
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get(replicaSets, namespace, name);
    if (!set) return;
    const reference = controllerReference(replicaSets, set);
    const active = claim(this.#client, pods, set, reference, validSelector(set.spec.selector), isPodActive);
    let failure: unknown;
    if (!set.metadata.deletionTimestamp) {
      try {
        this.#manage(set, active);
      } catch (error) {
        if (!isStatus(error)) throw error;
        failure = error;
      }
    }
    this.#writeStatus(set, active, isStatus(failure) ? failure.message : undefined);
    this.#lookAgain(key, set, active);
    if (failure) throw failure;
  }

  #manage(set: ReplicaSet, active: readonly Pod[]): void {
    const surplus = active.length - (set.spec.replicas ?? 0);
    if (surplus < 0) slowStart(Math.min(-surplus, BURST), () => void this.#pods.create(set, set.spec.template));
    else if (surplus > 0) {
      const all = surplus === active.length;
      const order = all ? active : deletionOrder(active, this.#relatedPods(set), this.#context.kernel.now);
      for (const { metadata } of order.slice(0, Math.min(surplus, BURST))) this.#pods.delete(set, metadata.name);
    }
  }

  /** The Pods of all ReplicaSets of the same Deployment. */
  #relatedPods(set: ReplicaSet): readonly Pod[] {
    const owner = controllerOf(set);
    const sets = owner ? this.#client.owned(replicaSets, owner.uid) : [set];
    return sets.flatMap(({ metadata }) => this.#client.owned(pods, metadata.uid));
  }

  #writeStatus(set: ReplicaSet, active: readonly Pod[], failure: string | undefined): void {
    const status = replicaSetStatus(set, active, failure, this.#context.kernel.now);
    if (!sameJson(status, set.status)) this.#client.updateStatus(replicaSets, { ...set, status });
  }

  /** Comes back when a Pod that is ready will count as available. */
  #lookAgain(key: string, { spec }: ReplicaSet, active: readonly Pod[]): void {
    const { now } = this.#context.kernel;
    const times = active.flatMap((pod) => {
      const from = availableFrom(pod, spec.minReadySeconds ?? 0);
      return from !== undefined && from >= now ? [from] : [];
    });
    if (times.length > 0) this.loop.queue.addAfter(key, Math.min(...times) + 1 - now);
  }
}

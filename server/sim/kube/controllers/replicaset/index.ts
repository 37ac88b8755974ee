import { MILLISECOND } from "../../../kernel/index.ts";
import {
  isStatus, own, sameJson, splitKey, validSelector, watching, type Client, type ControllerLoop, type Kind, type Pod, type ReplicaSet,
  type Selector,
} from "../../api/index.ts"; // prettier-ignore
import { pods, replicaSets } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import type { ControllerName } from "../controller-names.ts";
import { controllerOf, controllerReference } from "../owner-reference.ts";
import { PodControl, slowStart } from "../pod-control.ts";
import { keysOfPod } from "../pod-keys.ts";
import { availableFrom, isPodActive } from "../pod-state.ts";
import { deletionOrder } from "./deletion-order.ts";
import { replicaSetStatus, type Replicated } from "./status.ts";

/** How many Pods are made or deleted in one go. */
const BURST = 500;

/** A kind of objects that keep a number of equal Pods. */
export interface ReplicaKind<T extends Replicated> {
  readonly kind: Kind<T>;
  readonly controller: ControllerName;
  /** Its service account and the source of its events. */
  readonly component: string;
  selector(set: T): Selector;
}

/** Keeps as many Pods as a ReplicaSet or a ReplicationController wants (pkg/controller/replicaset). */
export class ReplicaController<T extends Replicated> {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #pods: PodControl;
  readonly #of: ReplicaKind<T>;

  constructor(context: ControllerContext, of: ReplicaKind<T>) {
    this.#context = context;
    this.#of = of;
    this.#client = context.client(of.component);
    this.#pods = new PodControl(this.#client, context.recorder(this.#client, of.component), of.kind);
    const adopters = {
      kind: of.kind.kind,
      list: (namespace: string) => this.#client.list(of.kind, namespace),
      selector: of.selector,
    };
    this.loop = context.loop(of.controller, this.#client, {
      name: of.kind.singular,
      watches: [own(of.kind), watching(pods, (change) => keysOfPod(change, adopters))],
      reconcile: (key) => this.#sync(key),
      delay: 3 * MILLISECOND,
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get(this.#of.kind, namespace, name);
    if (!set) return;
    const reference = controllerReference(this.#of.kind, set);
    const active = claim(this.#client, pods, set, reference, this.#of.selector(set), isPodActive);
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

  #manage(set: T, active: readonly Pod[]): void {
    const surplus = active.length - (set.spec.replicas ?? 0);
    const { template } = set.spec;
    if (surplus < 0 && template) slowStart(Math.min(-surplus, BURST), () => void this.#pods.create(set, template));
    else if (surplus > 0) {
      const all = surplus === active.length;
      const order = all ? active : deletionOrder(active, this.#relatedPods(set), this.#context.kernel.now);
      for (const { metadata } of order.slice(0, Math.min(surplus, BURST))) this.#pods.delete(set, metadata.name);
    }
  }

  /** The Pods of all ReplicaSets of the same Deployment. */
  #relatedPods(set: T): readonly Pod[] {
    const owner = controllerOf(set);
    const sets = owner ? this.#client.owned(this.#of.kind, owner.uid) : [set];
    return sets.flatMap(({ metadata }) => this.#client.owned(pods, metadata.uid));
  }

  #writeStatus(set: T, active: readonly Pod[], failure: string | undefined): void {
    const status = replicaSetStatus(set, active, failure, this.#context.kernel.now);
    if (!sameJson(status, set.status)) this.#client.updateStatus(this.#of.kind, { ...set, status });
  }

  /** Comes back when a Pod that is ready will count as available. */
  #lookAgain(key: string, { spec }: T, active: readonly Pod[]): void {
    const { now } = this.#context.kernel;
    let soonest = Infinity;
    for (const pod of active) {
      const from = availableFrom(pod, spec.minReadySeconds ?? 0);
      if (from !== undefined && from >= now && from < soonest) soonest = from;
    }
    if (soonest < Infinity) this.loop.queue.addAfter(key, soonest + 1 - now);
  }
}

/** Those of ReplicaSets, in a class of its own for the list of controllers. */
export class ReplicaSetController extends ReplicaController<ReplicaSet> {
  constructor(context: ControllerContext) {
    super(context, {
      kind: replicaSets,
      controller: "replicaset-controller",
      component: "replicaset-controller",
      selector: ({ spec }) => validSelector(spec.selector),
    });
  }
}

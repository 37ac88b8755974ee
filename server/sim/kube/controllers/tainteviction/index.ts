import { MILLISECOND, rfc3339, SECOND, type Duration, type Table, type Time } from "../../../kernel/index.ts";
import {
  isNotFound, objectKey, sameJson, splitKey, watching, type Client, type ControllerLoop, type EventRecorder, type Node, type ObjectChange,
  type Pod, type Taint, type Toleration,
} from "../../api/index.ts"; // prettier-ignore
import { nodes, pods } from "../../kinds/index.ts";
import { tolerates } from "../../scheduler/index.ts";
import type { ControllerContext } from "../context.ts";
import { withPodCondition } from "../pod-state.ts";

/** When a Pod is to go from its node; null once it was told to. */
interface Row {
  readonly at: Time | null;
}

/** Deletes Pods from nodes with NoExecute taints that they do not tolerate, or not for ever (pkg/controller/tainteviction). */
export class TaintEvictionController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #scheduled: Table<string, Row>;

  constructor(context: ControllerContext) {
    this.#context = context;
    // It shares the rights of the node lifecycle controller, of which it was a part (cmd/kube-controller-manager/app/core.go).
    this.#client = context.client("node-controller");
    this.#recorder = context.recorder(this.#client, "taint-eviction-controller");
    this.#scheduled = context.kernel.state.table(context.tableName("tainteviction/scheduled"), { quiet: true });
    context.onStart(() => this.#scheduled.clear());
    this.loop = context.loop("taint-eviction-controller", this.#client, {
      name: "tainteviction",
      watches: [watching(nodes, (change) => this.#keysOfNode(change)), watching(pods, keysOfPod)],
      reconcile: (key) => this.#sync(key),
      delay: 4 * MILLISECOND,
    });
  }

  #keysOfNode({ type, object, previous }: ObjectChange<Node>): readonly string[] {
    if (type === "DELETED" || sameJson(evicting(object), previous ? evicting(previous) : [])) return [];
    return this.#client.byField(pods, "spec.nodeName", object.metadata.name).map(objectKey);
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const pod = this.#client.get(pods, namespace, name);
    const row = this.#scheduled.get(key);
    if (!pod) return this.#cancel(key, row);
    const node = pod.spec.nodeName ? this.#client.get(nodes, "", pod.spec.nodeName) : undefined;
    if (!node || row?.at === null) return;
    const span = tolerationTime(evicting(node), pod.spec.tolerations ?? []);
    if (span === Infinity) return this.#cancel(key, row);
    const { now } = this.#context.kernel;
    if (span === 0) {
      this.#cancel(key, row);
      return this.#evict(key, pod);
    }
    // A plan that was made once stays, whatever becomes of the tolerations.
    const at = row?.at ?? now + span;
    if (at <= now) return this.#evict(key, pod);
    if (!row) this.#scheduled.set(key, { at });
    this.loop.queue.addAfter(key, at - now);
  }

  #cancel(key: string, row: Row | undefined): void {
    if (!row) return;
    this.#scheduled.delete(key);
    if (row.at !== null) this.#event(key, `Cancelling deletion of Pod ${key}`);
  }

  #evict(key: string, pod: Pod): void {
    const { namespace = "", name } = pod.metadata;
    this.#scheduled.set(key, { at: null });
    this.#event(key, `Marking for deletion Pod ${key}`);
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "DeletionByTaintManager",
      message: "Taint manager: deleting due to NoExecute taint",
    };
    const conditions = withPodCondition(pod.status.conditions, condition, rfc3339(this.#context.kernel.now));
    try {
      if (conditions !== pod.status.conditions)
        this.#client.updateStatus(pods, { ...pod, status: { ...pod.status, conditions } });
      this.#client.delete(pods, namespace, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** The reference has no uid, so `kubectl describe pod` does not show the event: as upstream. */
  #event(key: string, message: string): void {
    const { namespace, name } = splitKey(key);
    this.#recorder.event({ kind: "Pod", apiVersion: "v1", namespace, name }, "Normal", "TaintManagerEviction", message);
  }
}

function keysOfPod({ type, object, previous }: ObjectChange<Pod>): readonly string[] {
  const same =
    type === "MODIFIED" &&
    previous?.spec.nodeName === object.spec.nodeName &&
    previous?.spec.tolerations === object.spec.tolerations;
  return same || (type !== "DELETED" && !object.spec.nodeName) ? [] : [objectKey(object)];
}

function evicting({ spec }: Node): readonly Taint[] {
  return (spec.taints ?? []).filter(({ effect }) => effect === "NoExecute");
}

/** How long a Pod may stay: the shortest of the tolerations that it needs; Infinity if none is limited. */
function tolerationTime(taints: readonly Taint[], tolerations: readonly Toleration[]): Duration {
  let shortest = Infinity;
  for (const taint of taints) {
    const toleration = tolerations.find((one) => tolerates(one, taint));
    if (!toleration) return 0;
    const { tolerationSeconds = Infinity } = toleration;
    shortest = Math.min(shortest, Math.max(0, tolerationSeconds) * SECOND);
  }
  return shortest;
}

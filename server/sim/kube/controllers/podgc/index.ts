import { MILLISECOND, rfc3339, SECOND } from "../../../kernel/index.ts";
import {
  isNotFound,
  objectKey,
  watching,
  type Client,
  type ControllerLoop,
  type ObjectChange,
  type Pod,
} from "../../api/index.ts";
import { nodes, pods } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isPodTerminal, withPodCondition } from "../pod-state.ts";

/** How long a node must be gone before its Pods go (quarantineTime). */
const QUARANTINE = 40 * SECOND;
/** The key under which Pods that have ended are counted; no node has such a name. */
const TERMINATED = "//terminated";

/** Removes Pods that nobody else will: of nodes that are gone, and those that have ended when there are too many (pkg/controller/podgc). */
export class PodGarbageCollector {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("pod-garbage-collector");
    this.loop = context.loop("pod-garbage-collector-controller", this.#client, {
      name: "podgc",
      watches: [
        watching(nodes, ({ type, object }) => (type === "DELETED" ? [objectKey(object)] : [])),
        watching(pods, (change) => this.#keysOf(change)),
      ],
      reconcile: (key) => (key === TERMINATED ? this.#removeTerminated() : this.#removeOrphans(key)),
      delay: QUARANTINE,
      backoff: { first: 100 * MILLISECOND, most: 20 * SECOND },
    });
  }

  #keysOf({ type, object, previous }: ObjectChange<Pod>): readonly string[] {
    if (type === "DELETED") return [];
    const keys: string[] = [];
    const { nodeName } = object.spec;
    if (nodeName && previous?.spec.nodeName !== nodeName && !this.#client.get(nodes, "", nodeName)) keys.push(nodeName);
    if (isPodTerminal(object) && !(previous && isPodTerminal(previous))) keys.push(TERMINATED);
    return keys;
  }

  #removeOrphans(node: string): void {
    if (this.#client.get(nodes, "", node)) return;
    for (const pod of this.#client.byField(pods, "spec.nodeName", node))
      this.#remove(pod, { reason: "DeletionByPodGC", message: "PodGC: node no longer exists" });
  }

  #removeTerminated(): void {
    const { terminatedPodThreshold: threshold } = this.#context.settings;
    if (threshold <= 0) return;
    const ended = this.#client.list(pods).filter(isPodTerminal);
    const oldestFirst = ended.toSorted((a, b) =>
      a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1,
    );
    for (const pod of oldestFirst.slice(0, Math.max(0, ended.length - threshold))) this.#remove(pod);
  }

  /** A Pod that has not ended is said to have failed first (markFailedAndDeletePodWithCondition). */
  #remove(pod: Pod, why?: { readonly reason: string; readonly message: string }): void {
    const { namespace = "", name } = pod.metadata;
    try {
      if (!isPodTerminal(pod)) {
        const now = rfc3339(this.#context.kernel.now);
        const condition = { type: "DisruptionTarget", status: "True", ...why };
        const conditions = why ? withPodCondition(pod.status.conditions, condition, now) : pod.status.conditions;
        this.#client.updateStatus(pods, { ...pod, status: { ...pod.status, phase: "Failed", conditions } });
      }
      this.#client.delete(pods, namespace, name, { gracePeriodSeconds: 0 });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

import { MILLISECOND, SECOND } from "../../../kernel/index.ts";
import {
  isStatus, own, sameJson, splitKey, validSelector, watching, type Client, type ControllerLoop, type ControllerRevision,
  type EventRecorder, type Pod, type StatefulSet,
} from "../../api/index.ts"; // prettier-ignore
import { pods, statefulSets } from "../../kinds/index.ts";
import { claim } from "../claim.ts";
import type { ControllerContext } from "../context.ts";
import {
  createRevision,
  deleteRevision,
  ownedRevisions,
  renumberRevision,
  revisionData,
  revisionHash,
} from "../history/index.ts";
import { controllerReference } from "../owner-reference.ts";
import { keysOfPod } from "../pod-keys.ts";
import { PodClaims } from "./claims.ts";
import { ordinalOf, revisionOf } from "./pods.ts";
import { StatefulPods } from "./stateful-pods.ts";
import { updateSet } from "./update.ts";

/** What a set is and what it becomes. */
export interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/** Keeps the numbered Pods of StatefulSets (pkg/controller/statefulset). */
export class StatefulSetController {
  readonly loop: ControllerLoop;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #recorder: EventRecorder;
  readonly #pods: StatefulPods;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#client = context.client("statefulset-controller");
    this.#recorder = context.recorder(this.#client, "statefulset-controller");
    this.#pods = new StatefulPods(this.#client, this.#recorder, new PodClaims(this.#client, this.#recorder));
    const adopters = {
      kind: "StatefulSet",
      list: (namespace: string) => this.#client.list(statefulSets, namespace),
      selector: ({ spec }: StatefulSet) => validSelector(spec.selector),
    };
    this.loop = context.loop("statefulset-controller", this.#client, {
      name: "statefulset",
      watches: [own(statefulSets), watching(pods, (change) => keysOfPod(change, adopters))],
      reconcile: (key) => this.#sync(key),
      delay: 4 * MILLISECOND,
    });
  }

  #sync(key: string): void {
    const { namespace, name } = splitKey(key);
    const set = this.#client.get(statefulSets, namespace, name);
    if (!set) return;
    const selector = validSelector(set.spec.selector);
    const isMember = (pod: Pod): boolean => ordinalOf(set, pod) !== undefined;
    const revisions = ownedRevisions(this.#client, statefulSets, set, selector);
    const owned = claim(this.#client, pods, set, controllerReference(statefulSets, set), selector, isMember);
    const now = this.#revisions(set, revisions);
    const { status, failure } = updateSet(set, owned, now, this.#pods, this.#context.kernel.now);
    if (!sameJson(status, set.status)) this.#client.updateStatus(statefulSets, { ...set, status });
    this.#truncate(set, owned, revisions, now);
    const { minReadySeconds = 0, replicas = 0 } = set.spec;
    if (minReadySeconds > 0 && status.availableReplicas !== replicas)
      this.loop.queue.addAfter(key, minReadySeconds * SECOND + MILLISECOND);
    if (isStatus(failure)) throw failure;
  }

  /** The revision of the present template, made or found, and the one that the set is at (getStatefulSetRevisions). */
  #revisions(set: StatefulSet, revisions: readonly ControllerRevision[]): Revisions {
    const data = revisionData(set.spec.template);
    let collisionCount = set.status.collisionCount ?? 0;
    const next = (revisions.at(-1)?.revision ?? 0) + 1;
    const equal = revisions.findLast((revision) => sameJson(revision.data, data));
    let update = equal === revisions.at(-1) ? equal : equal && renumberRevision(this.#client, equal, next);
    while (!update) {
      const hash = revisionHash(data, collisionCount);
      const name = `${set.metadata.name}-${hash}`;
      const labels = { ...set.spec.template.metadata.labels, "controller.kubernetes.io/hash": hash };
      update = createRevision(this.#client, statefulSets, set, { name, labels, data, revision: next });
      if (!update) collisionCount++;
    }
    const current = revisions.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update;
    return { current, update, collisionCount };
  }

  /** Revisions that no Pod is at go, the oldest first, as far as the limit says. */
  #truncate(set: StatefulSet, owned: readonly Pod[], revisions: readonly ControllerRevision[], now: Revisions): void {
    const live = new Set([now.current.metadata.name, now.update.metadata.name, ...owned.map(revisionOf)]);
    const past = revisions.filter(({ metadata }) => !live.has(metadata.name));
    for (const revision of past.slice(0, Math.max(0, past.length - (set.spec.revisionHistoryLimit ?? 10))))
      deleteRevision(this.#client, revision);
  }
}

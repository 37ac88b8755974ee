import type { Time } from "../../../kernel/index.ts";
import { isStatus, type Pod, type StatefulSet } from "../../api/index.ts";
import { revisionTemplate } from "../history/index.ts";
import { isPodAvailable } from "../pod-state.ts";
import type { Revisions } from "./index.ts";
import {
  hasEnded,
  isRunningAndReady,
  isTerminating,
  ordinalOf,
  podTemplate,
  revisionOf,
  startOrdinal,
} from "./pods.ts";
import type { StatefulPods } from "./stateful-pods.ts";
import { setStatus } from "./status.ts";

export interface SetUpdate {
  readonly status: StatefulSet["status"];
  /** What kept the set from going on. */
  readonly failure?: unknown;
}

/** One step of a StatefulSet (stateful_set_control.go updateStatefulSet). */
export function updateSet(
  set: StatefulSet,
  pods: readonly Pod[],
  revisions: Revisions,
  control: StatefulPods,
  now: Time,
): SetUpdate {
  const step = new Step(set, pods, revisions, control, now);
  if (set.metadata.deletionTimestamp) return { status: step.status(pods) };
  let failure: unknown;
  try {
    step.run();
  } catch (error) {
    if (!isStatus(error)) throw error;
    failure = error;
  }
  return { status: step.status(), failure };
}

class Step {
  readonly #set: StatefulSet;
  readonly #revisions: Revisions;
  readonly #control: StatefulPods;
  readonly #now: Time;
  readonly #ordered: boolean;
  readonly #start: number;
  /** The Pods that are to be, by ordinal; undefined where there is none yet. */
  readonly #replicas: (Pod | undefined)[];
  /** Those beyond, the highest first. */
  readonly #condemned: readonly Pod[];
  /** Pods of the current revision that were deleted just now: they do not count any more. */
  #replaced = 0;

  constructor(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, control: StatefulPods, now: Time) {
    this.#set = set;
    this.#revisions = revisions;
    this.#control = control;
    this.#now = now;
    this.#ordered = set.spec.podManagementPolicy !== "Parallel";
    this.#start = startOrdinal(set);
    const count = set.spec.replicas ?? 0;
    this.#replicas = Array.from({ length: count }, () => undefined);
    const condemned: Pod[] = [];
    for (const pod of pods) {
      const index = ordinalOf(set, pod)! - this.#start;
      if (index >= 0 && index < count) this.#replicas[index] = pod;
      else condemned.push(pod);
    }
    this.#condemned = condemned.sort((a, b) => ordinalOf(set, b)! - ordinalOf(set, a)!);
  }

  run(): void {
    const firstUnavailable =
      this.#replicas.find((pod) => pod && this.#isUnavailable(pod)) ??
      this.#condemned.findLast((pod) => this.#isUnavailable(pod));
    const missing = this.#replicas.includes(undefined);
    if (!this.#forAll(this.#replicas.keys(), (index) => this.#keep(index))) return;
    if (this.#set.spec.volumeClaimTemplates?.length)
      for (const pod of this.#condemned) this.#control.claims.retain(this.#set, pod);
    const mayGo = (pod: Pod): boolean => !missing && pod === firstUnavailable;
    if (!this.#forAll(this.#condemned, (pod) => this.#condemn(pod, mayGo(pod)))) return;
    if (this.#set.spec.updateStrategy.type !== "OnDelete") this.#rollOn();
  }

  /** In order one after the other, until one says to wait; else all. False if the step ends here. */
  #forAll<Item>(items: Iterable<Item>, act: (item: Item) => boolean): boolean {
    let failure: unknown;
    for (const item of items) {
      try {
        if (!act(item) && this.#ordered) return false;
      } catch (error) {
        if (this.#ordered || !isStatus(error)) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return true;
  }

  /** Makes or mends the Pod of an index; false if the next one has to wait for it (processReplica). */
  #keep(index: number): boolean {
    const pod = this.#replicas[index];
    const ordinal = this.#start + index;
    if (!pod) {
      if (!this.#control.claims.areStale(this.#set, ordinal)) this.#create(ordinal);
      return false;
    }
    if (hasEnded(pod)) {
      if (!isTerminating(pod)) this.#control.delete(this.#set, pod);
      return false;
    }
    if (pod.status.phase === "Pending") this.#control.claims.create(this.#set, ordinal);
    if (this.#ordered && (isTerminating(pod) || !isRunningAndReady(pod) || !this.#isAvailable(pod))) return false;
    this.#control.mend(this.#set, pod);
    return true;
  }

  #create(ordinal: number): void {
    const { current, update } = this.#revisions;
    const { type, rollingUpdate } = this.#set.spec.updateStrategy;
    const kept = rollingUpdate ? (rollingUpdate.partition ?? 0) : (this.#set.status.currentReplicas ?? 0);
    const revision = type === "RollingUpdate" && ordinal < this.#start + kept ? current : update;
    const template = (revision === update ? undefined : revisionTemplate(revision)) ?? this.#set.spec.template;
    this.#control.create(this.#set, ordinal, podTemplate(this.#set, template, revision, ordinal));
  }

  /** Deletes a Pod that is too many; false if the others wait for its end (processCondemned). */
  #condemn(pod: Pod, isFirstUnavailable: boolean): boolean {
    if (isTerminating(pod)) return false;
    if (this.#ordered && !this.#isAvailable(pod) && !isFirstUnavailable) return false;
    this.#control.delete(this.#set, pod);
    return false;
  }

  /** Replaces the highest Pod of another revision, when all above it are available. */
  #rollOn(): void {
    const { update, current } = this.#revisions;
    const lowest = this.#set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
    for (let index = this.#replicas.length - 1; index >= lowest; index--) {
      const pod = this.#replicas[index];
      if (!pod) return;
      if (revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) {
        this.#control.delete(this.#set, pod);
        if (revisionOf(pod) === current.metadata.name) this.#replaced++;
        return;
      }
      if (this.#isUnavailable(pod)) return;
    }
  }

  #isAvailable(pod: Pod): boolean {
    return isPodAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#now);
  }

  #isUnavailable(pod: Pod): boolean {
    return isTerminating(pod) || !this.#isAvailable(pod);
  }

  status(
    pods: readonly Pod[] = [...this.#replicas.filter((pod) => pod !== undefined), ...this.#condemned],
  ): StatefulSet["status"] {
    return setStatus(this.#set, pods, this.#revisions, this.#replaced, this.#now);
  }
}

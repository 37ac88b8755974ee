import type { Job, Pod } from "../../api/index.ts";
import { slowStart } from "../pod-control.ts";
import { isPodReady } from "../pod-state.ts";
import { deletionOrder } from "../replicaset/deletion-order.ts";
import { generatedName, indexOf, isIndexed, jobTemplate, onlyReplacesFailed } from "./pods.ts";
import type { JobSync } from "./sync.ts";

/** How many Pods are made or deleted in one go. */
const BURST = 500;

/** Makes the Pods that a Job wants and has not, or deletes those that it does not want (manageJob). */
export function manageJob(sync: JobSync): void {
  const { job, activePods } = sync;
  const { parallelism = 1, suspend } = job.spec;
  if (suspend) return remove(sync, surplus(sync, sync.active));
  const wanted = wantedPods(job, sync.succeeded, sync.active);
  const removed = surplus(sync, Math.max(0, activePods.length - wanted)).slice(0, BURST);
  if (removed.length > 0) return remove(sync, removed);
  const ending = onlyReplacesFailed(job.spec) ? sync.terminating : 0;
  const missing = Math.min(wanted - ending - sync.active, BURST, parallelism);
  if (missing > 0) create(sync, missing);
}

function wantedPods({ spec }: Job, succeeded: number, active: number): number {
  const { parallelism = 1, completions } = spec;
  if (completions === undefined) return succeeded > 0 ? active : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** At least so many Pods that are too many; with them those of an index that has another one already. */
function surplus({ job, activePods, options }: JobSync, count: number): readonly Pod[] {
  const doubled: Pod[] = [];
  let rest = activePods;
  if (isIndexed(job)) {
    const byIndex = Map.groupBy(deletionOrder(activePods, [], options.now), (pod) => indexOf(pod, job));
    for (const [index, pods] of byIndex) doubled.push(...(index === undefined ? pods : pods.slice(0, -1)));
    rest = activePods.filter((pod) => !doubled.includes(pod));
  }
  if (doubled.length >= count) return doubled;
  return [...doubled, ...deletionOrder(rest, [], options.now).slice(0, count - doubled.length)];
}

function remove(sync: JobSync, pods: readonly Pod[]): void {
  for (const pod of pods) {
    sync.options.letGo(pod);
    sync.options.pods.delete(sync.job, pod.metadata.name);
    sync.active--;
    sync.terminating++;
    if (isPodReady(pod)) sync.ready--;
  }
}

function create(sync: JobSync, count: number): void {
  const { job, indexes, options } = sync;
  const perIndex = job.spec.backoffLimitPerIndex !== undefined;
  if (!perIndex && sync.wait > 0) {
    options.again(sync.wait);
    return;
  }
  if (!indexes) {
    const template = jobTemplate(job);
    return slowStart(count, () => {
      if (options.pods.create(job, template)) sync.active++;
    });
  }
  const pending = indexes.pending(count, sync.activePods);
  const ready = perIndex ? pending.filter((index) => indexes.remaining(index, options.now) === 0) : pending;
  if (ready.length === 0 && pending.length > 0)
    options.again(Math.min(...pending.map((index) => indexes.remaining(index, options.now))));
  const next = ready.values();
  slowStart(ready.length, () => {
    const index = next.next().value!;
    const last = indexes.waiting.get(index);
    const failures = perIndex ? (last ? indexes.failures(last) : 0) : undefined;
    const made = options.pods.create(job, jobTemplate(job, index, failures), generatedName(job, index));
    if (made) sync.active++;
  });
}

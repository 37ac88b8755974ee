import { MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { podKey, type PodRow, type Work } from "./row.ts";

/** From a change to the worker that looks at it; the runtime is asked once a second for what happened by itself. */
const PROMPT: Duration = 5 * MILLISECOND;
export const PLEG: Duration = 150 * MILLISECOND;

/** pod_workers.go: how long after an error a Pod is looked at again, up to half as long again. */
const BACK_OFF: Duration = 10 * SECOND;
const TRANSIENT_BACK_OFF: Duration = SECOND;
/** After so many failures in a row nothing is expected of a Pod any more. */
const HOPEFUL = 4;

/** Lets a Pod's worker look at it soon. */
export function wake(kubelet: Kubelet, uid: string, delay: Duration = PROMPT): void {
  const row = kubelet.pods.get(uid);
  if (!row || row.phase === "finished") return;
  if (row.work) {
    if (!row.pending) kubelet.pods.set(uid, { ...row, pending: true });
  } else plan(kubelet, row, delay);
}

export function wakeAll(kubelet: Kubelet, delay?: Duration): void {
  for (const uid of kubelet.pods.keys()) wake(kubelet, uid, delay);
}

function plan(kubelet: Kubelet, row: PodRow, delay: Duration, periodic = false): void {
  const at = kubelet.kernel.now + delay;
  if (row.timer !== undefined) {
    if (row.timerAt! <= at) return kubelet.pods.set(row.uid, row);
    kubelet.kernel.cancel(row.timer);
  }
  const timer = kubelet.after(delay, EVENTS.sync, { uid: row.uid }, { periodic });
  kubelet.pods.set(row.uid, { ...row, timer, timerAt: at });
}

/** The worker waits for an answer that carries the work's token. */
export function working(kubelet: Kubelet, row: PodRow, work: Work): PodRow {
  const next = { ...row, work };
  kubelet.pods.set(row.uid, next);
  return next;
}

/**
 * The worker has done what there was to do. What it did shows when the runtime is asked again, and before that it looks at
 * nothing else (podCache.GetNewerThan): a container that ends within a moment is never told of as running.
 */
export function finish(kubelet: Kubelet, row: PodRow): void {
  const { work: _, pending, ...rest } = row;
  const next = { ...rest, failures: 0 };
  kubelet.pods.set(row.uid, next);
  if (pending) wake(kubelet, row.uid, PLEG);
}

/** The worker could not do what it wanted: it tries again after a while (pod_workers.go completeWork). */
export function fail(
  kubelet: Kubelet,
  row: PodRow,
  error: string,
  options: { readonly transient?: boolean; readonly after?: Duration } = {},
): void {
  const { work: _, pending, ...rest } = row;
  const failures = row.failures + 1;
  kubelet.log(
    "E",
    "pod_workers.go:1301",
    `"Error syncing pod, skipping" err=${JSON.stringify(error)} pod=${JSON.stringify(podKey(row.pod))} podUID=${JSON.stringify(row.uid)}`,
  );
  // Something that happened meanwhile is looked at without delay.
  if (pending) return plan(kubelet, { ...rest, failures }, PROMPT);
  const base = options.transient ? TRANSIENT_BACK_OFF : BACK_OFF;
  const jittered = base + kubelet.kernel.random.below("kubelet/jitter", base / 2);
  plan(kubelet, { ...rest, failures }, options.after ?? jittered, failures > HOPEFUL);
}

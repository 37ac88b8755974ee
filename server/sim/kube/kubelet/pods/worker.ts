import { MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Outcome } from "../cri/api.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { killAnswered } from "./kill.ts";
import { podKey, type PodRow, type Work } from "./row.ts";
import { sandboxMade } from "./sandbox.ts";
import { containerStep } from "./start.ts";
import { syncPod } from "./sync.ts";
import { syncTerminated, syncTerminating } from "./terminate.ts";

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
    if (row.timerAt! <= at) return void kubelet.pods.set(row.uid, row);
    kubelet.kernel.cancel(row.timer);
  }
  const timer = kubelet.after(delay, EVENTS.sync, { uid: row.uid }, { periodic });
  kubelet.pods.set(row.uid, { ...row, timer, timerAt: at });
}

/** The event `sync` of a Pod. */
export function run(kubelet: Kubelet, uid: string): void {
  const known = kubelet.pods.get(uid);
  if (!known || !kubelet.row) return;
  const { timer: _, timerAt: __, ...row } = known;
  kubelet.pods.set(uid, row.work ? { ...row, pending: true } : row);
  // Nothing can be done without the runtime; its return wakes everybody.
  if (row.work || !kubelet.runtime.serving) return;
  if (row.phase === "sync") syncPod(kubelet, row);
  else if (row.phase === "terminating") syncTerminating(kubelet, row);
  else if (row.phase === "terminated") syncTerminated(kubelet, row);
}

/** The worker waits for an answer that carries the work's token. */
export function working(kubelet: Kubelet, row: PodRow, work: Work): PodRow {
  const next = { ...row, work };
  kubelet.pods.set(row.uid, next);
  return next;
}

/** The runtime has answered a worker. */
export function answered(
  kubelet: Kubelet,
  args: { readonly uid: string; readonly token: number; readonly part?: string; readonly outcome: Outcome },
): void {
  const row = kubelet.pods.get(args.uid);
  if (!row?.work || row.work.token !== args.token) return;
  switch (row.work.step) {
    case "kill":
      return killAnswered(kubelet, row, row.work, args.part ?? "", args.outcome);
    case "sandbox":
      return sandboxMade(kubelet, row, row.work, args.outcome);
    default:
      return containerStep(kubelet, row, row.work, args.outcome);
  }
}

/** The worker has done what there was to do. */
export function finish(kubelet: Kubelet, row: PodRow): void {
  const { work: _, pending, ...rest } = row;
  const next = { ...rest, failures: 0 };
  kubelet.pods.set(row.uid, next);
  if (pending) wake(kubelet, row.uid);
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

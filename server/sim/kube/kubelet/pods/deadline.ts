import { parseRfc3339, SECOND, type Duration } from "../../../kernel/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { EVENTS } from "../row.ts";
import { wake } from "./queue.ts";
import { record } from "./record.ts";
import type { PodRow } from "./row.ts";

const MESSAGE = "Pod was active on the node longer than the specified deadline";

/** How long a Pod may still be active (pkg/kubelet/active_deadline.go); undefined: for ever. */
function timeLeft(kubelet: Kubelet, { pod, status }: PodRow): Duration | undefined {
  const { activeDeadlineSeconds } = pod.spec;
  const started = status.startTime === undefined ? undefined : parseRfc3339(status.startTime);
  if (activeDeadlineSeconds === undefined || started === undefined) return undefined;
  return started + activeDeadlineSeconds * SECOND - kubelet.kernel.now;
}

/** Lets the Pod be looked at when its time is over. Once, when its start is known. */
export function planDeadline(kubelet: Kubelet, row: PodRow): void {
  const left = timeLeft(kubelet, row);
  if (left !== undefined) kubelet.after(Math.max(left, 0), EVENTS.sync, { uid: row.uid });
}

export function isOverdue(kubelet: Kubelet, row: PodRow): boolean {
  return (timeLeft(kubelet, row) ?? 1) <= 0;
}

export function endOverdue(kubelet: Kubelet, row: PodRow): void {
  record(kubelet, row, "Normal", "DeadlineExceeded", MESSAGE);
  const evicted = { reason: "DeadlineExceeded", message: MESSAGE };
  kubelet.pods.set(row.uid, { ...row, phase: "terminating", evicted });
  wake(kubelet, row.uid);
}

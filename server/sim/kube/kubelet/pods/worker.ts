import type { Outcome } from "../cri/api.ts";
import type { Kubelet } from "../kubelet.ts";
import { killAnswered } from "./kill.ts";
import { PLEG } from "./queue.ts";
import { sandboxMade } from "./sandbox.ts";
import { containerStep } from "./start.ts";
import { proceed, syncPod } from "./sync.ts";
import { containersStopped, syncTerminated, syncTerminating } from "./terminate.ts";

/** The event `sync` of a Pod. */
export function run(kubelet: Kubelet, uid: string, found = false): void {
  const known = kubelet.pods.get(uid);
  if (!known || !kubelet.row) return;
  // What the runtime did is seen with what came after it, if that is looked at soon.
  if (found && known.timerAt !== undefined && known.timerAt <= kubelet.kernel.now + PLEG) return;
  const { timer: _, timerAt: __, ...row } = known;
  kubelet.pods.set(uid, row.work ? { ...row, pending: true } : row);
  // Nothing can be done without the runtime; its return wakes everybody.
  if (row.work || !kubelet.runtime.serving) return;
  if (row.phase === "sync") syncPod(kubelet, row);
  else if (row.phase === "terminating") syncTerminating(kubelet, row);
  else if (row.phase === "terminated") syncTerminated(kubelet, row);
}

/** The runtime has answered a worker. */
export function answered(
  kubelet: Kubelet,
  args: { readonly uid: string; readonly token: number; readonly part?: string; readonly outcome: Outcome },
): void {
  const row = kubelet.pods.get(args.uid);
  if (!row?.work || row.work.token !== args.token) return;
  switch (row.work.step) {
    case "kill": {
      const ended = killAnswered(kubelet, row, row.work, args.part ?? "", args.outcome);
      if (ended?.actions) proceed(kubelet, ended.row, ended.actions);
      else if (ended) containersStopped(kubelet, ended.row);
      return;
    }
    case "sandbox":
      return sandboxMade(kubelet, row, row.work, args.outcome);
    default:
      return containerStep(kubelet, row, row.work, args.outcome);
  }
}

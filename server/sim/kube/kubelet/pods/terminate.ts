import { removeContainer } from "../cri/container/create.ts";
import { removeSandbox } from "../cri/sandbox/stop.ts";
import { removeMirror } from "../sources/mirror.ts";
import { removeProbes } from "../probes/workers.ts";
import { runtimePodStatus } from "../runtime/pod-status.ts";
import { removePodDirectories } from "../volumes/directories.ts";
import { unmountTmpfs } from "../volumes/tmpfs.ts";
import type { Kubelet } from "../kubelet.ts";
import { removeLogs } from "./log-files.ts";
import { beginKill, killsOf } from "./kill.ts";
import { podKey, type PodRow } from "./row.ts";
import { deleteFromApi, setStatus, statusOf } from "./status.ts";
import { wake } from "./queue.ts";

/** Stops what still runs of a Pod that is to end (kubelet.go SyncTerminatingPod). */
export function syncTerminating(kubelet: Kubelet, row: PodRow): void {
  const runtime = runtimePodStatus(kubelet.runtime, row.uid);
  const known = setStatus(kubelet, row, statusOf(kubelet, row, runtime, false));
  const sandboxes = runtime.sandboxes.filter(({ state }) => state === "ready").map(({ id }) => id);
  const unknown = [...kubelet.runtime.sandboxesOf(row.uid)].filter(
    ({ netnsPath, state }) => state !== "ready" && netnsPath !== undefined,
  );
  const ended = beginKill(kubelet, known, {
    kills: killsOf(runtime, { message: "", reason: "" }),
    sandboxes: [...sandboxes, ...unknown.map(({ id }) => id)],
  });
  if (ended) containersStopped(kubelet, ended.row);
}

/** Nothing of the Pod runs any more. */
export function containersStopped(kubelet: Kubelet, row: PodRow): void {
  removeProbes(kubelet, row.uid);
  const runtime = runtimePodStatus(kubelet.runtime, row.uid);
  const known = setStatus(kubelet, row, statusOf(kubelet, row, runtime, true));
  kubelet.pods.set(row.uid, { ...known, phase: "terminated" });
  wake(kubelet, row.uid);
}

/** Takes away what is left on the machine (SyncTerminatedPod); then the API server may forget the Pod. */
export function syncTerminated(kubelet: Kubelet, row: PodRow): void {
  unmountTmpfs(kubelet, row);
  removePodDirectories(kubelet, row);
  const finished: PodRow = { ...row, phase: "finished" };
  kubelet.pods.set(row.uid, finished);
  if (row.source === "file") removeMirror(kubelet, row);
  if (row.gone || row.pod.metadata.deletionTimestamp) retire(kubelet, finished);
  // A Pod of that name may start, and those may grow that wait for room.
  for (const other of kubelet.pods.values())
    if (other.uid !== row.uid && (podKey(other.pod) === podKey(row.pod) || other.resize?.pending))
      wake(kubelet, other.uid);
}

/** Forgets a Pod that has ended: its containers, its logs, and its object. */
export function retire(kubelet: Kubelet, row: PodRow): void {
  const { runtime } = kubelet;
  for (const { id, podUid } of runtime.containers.values()) {
    if (podUid !== row.uid) continue;
    kubelet.log("I", "scope.go:117", `"RemoveContainer" containerID=${JSON.stringify(id)}`);
    removeContainer(runtime, id);
  }
  for (const { id, config } of runtime.sandboxes.values()) if (config.uid === row.uid) removeSandbox(runtime, id);
  removeLogs(kubelet, row);
  kubelet.restarts.forget(row.uid);
  kubelet.pulls.forget(row.uid);
  for (const key of kubelet.tokens.keys()) if (key.startsWith(row.uid)) kubelet.tokens.delete(key);
  if (row.source === "api" && !row.gone && !deleteFromApi(kubelet, row)) return;
  kubelet.pods.delete(row.uid);
}

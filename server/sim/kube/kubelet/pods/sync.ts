import { secrets } from "../../kinds/index.ts";
import { ensureMirror } from "../sources/mirror.ts";
import { addProbes, probeResults } from "../probes/workers.ts";
import { computePodActions } from "../runtime/actions.ts";
import { findContainer, runtimePodStatus, type RuntimePodStatus } from "../runtime/pod-status.ts";
import { makePodDirectories } from "../volumes/directories.ts";
import { mountVolumes } from "../volumes/mount.ts";
import type { Kubelet } from "../kubelet.ts";
import { isStatic } from "./containers.ts";
import { endOverdue, isOverdue, planDeadline } from "./deadline.ts";
import { beginKill, killsOf } from "./kill.ts";
import { record } from "./record.ts";
import { podKey, type PodActions, type PodRow } from "./row.ts";
import { resizeContainers, retryResize } from "./resize.ts";
import { makeSandbox } from "./sandbox.ts";
import { startContainers } from "./start.ts";
import { setStatus, statusOf } from "./status.ts";
import { fail, finish, wake } from "./queue.ts";

/** Makes a Pod as its specification says (kubelet.go SyncPod, kuberuntime_manager.go SyncPod, v1.33). */
export function syncPod(kubelet: Kubelet, before: PodRow): void {
  const row = retryResize(kubelet, before);
  if (waitsForPredecessor(kubelet, row)) return finish(kubelet, row);
  const runtime = runtimePodStatus(kubelet.runtime, row.uid);
  if (isOverdue(kubelet, row)) return endOverdue(kubelet, row);
  const status = statusOf(kubelet, row, runtime, false);
  if (row.status.startTime === undefined) planDeadline(kubelet, { ...row, status });
  const known = setStatus(kubelet, row, status);
  if (status.phase === "Succeeded" || status.phase === "Failed") {
    kubelet.pods.set(row.uid, { ...known, phase: "terminating" });
    return wake(kubelet, row.uid);
  }
  const network = kubelet.runtime.networkCondition;
  if (!network.ready && !row.pod.spec.hostNetwork) {
    const why = `network is not ready: container runtime network not ready: NetworkReady=false reason:${network.reason} message:${network.message}`;
    record(kubelet, known, "Warning", "NetworkNotReady", why);
    return fail(kubelet, known, why, { transient: true });
  }
  if (isStatic(row.pod)) ensureMirror(kubelet, known);
  makePodDirectories(kubelet, known);
  checkPullSecrets(kubelet, known);
  const problem = known.mounted ? undefined : mountVolumes(kubelet, known);
  if (problem) return fail(kubelet, known, problem.error, { after: problem.after });
  const mounted: PodRow = { ...known, mounted: true };
  kubelet.pods.set(row.uid, mounted);
  addProbes(kubelet, mounted);
  const { restarts, row: resized } = resizeContainers(kubelet, kubelet.pods.get(row.uid)!, runtime);
  act(kubelet, resized, runtime, computePodActions(row.pod, runtime, probeResults(kubelet, row.uid), restarts));
}

/** Secrets for registries that are not there are told of, and done without (kubelet_pods.go getPullSecretsForPod). */
function checkPullSecrets(kubelet: Kubelet, row: PodRow): void {
  const { imagePullSecrets = [] } = row.pod.spec;
  if (imagePullSecrets.length === 0 || row.mounted) return;
  const { client } = kubelet.api;
  const missing = imagePullSecrets
    .map(({ name = "" }) => name)
    .filter((name) => !client?.get(secrets, row.pod.metadata.namespace ?? "", name));
  if (missing.length === 0) return;
  const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); attempting to pull the image may not succeed.`;
  record(kubelet, row, "Warning", "FailedToRetrieveImagePullSecret", message);
}

/** A Pod of a file starts when the one of the same name that it replaces has ended. */
function waitsForPredecessor(kubelet: Kubelet, row: PodRow): boolean {
  if (row.source !== "file") return false;
  for (const other of kubelet.pods.values())
    if (other.uid !== row.uid && other.phase !== "finished" && podKey(other.pod) === podKey(row.pod)) return true;
  return false;
}

function act(kubelet: Kubelet, row: PodRow, runtime: RuntimePodStatus, actions: PodActions): void {
  if (actions.createSandbox && actions.sandboxId !== "")
    record(kubelet, row, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
  const kills = actions.killPod
    ? killsOf(runtime, { message: "", reason: "" })
    : actions.kills.flatMap((kill) => {
        const container = findContainer(runtime, kill.name);
        return container?.state === "running" ? [kill] : [];
      });
  const sandboxes = actions.killPod
    ? runtime.sandboxes.filter(({ state }) => state === "ready" || actions.createSandbox).map(({ id }) => id)
    : [];
  if (kills.length === 0 && sandboxes.length === 0) return proceed(kubelet, row, actions);
  const ended = beginKill(kubelet, row, { kills, sandboxes }, actions);
  if (ended) proceed(kubelet, ended.row, actions);
}

/** What had to go is gone. */
export function proceed(kubelet: Kubelet, row: PodRow, actions: PodActions): void {
  if (actions.createSandbox) return makeSandbox(kubelet, row, actions);
  // All have ended for good: the next look finds the Pod's end.
  if (actions.killPod) {
    finish(kubelet, row);
    return wake(kubelet, row.uid);
  }
  startContainers(kubelet, row, actions, actions.sandboxId);
}

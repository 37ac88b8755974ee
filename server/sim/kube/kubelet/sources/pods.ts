import type { Pod } from "../../api/index.ts";
import { sameJson, type ObjectChange } from "../../api/index.ts";
import { pods } from "../../kinds/index.ts";
import type { Kubelet } from "../kubelet.ts";
import { refusal, reject } from "../pods/admit.ts";
import { planDeadline } from "../pods/deadline.ts";
import { isMirror } from "../pods/containers.ts";
import { podKey, type PodRow } from "../pods/row.ts";
import { adopted, granted } from "../pods/resize.ts";
import { sendStatus } from "../pods/status.ts";
import { retire } from "../pods/terminate.ts";
import { wake } from "../pods/queue.ts";
import { removeOrphanMirrors } from "./mirror.ts";
import { showLater } from "../volumes/refresh.ts";

/** A source shows a Pod for the first time (kubelet.go HandlePodAdditions). */
export function addPod(kubelet: Kubelet, pod: Pod, source: PodRow["source"]): void {
  const { uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
  const ended = pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
  const row: PodRow = {
    uid,
    pod,
    source,
    phase: deletionTimestamp || ended ? "terminating" : "sync",
    ...(deletionTimestamp ? { grace: deletionGracePeriodSeconds } : {}),
    status: pod.status,
    reasons: {},
    failures: 0,
  };
  const known = adopted(kubelet, row);
  kubelet.pods.set(uid, known);
  const why = row.phase === "sync" ? refusal(kubelet, known.pod) : undefined;
  if (why) return reject(kubelet, known, why);
  planDeadline(kubelet, known);
  wake(kubelet, uid);
}

/** A source shows it changed (HandlePodUpdates). */
function updatePod(kubelet: Kubelet, row: PodRow, pod: Pod): void {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
  const deleting = deletionTimestamp !== undefined;
  const shorter = deleting && (row.grace === undefined || deletionGracePeriodSeconds < row.grace);
  const next: PodRow = {
    ...granted(kubelet, row, pod),
    ...(shorter ? { grace: deletionGracePeriodSeconds } : {}),
    ...(deleting && row.phase === "sync" ? { phase: "terminating" as const } : {}),
  };
  kubelet.pods.set(row.uid, next);
  if (row.phase === "finished") {
    if (deleting) retire(kubelet, next);
    return;
  }
  const metadataChanged =
    !sameJson(row.pod.metadata.labels, pod.metadata.labels) ||
    !sameJson(row.pod.metadata.annotations, pod.metadata.annotations);
  // Volumes may show them.
  if (metadataChanged && row.phase === "sync") showLater(kubelet, row.uid);
  const specChanged = metadataChanged || !sameJson(row.pod.spec, next.pod.spec) || next.resize !== row.resize;
  const gatesChanged =
    pod.spec.readinessGates !== undefined && !sameJson(row.pod.status.conditions, pod.status.conditions);
  if (deleting || specChanged || gatesChanged) wake(kubelet, row.uid);
}

/** Its source has it no more (HandlePodRemoves). */
export function removePod(kubelet: Kubelet, row: PodRow): void {
  const gone: PodRow = { ...row, gone: true };
  if (row.phase === "finished") return retire(kubelet, gone);
  kubelet.pods.set(row.uid, { ...gone, ...(row.phase === "sync" ? { phase: "terminating" as const } : {}) });
  wake(kubelet, row.uid);
}

/** A write to a Pod of this node, within it: nothing is done yet but to note it. */
export function podWritten(kubelet: Kubelet, { type, object }: ObjectChange<Pod>): void {
  if (!kubelet.running.connected) return;
  if (isMirror(object)) return mirrorWritten(kubelet, type, object);
  const row = kubelet.pods.get(object.metadata.uid);
  if (type === "DELETED") {
    if (row) removePod(kubelet, row);
  } else if (row) updatePod(kubelet, row, object);
  else addPod(kubelet, object, "api");
}

/** Somebody deleted a mirror, or it has just come: the Pod that it shows makes a new one, or tells its status. */
function mirrorWritten(kubelet: Kubelet, type: string, mirror: Pod): void {
  for (const row of kubelet.pods.values()) {
    if (row.source !== "file" || podKey(row.pod) !== podKey(mirror)) continue;
    if (type === "MODIFIED" && !mirror.metadata.deletionTimestamp) continue;
    kubelet.pods.set(row.uid, { ...row, unsent: true });
    wake(kubelet, row.uid);
  }
}

/** Brings what is known of the API's Pods up to date, after a time without a way to it or at the start. */
export function relist(kubelet: Kubelet): void {
  const { client } = kubelet.api;
  const { row } = kubelet;
  if (!client || !row) return;
  const shown = new Map(
    client
      .byField(pods, "spec.nodeName", row.nodeName)
      .flatMap((pod) => (isMirror(pod) ? [] : [[pod.metadata.uid, pod] as const])),
  );
  for (const known of kubelet.pods.values())
    if (known.source === "api" && !shown.has(known.uid)) removePod(kubelet, known);
  for (const [uid, pod] of shown) {
    const known = kubelet.pods.get(uid);
    if (known) updatePod(kubelet, known, pod);
    else addPod(kubelet, pod, "api");
  }
  for (const known of kubelet.pods.values()) {
    if (known.unsent) kubelet.pods.set(known.uid, sendStatus(kubelet, known));
    // What ended meanwhile can be told now; files' Pods may need their mirrors.
    if (known.phase === "finished" && known.pod.metadata.deletionTimestamp) retire(kubelet, known);
    else if (known.source === "file") wake(kubelet, known.uid);
  }
  removeOrphanMirrors(kubelet);
}

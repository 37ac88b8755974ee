import type { Event, Pod } from "../../server/sim/kube/api/index.ts";
import type { Scene } from "../scene/scene.ts";

/** What keeps a Pod from running and being ready, in words that follow its name: `is not scheduled: …`. Undefined if nothing does. */
export function podTrouble({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "is being deleted";
  const condition = (type: string) => status.conditions?.find((candidate) => candidate.type === type);
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False") return `is not scheduled: ${scheduled.message ?? scheduled.reason ?? "no node"}`;
  if (status.phase === "Succeeded" || status.phase === "Failed") return `has ended (${status.phase})`;
  for (const { name, state, lastState, ready } of [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ]) {
    const { waiting, terminated } = state;
    if (waiting) {
      const before = lastState.terminated ? `; it ended with exit code ${lastState.terminated.exitCode} before` : "";
      const message = waiting.message === undefined ? "" : `: ${waiting.message}`;
      return `waits in container ${name}: ${waiting.reason ?? "unknown"}${before === "" ? message : before}`;
    }
    if (terminated && !ready) return `has ended in container ${name} with exit code ${terminated.exitCode}`;
  }
  if (condition("Ready")?.status === "True") return undefined;
  const unready = (status.containerStatuses ?? []).find(({ ready }) => !ready);
  if (unready) return `runs, but container ${unready.name} is not ready (its readiness probe fails)`;
  return `is not ready (${status.phase ?? "Pending"})`;
}

/** The same; of a Pod whose containers are not even made, with kubelet's last complaint. */
export function podTroubleIn(scene: Scene, pod: Pod): string | undefined {
  const trouble = podTrouble(pod);
  if (trouble?.endsWith(": ContainerCreating") !== true) return trouble;
  const events = scene.objects.list("events.", pod.metadata.namespace).objects as readonly Event[];
  const complaint = events
    .filter(({ type, involvedObject }) => type === "Warning" && involvedObject.uid === pod.metadata.uid)
    .toSorted((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : 1))
    .at(-1);
  return complaint?.message === undefined ? trouble : `${trouble}: ${complaint.message}`;
}

function lastSeen({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "";
}

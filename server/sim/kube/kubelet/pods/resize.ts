import { SECOND } from "../../../kernel/index.ts";
import { sameJson, type Container, type Pod, type ResourceRequirements } from "../../api/index.ts";
import { podRequests } from "../../scheduler/resources.ts";
import { updateContainerResources } from "../cri/container/update.ts";
import type { Kubelet } from "../kubelet.ts";
import { allocatable } from "../node/capacity.ts";
import { findContainer, type RuntimePodStatus } from "../runtime/pod-status.ts";
import { otherPods, outOfResources } from "./admit.ts";
import { containerSpec, isSidecar } from "./containers.ts";
import { bytes, linuxResources, milli } from "./linux-resources.ts";
import { wake } from "./queue.ts";
import type { PodRow, Resize, WaitingReason } from "./row.ts";

/** When a worker looks again at what it has resized (pleg/generic.go, whose relist finds the condition that it watches). */
const LOOK_AGAIN = SECOND;

/**
 * A Pod as its source shows it, with the resources that it may have: those that it asks for if there is room, else those that
 * it had (kubelet.go handlePodResourcesResize, v1.33).
 */
export function granted(kubelet: Kubelet, row: PodRow, pod: Pod): PodRow {
  const changed = changedContainers(row.pod, pod);
  const { pending: _, ...kept } = row.resize ?? { actual: {} };
  if (changed.length === 0) return { ...(row.resize?.pending ? withResize(row, kept) : row), pod };
  const why = refusal(kubelet, pod);
  if (why) {
    const before = row.resize?.pending;
    // Nothing new is no news.
    if (before && sameJson(before.pod.spec, pod.spec) && before.reason === why.reason && before.message === why.message)
      return { ...row, pod: withResources(pod, row.pod) };
    const pending = { ...why, pod, probed: kubelet.kernel.now };
    return { ...row, pod: withResources(pod, row.pod), resize: { ...kept, pending } };
  }
  const actual = { ...kept.actual };
  for (const { name, resources } of changed) actual[name] ??= resources;
  return { ...row, pod, resize: { actual, granted: kubelet.kernel.now } };
}

/** What there was no room for may fit now. */
export function retryResize(kubelet: Kubelet, row: PodRow): PodRow {
  const pending = row.resize?.pending;
  if (!pending) return row;
  const next = granted(kubelet, row, withResources(row.pod, pending.pod));
  if (next.resize === row.resize) return row;
  kubelet.pods.set(row.uid, next);
  return next;
}

/** A Pod that ran before the kubelet started, with what it had then; what is asked for now is looked at like any change. */
export function adopted(kubelet: Kubelet, row: PodRow): PodRow {
  const known = kubelet.allocations.get(row.uid);
  if (!known) return row;
  kubelet.allocations.delete(row.uid);
  const { containers, initContainers } = row.pod.spec;
  const had = (list: readonly Container[]): Container[] =>
    list.map((container) => ({ ...container, resources: known[container.name] ?? container.resources }));
  const spec = {
    ...row.pod.spec,
    containers: had(containers),
    ...(initContainers ? { initContainers: had(initContainers) } : {}),
  };
  if (sameJson(spec, row.pod.spec)) return row;
  const before = { ...row, pod: { ...row.pod, spec } };
  // What is free is counted without what this one asks for.
  kubelet.pods.set(row.uid, before);
  return granted(kubelet, before, row.pod);
}

function withResize(row: PodRow, resize: Resize | undefined): PodRow {
  const { resize: _, ...others } = row;
  return resize ? { ...others, resize } : others;
}

/** Containers, as they were, whose resources are others now. */
function changedContainers(old: Pod, next: Pod): Container[] {
  return [...old.spec.containers, ...(old.spec.initContainers ?? []).filter(isSidecar)].filter(
    (container) => !sameJson(container.resources, containerSpec(next, container.name)?.resources),
  );
}

function withResources(pod: Pod, from: Pod): Pod {
  const kept = (list: readonly Container[]): Container[] =>
    list.map((container) => ({
      ...container,
      resources: containerSpec(from, container.name)?.resources ?? container.resources,
    }));
  const { containers, initContainers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: kept(containers),
      ...(initContainers ? { initContainers: kept(initContainers) } : {}),
    },
  };
}

/** kubelet.go canResizePod: what the node could never give, and what it cannot give now. */
function refusal(kubelet: Kubelet, pod: Pod): WaitingReason | undefined {
  const wanted = podRequests(pod).requested;
  const capacity = allocatable(kubelet);
  for (const [name, has] of [
    ["memory", bytes(capacity["memory"])],
    ["cpu", milli(capacity["cpu"])],
  ] as const) {
    const asked = wanted.get(name) ?? 0;
    if (asked > has)
      return {
        reason: "Infeasible",
        message: `Node didn't have enough capacity: ${name}, requested: ${asked}, capacity: ${has}`,
      };
  }
  const short = outOfResources(kubelet, pod, otherPods(kubelet, pod.metadata.uid));
  return short && { reason: "Deferred", message: short.message };
}

/**
 * Gives running containers what was granted (kuberuntime_manager.go doPodResizeAction). Those that have to start anew for it
 * are named.
 */
export function resizeContainers(
  kubelet: Kubelet,
  row: PodRow,
  runtime: RuntimePodStatus,
): { readonly row: PodRow; readonly restarts: ReadonlySet<string> } {
  const restarts = new Set<string>();
  const { resize } = row;
  if (!resize || resize.granted === undefined) return { row, restarts };
  const names = Object.keys(resize.actual);
  if (names.length === 0) {
    // It was done at the last look.
    const { granted: _, ...kept } = resize;
    const next = withResize(row, kept.pending ? kept : undefined);
    kubelet.pods.set(row.uid, next);
    wake(kubelet, row.uid);
    return { row: next, restarts };
  }
  for (const name of names) {
    const container = containerSpec(row.pod, name);
    const running = findContainer(runtime, name);
    if (!container || running?.state !== "running") continue;
    if (needsRestart(container, resize.actual[name]!)) restarts.add(name);
    else updateContainerResources(kubelet.runtime, running.id, linuxResources(kubelet, row.pod, container));
  }
  const next: PodRow = { ...row, resize: { ...resize, actual: {} } };
  kubelet.pods.set(row.uid, next);
  kubelet.after(LOOK_AGAIN, "kubelet/sync", { uid: row.uid });
  return { row: next, restarts };
}

/** Without a policy for it, a resource changes while the container runs. */
function needsRestart({ resources, resizePolicy = [] }: Container, actual: ResourceRequirements): boolean {
  return resizePolicy.some(
    ({ resourceName: name, restartPolicy }) =>
      restartPolicy === "RestartContainer" &&
      (resources.requests?.[name] !== actual.requests?.[name] || resources.limits?.[name] !== actual.limits?.[name]),
  );
}

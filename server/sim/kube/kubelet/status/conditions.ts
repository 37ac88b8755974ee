import type { ContainerStatus, Pod, PodCondition } from "../../api/index.ts";
import { isSidecar } from "../pods/containers.ts";
import { anyRegularStarted } from "./phase.ts";

/** Conditions that belong to the kubelet, in its order (kubetypes/pod_status.go). */
export const KUBELET_CONDITIONS = [
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
] as const;

/** Conditions that come and go with a resize: the kubelet's, too. */
export const RESIZE_CONDITIONS: readonly string[] = ["PodResizePending", "PodResizeInProgress"];

type Verdict = Pick<PodCondition, "status" | "reason" | "message">;

const TRUE: Verdict = { status: "True" };

/** The kubelet's conditions of a Pod, behind those that others have set (status/generate.go, v1.33). */
export function podConditions(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  phase: string,
  sandboxReady: boolean,
): PodCondition[] {
  const others = (pod.status.conditions ?? []).filter(
    ({ type }) => !(KUBELET_CONDITIONS as readonly string[]).includes(type) && !RESIZE_CONDITIONS.includes(type),
  );
  const containers = containersReady(pod, statuses, phase);
  const own: Record<(typeof KUBELET_CONDITIONS)[number], Verdict> = {
    PodReadyToStartContainers: { status: sandboxReady ? "True" : "False" },
    Initialized: initialized(pod, statuses, phase),
    Ready: containers.status === "True" ? gatesPassed(pod, others) : containers,
    ContainersReady: containers,
    PodScheduled: TRUE,
  };
  return [...others, ...KUBELET_CONDITIONS.map((type) => ({ type, ...own[type] }))];
}

function containersReady({ spec }: Pod, statuses: readonly ContainerStatus[], phase: string): Verdict {
  if (statuses.length === 0) return { status: "False", reason: "UnknownContainerStatuses" };
  const counted = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers];
  const unknown: string[] = [];
  const unready: string[] = [];
  for (const { name } of counted) {
    const status = statuses.find((one) => one.name === name);
    if (!status) unknown.push(name);
    else if (!status.ready) unready.push(name);
  }
  if (phase === "Succeeded" && unknown.length === 0) return { status: "False", reason: "PodCompleted" };
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  const message = problems(unknown, "unready", unready);
  return message === "" ? TRUE : { status: "False", reason: "ContainersNotReady", message };
}

function gatesPassed({ spec }: Pod, conditions: readonly PodCondition[]): Verdict {
  const messages = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = conditions.find(({ type }) => type === conditionType);
    if (!condition) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    if (condition.status === "True") return [];
    return [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  return messages.length === 0
    ? TRUE
    : { status: "False", reason: "ReadinessGatesNotReady", message: messages.join(", ") };
}

function initialized(pod: Pod, statuses: readonly ContainerStatus[], phase: string): Verdict {
  const containers = pod.spec.initContainers ?? [];
  if (statuses.length === 0 && containers.length > 0) return { status: "False", reason: "UnknownContainerStatuses" };
  const unknown: string[] = [];
  const incomplete: string[] = [];
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name);
    if (!status) unknown.push(container.name);
    else if (isSidecar(container) ? !status.started : !status.ready) incomplete.push(container.name);
  }
  if (phase === "Succeeded" && unknown.length === 0) return { status: "True", reason: "PodCompleted" };
  if (anyRegularStarted(pod, statuses)) return TRUE;
  const message = problems(unknown, "incomplete", incomplete);
  return message === "" ? TRUE : { status: "False", reason: "ContainersNotInitialized", message };
}

function problems(unknown: readonly string[], what: string, names: readonly string[]): string {
  const parts: string[] = [];
  if (unknown.length > 0) parts.push(`containers with unknown status: [${unknown.join(" ")}]`);
  if (names.length > 0) parts.push(`containers with ${what} status: [${names.join(" ")}]`);
  return parts.join(", ");
}

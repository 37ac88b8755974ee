import type { ContainerStatus, Pod } from "../../api/index.ts";
import { isSidecar, isStatic } from "../pods/containers.ts";

/** The phase of a Pod by the states of its containers, init containers included (kubelet_pods.go getPhase, v1.33). */
export function podPhase(pod: Pod, statuses: readonly ContainerStatus[], terminal: boolean): string {
  const { spec } = pod;
  const statusOf = (name: string): ContainerStatus | undefined => statuses.find((status) => status.name === name);
  let pending = 0;
  let failedInit = 0;
  const count = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0 };
  for (const container of spec.initContainers ?? []) {
    const status = statusOf(container.name);
    if (isSidecar(container)) {
      if (!status) count.unknown++;
      else if (status.state.running) {
        if (!status.started) pending++;
        count.running++;
      } else if (status.state.waiting && !status.lastState.terminated) {
        pending++;
        count.waiting++;
      }
    } else if (!status || status.state.running) pending++;
    else if (status.state.terminated) {
      if (status.state.terminated.exitCode !== 0) failedInit++;
    } else if (!status.lastState.terminated) pending++;
    else if (status.lastState.terminated.exitCode !== 0) failedInit++;
  }
  for (const { name } of spec.containers) {
    const status = statusOf(name);
    if (!status) count.unknown++;
    else if (status.state.running) count.running++;
    else if (status.state.terminated) {
      count.stopped++;
      if (status.state.terminated.exitCode === 0) count.succeeded++;
    } else if (status.lastState.terminated) count.stopped++;
    else count.waiting++;
  }
  if (failedInit > 0 && spec.restartPolicy === "Never") return "Failed";
  if ((pending > 0 && !anyRegularStarted(pod, statuses)) || count.waiting > 0) return "Pending";
  if (count.running > 0 && count.unknown === 0) return "Running";
  if (count.running > 0 || count.stopped === 0 || count.unknown > 0) return "Pending";
  const allSucceeded = count.stopped === count.succeeded;
  if (terminal && !isStatic(pod)) return allSucceeded ? "Succeeded" : "Failed";
  if (spec.restartPolicy === "Always") return "Running";
  if (allSucceeded) return "Succeeded";
  return spec.restartPolicy === "Never" ? "Failed" : "Running";
}

/** container/helpers.go HasAnyRegularContainerStarted. */
export function anyRegularStarted({ spec }: Pod, statuses: readonly ContainerStatus[]): boolean {
  return spec.containers.some(({ name }) => {
    const status = statuses.find((one) => one.name === name);
    return status !== undefined && (status.state.running !== undefined || status.state.terminated !== undefined);
  });
}

import type { ContainerStatus, PodSandboxStatus } from "../cri/api.ts";
import { containerStatus, sandboxStatus } from "../cri/status.ts";
import type { Containerd } from "../cri/runtime.ts";

/** What the runtime knows of a Pod (kubecontainer.PodStatus): the latest of everything first. */
export interface RuntimePodStatus {
  readonly ips: readonly string[];
  readonly sandboxes: readonly PodSandboxStatus[];
  readonly containers: readonly ContainerStatus[];
}

export function runtimePodStatus(runtime: Containerd, podUid: string): RuntimePodStatus {
  const sandboxes: PodSandboxStatus[] = [];
  for (const row of runtime.sandboxesOf(podUid)) sandboxes.push(sandboxStatus(row));
  const containers: ContainerStatus[] = [];
  for (const row of runtime.containersOf(podUid)) containers.push(containerStatus(runtime, row));
  // Rows stand in the order in which they were made.
  sandboxes.reverse();
  containers.reverse();
  const [latest] = sandboxes;
  return { ips: latest?.state === "ready" ? latest.ips : [], sandboxes, containers };
}

/** The latest container of that name. */
export function findContainer(status: RuntimePodStatus, name: string): ContainerStatus | undefined {
  return status.containers.find((container) => container.name === name);
}

export function runningContainers(status: RuntimePodStatus): readonly ContainerStatus[] {
  return status.containers.filter(({ state }) => state === "running");
}

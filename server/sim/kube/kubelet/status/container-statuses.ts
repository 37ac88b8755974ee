import { rfc3339 } from "../../../kernel/index.ts";
import type { Container, ContainerState, ContainerStatus, Pod, ResourceRequirements } from "../../api/index.ts";
import type { ContainerStatus as Known } from "../cri/api.ts";
import type { WaitingReason } from "../pods/row.ts";
import { shouldRestart } from "../runtime/actions.ts";
import type { RuntimePodStatus } from "../runtime/pod-status.ts";

/** What a terminated state says of a container, besides what the runtime knows. */
export type TerminationMessage = (container: Known) => string;

export interface StatusSources {
  readonly runtime: RuntimePodStatus;
  readonly reasons: Readonly<Record<string, WaitingReason>>;
  readonly terminationMessage: TerminationMessage;
  /** By container: what it has while that is not what it is to have. */
  readonly actual?: Readonly<Record<string, ResourceRequirements>>;
}

/** The statuses of containers as the API shows them (kubelet_pods.go convertToAPIContainerStatuses, v1.33). */
export function containerStatuses(
  pod: Pod,
  containers: readonly Container[],
  previous: readonly ContainerStatus[],
  sources: StatusSources,
  init: boolean,
): ContainerStatus[] {
  const waiting = { waiting: { reason: pod.spec.initContainers?.length ? "PodInitializing" : "ContainerCreating" } };
  const statuses = containers.map((container) => statusOf(pod, container, previous, sources, init, waiting));
  // Init containers stand in the order in which they run, others by name.
  return init ? statuses : statuses.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function statusOf(
  pod: Pod,
  container: Container,
  previous: readonly ContainerStatus[],
  { runtime, reasons, terminationMessage, actual }: StatusSources,
  init: boolean,
  waiting: ContainerState,
): ContainerStatus {
  const old = previous.find(({ name }) => name === container.name);
  const [latest, before] = runtime.containers.filter(({ name }) => name === container.name);
  let status = latest
    ? known(container, latest, terminationMessage, actual?.[container.name])
    : unknown(pod, container, old, waiting);
  if (latest && before) status = { ...status, lastState: state(before, terminationMessage) };
  const done = init && latest?.state === "exited" && latest.exitCode === 0;
  const reason = reasons[container.name];
  if (done || !reason || !shouldRestart(container, pod, runtime)) return status;
  const lastState = status.state.terminated ? status.state : status.lastState;
  return {
    ...status,
    lastState,
    state: { waiting: { reason: reason.reason, ...(reason.message === "" ? {} : { message: reason.message }) } },
  };
}

function base(container: Container): Pick<ContainerStatus, "name" | "ready" | "lastState" | "volumeMounts"> {
  const mounts = container.volumeMounts ?? [];
  return {
    name: container.name,
    ready: false,
    lastState: {},
    ...(mounts.length === 0
      ? {}
      : {
          volumeMounts: mounts.map(({ name, mountPath, readOnly }) => ({
            name,
            mountPath,
            ...(readOnly ? { readOnly, recursiveReadOnly: "Disabled" } : {}),
          })),
        }),
  };
}

function known(
  container: Container,
  status: Known,
  terminationMessage: TerminationMessage,
  actual = container.resources,
): ContainerStatus {
  const { requests } = container.resources;
  return {
    ...base(container),
    state: state(status, terminationMessage),
    restartCount: status.attempt,
    image: status.image,
    imageID: status.imageRef,
    containerID: containerId(status),
    // InPlacePodVerticalScaling, on since v1.33.
    ...(status.state === "running" ? { resources: actual, ...(requests ? { allocatedResources: requests } : {}) } : {}),
  };
}

function containerId({ id }: Known): string {
  return `containerd://${id}`;
}

function state(status: Known, terminationMessage: TerminationMessage): ContainerState {
  if (status.state === "running") return { running: { startedAt: rfc3339(status.startedAt) } };
  if (status.state === "created") return { waiting: {} };
  const message = [status.message, terminationMessage(status)].filter((part) => part !== "").join(": ");
  return {
    terminated: {
      exitCode: status.exitCode,
      reason: status.reason,
      ...(message === "" ? {} : { message }),
      startedAt: rfc3339(status.startedAt),
      finishedAt: rfc3339(status.finishedAt),
      containerID: containerId(status),
    },
  };
}

/** The runtime has no container of that name: it was not made yet, or was removed. */
function unknown(
  pod: Pod,
  container: Container,
  old: ContainerStatus | undefined,
  waiting: ContainerState,
): ContainerStatus {
  const fresh: ContainerStatus = {
    ...base(container),
    state: waiting,
    restartCount: old?.restartCount ?? 0,
    image: container.image ?? "",
    imageID: "",
  };
  if (!old) return fresh;
  if (old.state.terminated) return old;
  const kept = { ...fresh, lastState: old.lastState };
  if (!old.state.running || old.lastState.terminated) return kept;
  return {
    ...kept,
    restartCount: old.restartCount + (pod.metadata.deletionTimestamp ? 0 : 1),
    lastState: {
      terminated: {
        exitCode: 137,
        reason: "ContainerStatusUnknown",
        message: "The container could not be located when the pod was deleted.  The container used to be Running",
        startedAt: null,
        finishedAt: null,
      },
    },
  };
}

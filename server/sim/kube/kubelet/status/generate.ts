import { rfc3339, type Time } from "../../../kernel/index.ts";
import type { ContainerStatus, Pod, PodCondition, PodStatus } from "../../api/index.ts";
import { qosClass } from "../../kinds/core/pod/qos.ts";
import { isSidecar } from "../pods/containers.ts";
import type { PodRow } from "../pods/row.ts";
import { sandboxChange } from "../runtime/actions.ts";
import type { RuntimePodStatus } from "../runtime/pod-status.ts";
import { podConditions } from "./conditions.ts";
import { resizeConditions } from "./resize-conditions.ts";
import { containerStatuses, type TerminationMessage } from "./container-statuses.ts";
import { podPhase } from "./phase.ts";

/** What the status of a Pod is made from besides its containers. */
export interface StatusContext {
  readonly now: Time;
  readonly nodeAddresses: readonly string[];
  readonly terminationMessage: TerminationMessage;
  /** `started` and `ready` by probes (prober_manager.go UpdatePodStatus). */
  readonly probed: (
    status: ContainerStatus,
    container: { readonly name: string },
  ) => { started: boolean; ready: boolean };
}

/** The status of a Pod as the kubelet sees it (kubelet_pods.go generateAPIPodStatus, v1.33). */
export function generatePodStatus(
  row: PodRow,
  runtime: RuntimePodStatus,
  terminal: boolean,
  context: StatusContext,
): PodStatus {
  const { pod, status: old, reasons, evicted } = row;
  const { spec } = pod;
  const sources = {
    runtime,
    reasons,
    terminationMessage: context.terminationMessage,
    ...(row.resize ? { actual: row.resize.actual } : {}),
  };
  const inits = containerStatuses(pod, spec.initContainers ?? [], old.initContainerStatuses ?? [], sources, true);
  const regular = containerStatuses(pod, spec.containers, old.containerStatuses ?? [], sources, false);
  const ephemeral = containerStatuses(
    pod,
    spec.ephemeralContainers ?? [],
    old.ephemeralContainerStatuses ?? [],
    sources,
    false,
  );
  const phase = nextPhase(
    row,
    podPhase(pod, [...regular, ...inits.map((status) => withSidecarStart(pod, status, context))], terminal),
  );
  const probedInits = inits.map((status) => probedInit(pod, status, context));
  const probed = regular.map((status) => ({ ...status, ...context.probed(status, status) }));
  const all = [...probedInits, ...probed];
  const [hostIP] = context.nodeAddresses;
  const ips = spec.hostNetwork ? (hostIP === undefined ? [] : [hostIP]) : runtime.ips;
  const podIPs = ips.length > 0 ? ips.map((ip) => ({ ip })) : spec.hostNetwork ? [] : (keptIps(row, runtime) ?? []);
  const why = evicted ?? (phase === old.phase ? { reason: old.reason ?? "", message: old.message ?? "" } : undefined);
  return {
    phase: evicted ? "Failed" : phase,
    conditions: withTimes(
      [
        ...(terminal ? [] : resizeConditions(row)),
        ...podConditions(pod, all, phase, !sandboxChange(pod, runtime).createSandbox),
      ],
      old.conditions ?? [],
      context.now,
    ),
    ...(why?.message ? { message: why.message } : {}),
    ...(why?.reason ? { reason: why.reason } : {}),
    ...(hostIP === undefined ? {} : { hostIP, hostIPs: [{ ip: hostIP }] }),
    ...(podIPs.length > 0 ? { podIP: podIPs[0]!.ip, podIPs } : {}),
    startTime: old.startTime ?? rfc3339(context.now),
    ...(probedInits.length > 0 ? { initContainerStatuses: probedInits } : {}),
    containerStatuses: probed,
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
    qosClass: old.qosClass ?? qosClass(spec),
  };
}

/** A Pod keeps its address when its network is gone, until it gets a new one (pleg/generic.go getPodIPs). */
function keptIps({ status }: PodRow, runtime: RuntimePodStatus): readonly { readonly ip: string }[] | undefined {
  return runtime.sandboxes.some(({ state }) => state === "ready") ? undefined : status.podIPs;
}

/** Phases do not go back from an end. */
function nextPhase({ pod, status }: PodRow, phase: string): string {
  const ended = (one: string | undefined): one is string => one === "Succeeded" || one === "Failed";
  if (ended(pod.status.phase)) return pod.status.phase;
  if (!ended(phase) && ended(status.phase)) return status.phase;
  return phase;
}

function probedInit(pod: Pod, status: ContainerStatus, context: StatusContext): ContainerStatus {
  const container = pod.spec.initContainers!.find(({ name }) => name === status.name)!;
  if (isSidecar(container)) return { ...status, ...context.probed(status, container) };
  const ready = status.state.terminated?.exitCode === 0;
  return { ...status, started: status.state.running !== undefined, ready };
}

function withSidecarStart(pod: Pod, status: ContainerStatus, context: StatusContext): ContainerStatus {
  const container = pod.spec.initContainers!.find(({ name }) => name === status.name)!;
  return isSidecar(container) ? { ...status, started: context.probed(status, container).started } : status;
}

/** status_manager.go updateLastTransitionTime: a condition that stays as it was keeps its time. */
function withTimes(conditions: readonly PodCondition[], old: readonly PodCondition[], now: Time): PodCondition[] {
  return conditions.map((condition) => {
    if (condition.lastTransitionTime) return condition;
    const before = old.find(({ type }) => type === condition.type);
    const same = before?.status === condition.status && before.lastTransitionTime;
    const { type, status, lastProbeTime = null, ...words } = condition;
    return {
      type,
      status,
      lastProbeTime,
      lastTransitionTime: same ? before.lastTransitionTime : rfc3339(now),
      ...words,
    };
  });
}

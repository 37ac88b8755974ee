import { parseRfc3339, type Time } from "../../../../kernel/index.ts";
import {
  age,
  humanDuration,
  type Cell,
  type Container,
  type ContainerStatus,
  type Pod,
  type RowCondition,
} from "../../../api/index.ts";

/** A Pod's row (pkg/printers/internalversion printPod). */
export function podCells(pod: Pod, now: Time): readonly Cell[] {
  const { spec, status, metadata } = pod;
  const { reason, ready, total, restarts } = summarize(pod, now);
  const gates = spec.readinessGates ?? [];
  const passed = gates.filter(({ conditionType }) => conditionStatus(pod, conditionType) === "True").length;
  return [
    metadata.name,
    `${ready}/${total}`,
    reason,
    restarts,
    age(metadata.creationTimestamp, now),
    status.podIPs?.[0]?.ip ?? "<none>",
    spec.nodeName ?? "<none>",
    status.nominatedNodeName ?? "<none>",
    gates.length === 0 ? "<none>" : `${passed}/${gates.length}`,
  ];
}

export function podRowConditions({ status }: Pod): readonly RowCondition[] | undefined {
  if (status.phase === "Succeeded")
    return [{ type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." }];
  if (status.phase === "Failed")
    return [{ type: "Completed", status: "True", reason: "Failed", message: "The pod failed." }];
  return undefined;
}

function conditionStatus({ status }: Pod, type: string): string | undefined {
  return status.conditions?.find((condition) => condition.type === type)?.status;
}

interface Summary {
  readonly reason: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: string;
}

function summarize(pod: Pod, now: Time): Summary {
  const { spec, status, metadata } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const total = spec.containers.length + sidecars.size;
  const initials = status.initContainerStatuses ?? [];
  const regulars = status.containerStatuses ?? [];
  let reason = status.reason || status.phase || "";
  if (status.conditions?.some((one) => one.type === "PodScheduled" && one.reason === "SchedulingGated"))
    reason = "SchedulingGated";

  const initial = initialReason(initials, sidecars, spec.initContainers?.length ?? 0);
  let ready = initial.ready;
  let counted = initials.slice(0, initial.seen);
  if (initial.reason !== undefined) reason = initial.reason;
  if (initial.reason === undefined || conditionStatus(pod, "Initialized") === "True") {
    counted = [...counted.filter(({ name }) => sidecars.has(name)), ...regulars];
    let running = false;
    for (const container of regulars.toReversed()) {
      const decided = containerReason(container);
      if (decided !== undefined) reason = decided;
      else if (container.ready && container.state.running) {
        running = true;
        ready++;
      }
    }
    if (reason === "Completed" && running) reason = conditionStatus(pod, "Ready") === "True" ? "Running" : "NotReady";
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === "NodeLost") reason = "Unknown";
    else if (status.phase !== "Succeeded" && status.phase !== "Failed") reason = "Terminating";
  }
  return { reason, ready, total, restarts: restartText(counted, now) };
}

export function isSidecar({ restartPolicy }: Container): boolean {
  return restartPolicy === "Always";
}

/** What the init containers make of the status up to the one that decides; no reason if none does. */
function initialReason(
  statuses: readonly ContainerStatus[],
  sidecars: ReadonlySet<string>,
  count: number,
): { readonly reason: string | undefined; readonly ready: number; readonly seen: number } {
  let ready = 0;
  for (const [index, { name, state, started, ready: isReady }] of statuses.entries()) {
    const { terminated, waiting } = state;
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(name) && started) {
      if (isReady) ready++;
      continue;
    }
    const said = waiting?.reason && waiting.reason !== "PodInitializing" ? waiting.reason : `${index}/${count}`;
    const reason = `Init:${terminated ? terminated.reason || exitText(terminated) : said}`;
    return { reason, ready, seen: index + 1 };
  }
  return { reason: undefined, ready, seen: statuses.length };
}

function containerReason({ state: { waiting, terminated } }: ContainerStatus): string | undefined {
  if (waiting?.reason) return waiting.reason;
  if (terminated?.reason) return terminated.reason;
  return terminated ? exitText(terminated) : undefined;
}

function exitText({ signal = 0, exitCode }: { readonly signal?: number; readonly exitCode: number }): string {
  return signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`;
}

/** `3 (2m ago)`: how often, and when the last of the restarted containers ended. */
function restartText(statuses: readonly ContainerStatus[], now: Time): string {
  let restarts = 0;
  let last = -Infinity;
  for (const { restartCount, lastState } of statuses) {
    restarts += restartCount;
    const ended = lastState.terminated?.finishedAt;
    if (ended) last = Math.max(last, parseRfc3339(ended) ?? last);
  }
  return restarts !== 0 && last !== -Infinity ? `${restarts} (${humanDuration(now - last)} ago)` : String(restarts);
}

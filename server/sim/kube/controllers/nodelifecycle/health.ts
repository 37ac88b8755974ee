import { parseRfc3339, rfc3339, type Time } from "../../../kernel/index.ts";
import type { Node, NodeCondition } from "../../api/index.ts";
import type { ControllerManagerSettings } from "../settings.ts";
import type { Heartbeats } from "./heartbeat.ts";

/** What a kubelet's silence makes unknown. NetworkUnavailable is not the kubelet's. */
const POSTED = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

export function readyCondition({ status }: Node): NodeCondition | undefined {
  return status.conditions?.find(({ type }) => type === "Ready");
}

/**
 * When a node will have been silent for longer than it may; undefined while it gives signs of life. A node of which
 * nobody reports heartbeats is as old as the last status that was written (tryUpdateNodeHealth). `watchedSince` is when
 * the controller began to look.
 */
export function deadlineOf(
  node: Node,
  heartbeats: Heartbeats,
  settings: ControllerManagerSettings,
  watchedSince: Time,
): Time | undefined {
  const { name, creationTimestamp } = node.metadata;
  if (heartbeats.isAlive(name)) return undefined;
  const ready = readyCondition(node);
  if (!ready) return (parseRfc3339(creationTimestamp) ?? 0) + settings.nodeStartupGracePeriod;
  const posted = ready.lastHeartbeatTime ? parseRfc3339(ready.lastHeartbeatTime) : undefined;
  const silent = heartbeats.silentSince(name) ?? posted ?? parseRfc3339(creationTimestamp) ?? 0;
  return Math.max(silent, watchedSince) + settings.nodeMonitorGracePeriod;
}

/** The conditions of a node that is silent; the same ones if they say so already. */
export function unknownConditions({ metadata, status }: Node, now: Time): readonly NodeCondition[] {
  const conditions = [...(status.conditions ?? [])];
  let changed = false;
  for (const type of POSTED) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    if (old?.status === "Unknown") continue;
    changed = true;
    const lastTransitionTime = rfc3339(now);
    if (old)
      conditions[at] = {
        ...old,
        status: "Unknown",
        lastTransitionTime,
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
      };
    else
      conditions.push({
        type,
        status: "Unknown",
        lastHeartbeatTime: metadata.creationTimestamp,
        lastTransitionTime,
        reason: "NodeStatusNeverUpdated",
        message: "Kubelet never posted node status.",
      });
  }
  return changed ? conditions : (status.conditions ?? []);
}

import { rfc3339 } from "../../../kernel/index.ts";
import type { PodCondition } from "../../api/index.ts";
import type { PodRow } from "../pods/row.ts";

/** PodResizePending and PodResizeInProgress (kubelet.go determinePodResizeStatus, status_manager.go). */
export function resizeConditions({ resize, status }: PodRow): PodCondition[] {
  const found: PodCondition[] = [];
  if (resize?.pending) {
    const { reason, message, probed } = resize.pending;
    const time = rfc3339(probed);
    const before = status.conditions?.find(({ type }) => type === "PodResizePending");
    found.push({
      type: "PodResizePending",
      status: "True",
      lastProbeTime: time,
      lastTransitionTime: (before?.reason === reason && before.lastTransitionTime) || time,
      reason,
      message,
    });
  }
  if (resize?.granted !== undefined)
    found.push({ type: "PodResizeInProgress", status: "True", lastProbeTime: rfc3339(resize.granted) });
  return found;
}

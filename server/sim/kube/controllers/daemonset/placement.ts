import type { DaemonSet, Node } from "../../api/index.ts";
import { matchesRequiredNode, REPELLING, untoleratedTaint } from "../../scheduler/index.ts";
import { daemonTolerations } from "./template.ts";

export interface Placement {
  /** The node is to have a Pod of the set. */
  readonly runs: boolean;
  /** A Pod that is there may stay. */
  readonly stays: boolean;
}

/** Whether a DaemonSet has a Pod on a node (NodeShouldRunDaemonPod). */
export function placementOn(node: Node, { spec }: DaemonSet): Placement {
  const { spec: pod } = spec.template;
  if (pod.nodeName && pod.nodeName !== node.metadata.name) return { runs: false, stays: false };
  if (!matchesRequiredNode(pod, node)) return { runs: false, stays: false };
  const tolerations = daemonTolerations(pod);
  const { taints } = node.spec;
  if (!untoleratedTaint(taints, tolerations, REPELLING)) return { runs: true, stays: true };
  return { runs: false, stays: !untoleratedTaint(taints, tolerations, ["NoExecute"]) };
}

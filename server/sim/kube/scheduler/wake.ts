import { sameJson, type Node, type ObjectChange, type Pod } from "../api/index.ts";
import type { NodeFilter } from "./plugin.ts";
import { PLUGINS } from "./plugins/index.ts";
import { NodeInfo, type Snapshot } from "./snapshot.ts";

/** Which changes may help a Pod that fitted nowhere (the queueing hints of the plugins, EventsToRegister). */

/** Plugins that count the Pods of other nodes too: where a node comes or gets other labels, nobody knows whom it helps. */
const COUNTING = ["PodTopologySpread", "InterPodAffinity"];

/** The plugins that a change of a Pod with a node concerns. */
export function wakesOnPod({ type, object, previous }: ObjectChange<Pod>): readonly string[] {
  if (!object.spec.nodeName) return [];
  if (type === "DELETED" || (hasEnded(object) && previous && !hasEnded(previous)))
    return ["NodeResourcesFit", "NodePorts", ...COUNTING];
  const bound = !previous?.spec.nodeName;
  const relabelled = previous && previous.metadata.labels !== object.metadata.labels;
  const leaving = previous && !previous.metadata.deletionTimestamp && object.metadata.deletionTimestamp;
  return bound || relabelled || leaving ? COUNTING : [];
}

function hasEnded({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

/** Whether a node that came or changed is one that some plugin does not reject any more. */
export function wakesOnNode(
  pod: Pod,
  rejectedBy: readonly string[],
  node: Node,
  previous: Node | undefined,
  snapshot: Snapshot,
): boolean {
  if (rejectedBy.length === 0) return !previous;
  const relabelled = !sameJson(previous?.metadata.labels, node.metadata.labels);
  if (relabelled && rejectedBy.some((plugin) => COUNTING.includes(plugin))) return true;
  if (
    previous &&
    !relabelled &&
    previous.spec === node.spec &&
    sameJson(previous.status.allocatable, node.status.allocatable)
  )
    return false;
  const assigned = snapshot.nodes.find(({ name }) => name === node.metadata.name)?.pods ?? [];
  return rejectedBy.some((plugin) => {
    const filter = PLUGINS.find(({ name }) => name === plugin)?.filter?.(pod, snapshot);
    return accepts(filter, node, assigned) && !(previous && accepts(filter, previous, assigned));
  });
}

function accepts(filter: NodeFilter | undefined, node: Node, assigned: readonly Pod[]): boolean {
  return filter?.(new NodeInfo(node, assigned)) === undefined;
}

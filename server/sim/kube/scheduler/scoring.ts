import type { Pod } from "../api/index.ts";
import { PLUGINS } from "./plugins/index.ts";
import type { NodeInfo, Snapshot } from "./snapshot.ts";

/**
 * The best node of those that a Pod can go to (prioritizeNodes, selectHost). Where upstream throws dice between equal
 * ones, the one with fewer Pods wins, then the first by name.
 */
export function bestNode(pod: Pod, snapshot: Snapshot, feasible: readonly NodeInfo[]): NodeInfo {
  const [only, ...others] = feasible;
  if (others.length === 0) return only!;
  const totals = new Map(feasible.map(({ name }) => [name, 0]));
  for (const plugin of PLUGINS) {
    const score = plugin.score?.(pod, snapshot, feasible);
    if (!score) continue;
    for (const node of feasible) totals.set(node.name, totals.get(node.name)! + (plugin.weight ?? 1) * score(node));
  }
  const order = (a: NodeInfo, b: NodeInfo): number =>
    totals.get(b.name)! - totals.get(a.name)! || a.pods.length - b.pods.length || (a.name < b.name ? -1 : 1);
  return feasible.toSorted(order)[0]!;
}

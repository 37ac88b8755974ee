import { MAX_SCORE, unschedulable, type Plugin } from "../plugin.ts";
import { podRequests } from "../resources.ts";
import type { NodeInfo } from "../snapshot.ts";

/** The order in which upstream looks at resources; further ones follow by name. */
const FIRST = ["cpu", "memory", "ephemeral-storage"];

/** What Pods ask for must be there; nodes with more left over are better (noderesources/fit.go, LeastAllocated). */
export const nodeResourcesFit: Plugin = {
  name: "NodeResourcesFit",
  weight: 1,
  filter(pod) {
    const { requested } = podRequests(pod);
    const others = [...requested.keys()].filter((name) => !FIRST.includes(name)).sort();
    const names = [...FIRST, ...others].filter((name) => (requested.get(name) ?? 0) > 0);
    return (node) => {
      const reasons: string[] = [];
      if (node.pods.length + 1 > (node.allocatable.get("pods") ?? 0)) reasons.push("Too many pods");
      for (const name of names) {
        const left = (node.allocatable.get(name) ?? 0) - (node.requested.get(name) ?? 0);
        if (requested.get(name)! > left) reasons.push(`Insufficient ${name}`);
      }
      return reasons.length > 0 ? unschedulable(...reasons) : undefined;
    };
  },
  score(pod) {
    const { nonZero } = podRequests(pod);
    return (node) => {
      const scores = (["cpu", "memory"] as const).flatMap((name) => {
        const capacity = node.allocatable.get(name) ?? 0;
        return capacity === 0 ? [] : [leftOver(node.nonZeroRequested[name] + nonZero[name], capacity)];
      });
      return scores.length === 0 ? 0 : Math.trunc(scores.reduce((sum, score) => sum + score, 0) / scores.length);
    };
  },
};

function leftOver(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.trunc(((capacity - requested) * MAX_SCORE) / capacity);
}

/** Nodes of which all resources are used alike are better (noderesources/balanced_allocation.go). */
export const balancedAllocation: Plugin = {
  name: "NodeResourcesBalancedAllocation",
  weight: 1,
  score(pod) {
    const { requested } = podRequests(pod);
    if ((requested.get("cpu") ?? 0) === 0 && (requested.get("memory") ?? 0) === 0) return undefined;
    const fraction = (node: NodeInfo, name: string): number | undefined => {
      const capacity = node.allocatable.get(name) ?? 0;
      return capacity === 0
        ? undefined
        : Math.min(1, ((node.requested.get(name) ?? 0) + (requested.get(name) ?? 0)) / capacity);
    };
    return (node) => {
      const [cpu, memory] = [fraction(node, "cpu"), fraction(node, "memory")];
      if (cpu === undefined || memory === undefined) return MAX_SCORE;
      return Math.trunc((1 - Math.abs(cpu - memory) / 2) * MAX_SCORE);
    };
  },
};

import type { Pod } from "../api/index.ts";
import type { NodeInfo, Snapshot } from "./snapshot.ts";

/**
 * Why a node is not for a Pod. `unschedulable` would change if other Pods went away, `unresolvable` would not
 * (framework.Unschedulable, UnschedulableAndUnresolvable).
 */
export interface Rejection {
  readonly code: "unschedulable" | "unresolvable";
  readonly reasons: readonly string[];
}

/** Says why a node is not for the Pod; undefined if it may be. */
export type NodeFilter = (node: NodeInfo) => Rejection | undefined;

/** A number from 0 to 100, the best. */
export type NodeScore = (node: NodeInfo) => number;

/** A part of the scheduler's judgement, named as upstream (pkg/scheduler/framework/plugins). */
export interface Plugin {
  readonly name: string;
  /** Why a Pod can go to no node at all, whatever the nodes are; undefined if it may. */
  preFilter?(pod: Pod, snapshot: Snapshot): Rejection | undefined;
  /** How to judge nodes for a Pod; undefined if there is nothing to judge. */
  filter?(pod: Pod, snapshot: Snapshot): NodeFilter | undefined;
  /** How to compare the nodes that are left. */
  score?(pod: Pod, snapshot: Snapshot, candidates: readonly NodeInfo[]): NodeScore | undefined;
  readonly weight?: number;
}

export const MAX_SCORE = 100;

export function unschedulable(...reasons: readonly string[]): Rejection {
  return { code: "unschedulable", reasons };
}

export function unresolvable(...reasons: readonly string[]): Rejection {
  return { code: "unresolvable", reasons };
}

/** Scores in proportion to the highest one (helper.DefaultNormalizeScore). */
export function normalized(
  candidates: readonly NodeInfo[],
  raw: (node: NodeInfo) => number,
  options: { readonly reverse?: boolean } = {},
): NodeScore {
  const scores = new Map(candidates.map((node) => [node.name, raw(node)]));
  const highest = Math.max(0, ...scores.values());
  return ({ name }) => {
    const score = highest === 0 ? 0 : Math.trunc((MAX_SCORE * scores.get(name)!) / highest);
    return options.reverse ? MAX_SCORE - score : score;
  };
}

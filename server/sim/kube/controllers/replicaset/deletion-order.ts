import { parseRfc3339, type Time } from "../../../kernel/index.ts";
import type { Pod } from "../../api/index.ts";
import { isPodActive, isPodReady, podCondition } from "../pod-state.ts";

const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The Pods in the order in which to delete them: unscheduled, pending, unready ones first, then the cheaper ones, those
 * that share a node with more of `related`, and the younger ones (controller.ActivePodsWithRanks).
 */
export function deletionOrder(pods: readonly Pod[], related: readonly Pod[], now: Time): Pod[] {
  const onNode = new Map<string, number>();
  for (const pod of related) {
    const node = pod.spec.nodeName ?? "";
    if (isPodActive(pod)) onNode.set(node, (onNode.get(node) ?? 0) + 1);
  }
  return pods
    .map((pod) => rank(pod, onNode.get(pod.spec.nodeName ?? "") ?? 0, now))
    .sort(compare)
    .map(({ pod }) => pod);
}

interface Ranked {
  readonly pod: Pod;
  /** Compared one by one; a lower number goes first. */
  readonly ranks: readonly number[];
  /** When it became ready, and how long ago that is in powers of two. */
  readonly ready: Age;
  readonly restarts: number;
  readonly created: Age;
}

interface Age {
  readonly at: Time;
  readonly power: number;
}

function rank(pod: Pod, neighbours: number, now: Time): Ranked {
  const { spec, status, metadata } = pod;
  const ready = isPodReady(pod);
  const ranks = [spec.nodeName ? 1 : 0, PHASES[status.phase ?? ""] ?? 0, ready ? 1 : 0, deletionCost(pod), -neighbours];
  return {
    pod,
    ranks,
    ready: age(ready ? podCondition(pod, "Ready")!.lastTransitionTime : undefined, now),
    restarts: Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount)),
    created: age(metadata.creationTimestamp, now),
  };
}

function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.[DELETION_COST] ?? "0";
  return /^(0|-?[1-9][0-9]*)$/.test(text) ? Number(text) : 0;
}

function age(text: string | null | undefined, now: Time): Age {
  const at = (text ? parseRfc3339(text) : undefined) ?? Infinity;
  const nanoseconds = (now - at) * 1000;
  return { at, power: nanoseconds > 0 ? Math.floor(Math.log2(nanoseconds)) : -1 };
}

function compare(a: Ranked, b: Ranked): number {
  for (const [index, first] of a.ranks.entries()) {
    const second = b.ranks[index]!;
    if (first !== second) return first - second;
  }
  return compareAges(a, b, "ready") || b.restarts - a.restarts || compareAges(a, b, "created");
}

/** The younger one first; of those that are about as old the one with the lower uid, which is as good as random. */
function compareAges(a: Ranked, b: Ranked, which: "ready" | "created"): number {
  if (a[which].at === b[which].at) return 0;
  const difference = a[which].power - b[which].power;
  if (difference !== 0) return difference;
  return a.pod.metadata.uid < b.pod.metadata.uid ? -1 : 1;
}

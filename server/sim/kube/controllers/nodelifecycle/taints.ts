import { sameJson, type Node, type Taint } from "../../api/index.ts";

/** The taints that tell of a node's state, and by which state they come (pkg/controller/nodelifecycle). */

const PREFIX = "node.kubernetes.io/";
const UNSCHEDULABLE = `${PREFIX}unschedulable`;

/** By condition and its status. */
const BY_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: `${PREFIX}not-ready`, Unknown: `${PREFIX}unreachable` },
  MemoryPressure: { True: `${PREFIX}memory-pressure` },
  DiskPressure: { True: `${PREFIX}disk-pressure` },
  NetworkUnavailable: { True: `${PREFIX}network-unavailable` },
  PIDPressure: { True: `${PREFIX}pid-pressure` },
};
const MANAGED = new Set([UNSCHEDULABLE, ...Object.values(BY_CONDITION).flatMap((keys) => Object.values(keys))]);

export const NOT_READY: Taint = { key: `${PREFIX}not-ready`, effect: "NoExecute" };
export const UNREACHABLE: Taint = { key: `${PREFIX}unreachable`, effect: "NoExecute" };

/** The taints of a node with those against new Pods as its conditions want them (doNoScheduleTaintingPass). */
export function withConditionTaints({ spec, status }: Node, now: string): readonly Taint[] {
  const wanted = (status.conditions ?? []).flatMap((condition): string[] => {
    const key = BY_CONDITION[condition.type]?.[condition.status];
    return key ? [key] : [];
  });
  if (spec.unschedulable) wanted.push(UNSCHEDULABLE);
  const taints = spec.taints ?? [];
  const managed = ({ key, effect }: Taint): boolean => effect === "NoSchedule" && MANAGED.has(key);
  const kept = taints.filter((taint) => !managed(taint) || wanted.includes(taint.key));
  const missing = wanted.filter((key) => !kept.some((taint) => managed(taint) && taint.key === key));
  return [...kept, ...missing.map((key): Taint => ({ key, effect: "NoSchedule", timeAdded: now }))];
}

export function hasTaint(taints: readonly Taint[], { key, effect }: Taint): boolean {
  return taints.some((taint) => taint.key === key && taint.effect === effect);
}

export function withTaint(taints: readonly Taint[], taint: Taint, now: string): readonly Taint[] {
  return hasTaint(taints, taint) ? taints : [...taints, { ...taint, timeAdded: now }];
}

export function withoutTaints(taints: readonly Taint[], removed: readonly Taint[]): readonly Taint[] {
  return taints.filter(({ key, effect }) => !removed.some((one) => one.key === key && one.effect === effect));
}

export function sameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  return sameJson(a, b);
}

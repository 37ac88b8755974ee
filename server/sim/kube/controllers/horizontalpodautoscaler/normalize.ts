import { MINUTE, SECOND, type Time } from "../../../kernel/index.ts";
import type { HorizontalPodAutoscaler, ScalingRules } from "../../api/index.ts";

/** --horizontal-pod-autoscaler-downscale-stabilization */
const DOWNSCALE_STABILIZATION = 5 * MINUTE;

/** What an autoscaler remembers: what it would have had, and what it did. */
export interface Memory {
  readonly recommendations: readonly { readonly replicas: number; readonly at: Time }[];
  readonly ups: readonly Change[];
  readonly downs: readonly Change[];
}

interface Change {
  readonly by: number;
  readonly at: Time;
}

export interface Told {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

export interface Normalized {
  readonly replicas: number;
  readonly ableToScale: Told;
  readonly limited: Told;
  readonly memory: Memory;
  /** Time alone may change the outcome. */
  readonly waiting: boolean;
}

const READY: Told = {
  status: "True",
  reason: "ReadyForNewScale",
  message: "recommended size matches current size",
};
const STABILIZED = {
  down: "recent recommendations were higher than current one, applying the highest recent recommendation",
  up: "recent recommendations were lower than current one, applying the lowest recent recommendation",
};
const LIMITS = {
  ScaleUpLimit: "the desired replica count is increasing faster than the maximum scale rate",
  ScaleDownLimit: "the desired replica count is decreasing faster than the maximum scale rate",
  TooManyReplicas: "the desired replica count is more than the maximum replica count",
  TooFewReplicas: "the desired replica count is less than the minimum replica count",
  DesiredWithinRange: "the desired count is within the acceptable range",
} as const;

/** Makes of a proposal what may be done now (normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors). */
export function normalize(
  { spec }: HorizontalPodAutoscaler,
  current: number,
  desired: number,
  memory: Memory,
  now: Time,
): Normalized {
  const { scaleUp, scaleDown } = spec.behavior ?? {};
  const downWindow =
    scaleDown?.stabilizationWindowSeconds === undefined
      ? DOWNSCALE_STABILIZATION
      : scaleDown.stabilizationWindowSeconds * SECOND;
  const upWindow = (scaleUp?.stabilizationWindowSeconds ?? 0) * SECOND;
  const recent = (window: number): number[] =>
    memory.recommendations.filter(({ at }) => at > now - window).map(({ replicas }) => replicas);
  const highest = Math.max(desired, ...recent(downWindow));
  const lowest = Math.min(desired, ...recent(upWindow));
  // Without rules only the way down is stabilized.
  const stable = spec.behavior ? Math.min(Math.max(current, lowest), highest) : highest;
  const oldest = now - Math.max(upWindow, downWindow);
  const kept = memory.recommendations.filter(({ at }) => at > oldest);
  const way = !spec.behavior || desired < current ? "down" : "up";
  const stabilized: Told = {
    status: "True",
    reason: way === "down" ? "ScaleDownStabilized" : "ScaleUpStabilized",
    message: STABILIZED[way],
  };
  const { replicas, reason } = spec.behavior
    ? withRules(spec, current, stable, memory, now)
    : withoutRules(spec, current, stable);
  return {
    replicas,
    ableToScale: stable === desired ? READY : stabilized,
    limited: { status: replicas === stable ? "False" : "True", reason, message: LIMITS[reason] },
    memory: { ...memory, recommendations: [...kept, { replicas: desired, at: now }] },
    waiting: stable !== desired || reason === "ScaleUpLimit" || reason === "ScaleDownLimit",
  };
}

interface Limited {
  readonly replicas: number;
  readonly reason: keyof typeof LIMITS;
}

type Spec = HorizontalPodAutoscaler["spec"];

/** convertDesiredReplicasWithRules */
function withoutRules({ minReplicas = 1, maxReplicas }: Spec, current: number, desired: number): Limited {
  const rate = Math.max(2 * current, 4);
  const most = Math.min(maxReplicas, rate);
  if (desired < minReplicas) return { replicas: minReplicas, reason: "TooFewReplicas" };
  if (desired > most) return { replicas: most, reason: maxReplicas > rate ? "ScaleUpLimit" : "TooManyReplicas" };
  return { replicas: desired, reason: "DesiredWithinRange" };
}

/** convertDesiredReplicasWithBehaviorRate */
function withRules(
  { minReplicas = 1, maxReplicas, behavior }: Spec,
  current: number,
  desired: number,
  memory: Memory,
  now: Time,
): Limited {
  if (desired > current) {
    const rate = Math.max(current, limit(behavior!.scaleUp!, current, memory, now, 1));
    const most = Math.min(maxReplicas, rate);
    if (desired > most) return { replicas: most, reason: maxReplicas > rate ? "ScaleUpLimit" : "TooManyReplicas" };
  } else if (desired < current) {
    const rate = Math.min(current, limit(behavior!.scaleDown!, current, memory, now, -1));
    const least = Math.max(minReplicas, rate);
    if (desired < least) return { replicas: least, reason: minReplicas < rate ? "ScaleDownLimit" : "TooFewReplicas" };
  }
  return { replicas: desired, reason: "DesiredWithinRange" };
}

/** How far the policies let it go in a direction (calculateScaleUpLimitWithScalingRules). */
function limit(
  { selectPolicy = "Max", policies = [] }: ScalingRules,
  current: number,
  memory: Memory,
  now: Time,
  direction: 1 | -1,
): number {
  if (selectPolicy === "Disabled") return current;
  const proposals = policies.map(({ type, value, periodSeconds }) => {
    const changed = (changes: readonly Change[]): number =>
      changes.filter(({ at }) => at > now - periodSeconds * SECOND).reduce((sum, { by }) => sum + by, 0);
    const start = current - changed(memory.ups) + changed(memory.downs);
    if (type === "Pods") return start + direction * value;
    const share = start * (1 + (direction * value) / 100);
    return direction > 0 ? Math.ceil(share) : Math.trunc(share);
  });
  const outward = selectPolicy === "Max" ? direction > 0 : direction < 0;
  return outward ? Math.max(...proposals) : Math.min(...proposals);
}

/** What it remembers after a change of size (storeScaleEvent). */
export function changed(memory: Memory, spec: Spec, before: number, after: number, now: Time): Memory {
  if (!spec.behavior) return memory;
  const [list, rules] = after > before ? (["ups", "scaleUp"] as const) : (["downs", "scaleDown"] as const);
  const longest = Math.max(0, ...(spec.behavior[rules]?.policies ?? []).map(({ periodSeconds }) => periodSeconds));
  const kept = memory[list].filter(({ at }) => at >= now - longest * SECOND);
  return { ...memory, [list]: [...kept, { by: Math.abs(after - before), at: now }] };
}

import type { Condition } from "./core.ts";
import type { IntOrString, KubeObject, LabelSelector, TimeText } from "./meta.ts";

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: IntOrString;
    readonly selector?: LabelSelector;
    readonly maxUnavailable?: IntOrString;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status: {
    readonly observedGeneration?: number;
    /** When the eviction of a Pod was granted, by its name; gone when the deletion was seen. */
    readonly disruptedPods?: Readonly<Record<string, TimeText>>;
    readonly disruptionsAllowed: number;
    readonly currentHealthy: number;
    readonly desiredHealthy: number;
    readonly expectedPods: number;
    readonly conditions?: readonly ObservedCondition[];
  };
}

/** metav1.Condition */
export interface ObservedCondition extends Condition {
  readonly observedGeneration?: number;
}

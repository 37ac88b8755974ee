import type { Condition } from "./core.ts";
import type { KubeObject, LabelSelector, QuantityText, TimeText } from "./meta.ts";

export interface CrossVersionObjectReference {
  readonly kind: string;
  readonly name: string;
  readonly apiVersion?: string;
}

export interface MetricIdentifier {
  readonly name: string;
  readonly selector?: LabelSelector;
}

export interface MetricTarget {
  readonly type: string;
  readonly value?: QuantityText;
  readonly averageValue?: QuantityText;
  readonly averageUtilization?: number;
}

export interface MetricSpec {
  readonly type: string;
  readonly object?: {
    readonly describedObject: CrossVersionObjectReference;
    readonly metric: MetricIdentifier;
    readonly target: MetricTarget;
  };
  readonly pods?: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
  readonly resource?: { readonly name: string; readonly target: MetricTarget };
  readonly containerResource?: { readonly name: string; readonly container: string; readonly target: MetricTarget };
  readonly external?: { readonly metric: MetricIdentifier; readonly target: MetricTarget };
}

export interface MetricValueStatus {
  readonly value?: QuantityText;
  readonly averageValue?: QuantityText;
  readonly averageUtilization?: number;
}

export interface MetricStatus {
  readonly type: string;
  readonly object?: {
    readonly metric: MetricIdentifier;
    readonly current: MetricValueStatus;
    readonly describedObject: CrossVersionObjectReference;
  };
  readonly pods?: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus };
  readonly resource?: { readonly name: string; readonly current: MetricValueStatus };
  readonly containerResource?: {
    readonly name: string;
    readonly container: string;
    readonly current: MetricValueStatus;
  };
  readonly external?: { readonly metric: MetricIdentifier; readonly current: MetricValueStatus };
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly policies?: readonly { readonly type: string; readonly value: number; readonly periodSeconds: number }[];
}

/** autoscaling/v2 */
export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: CrossVersionObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly metrics?: readonly MetricSpec[];
    readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly lastScaleTime?: TimeText;
    readonly currentReplicas?: number;
    readonly desiredReplicas: number;
    readonly currentMetrics: readonly MetricStatus[] | null;
    readonly conditions?: readonly Condition[];
  };
}

/** autoscaling/v1: knows of the share of the processor that is asked for only; the rest lives in annotations. */
export interface HorizontalPodAutoscalerV1 extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: CrossVersionObjectReference;
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly lastScaleTime?: TimeText;
    readonly currentReplicas: number;
    readonly desiredReplicas: number;
    readonly currentCPUUtilizationPercentage?: number;
  };
}

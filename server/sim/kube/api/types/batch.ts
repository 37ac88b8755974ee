import type { Condition } from "./core.ts";
import type { KubeObject, LabelSelector, ObjectReference, TimeText } from "./meta.ts";
import type { PodTemplateSpec } from "./pod.ts";

export interface JobCondition extends Condition {
  readonly lastProbeTime?: TimeText | null;
}

export interface PodFailurePolicyRule {
  readonly action: string;
  readonly onExitCodes?: {
    readonly containerName?: string;
    readonly operator: string;
    readonly values: readonly number[] | null;
  };
  readonly onPodConditions?: readonly { readonly type: string; readonly status: string }[] | null;
}

export interface SuccessPolicyRule {
  readonly succeededIndexes?: string;
  readonly succeededCount?: number;
}

export interface JobSpec {
  readonly parallelism?: number;
  readonly completions?: number;
  readonly activeDeadlineSeconds?: number;
  readonly podFailurePolicy?: { readonly rules: readonly PodFailurePolicyRule[] | null };
  readonly successPolicy?: { readonly rules: readonly SuccessPolicyRule[] | null };
  readonly backoffLimit?: number;
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly selector?: LabelSelector;
  readonly manualSelector?: boolean;
  readonly template: PodTemplateSpec;
  readonly ttlSecondsAfterFinished?: number;
  readonly completionMode?: string;
  readonly suspend?: boolean;
  readonly podReplacementPolicy?: string;
  readonly managedBy?: string;
}

export interface Job extends KubeObject {
  readonly spec: JobSpec;
  readonly status: {
    readonly conditions?: readonly JobCondition[];
    readonly startTime?: TimeText;
    readonly completionTime?: TimeText;
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly terminating?: number;
    readonly completedIndexes?: string;
    readonly failedIndexes?: string;
    readonly uncountedTerminatedPods?: { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] };
    readonly ready?: number;
  };
}

export interface CronJob extends KubeObject {
  readonly spec: {
    readonly schedule: string;
    readonly timeZone?: string;
    readonly startingDeadlineSeconds?: number;
    readonly concurrencyPolicy?: string;
    readonly suspend?: boolean;
    readonly jobTemplate: { readonly metadata: PodTemplateSpec["metadata"]; readonly spec: JobSpec };
    readonly successfulJobsHistoryLimit?: number;
    readonly failedJobsHistoryLimit?: number;
  };
  readonly status: {
    readonly active?: readonly ObjectReference[];
    readonly lastScheduleTime?: TimeText;
    readonly lastSuccessfulTime?: TimeText;
  };
}

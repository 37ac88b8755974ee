import type { Condition } from "./core.ts";
import type { JsonValue } from "../json.ts";
import type { IntOrString, KubeObject, LabelSelector, StringMap, TimeText } from "./meta.ts";
import type { PodTemplateSpec } from "./pod.ts";

export interface DeploymentCondition extends Condition {
  readonly lastUpdateTime?: TimeText | null;
}

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector | null;
    readonly template: PodTemplateSpec;
    readonly strategy: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString };
    };
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly paused?: boolean;
    readonly progressDeadlineSeconds?: number;
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly conditions?: readonly DeploymentCondition[];
    readonly collisionCount?: number;
  };
}

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector | null;
    readonly template: PodTemplateSpec;
  };
  readonly status: {
    readonly replicas: number;
    readonly fullyLabeledReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector | null;
    readonly template: PodTemplateSpec;
    readonly updateStrategy: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString };
    };
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
  };
  readonly status: {
    readonly currentNumberScheduled: number;
    readonly numberMisscheduled: number;
    readonly desiredNumberScheduled: number;
    readonly numberReady: number;
    readonly observedGeneration?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly numberUnavailable?: number;
    readonly collisionCount?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface Scale extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: LabelSelector | null;
    readonly template: PodTemplateSpec;
    readonly volumeClaimTemplates?: readonly VolumeClaimTemplate[];
    readonly serviceName: string;
    readonly podManagementPolicy?: string;
    readonly updateStrategy: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: IntOrString };
    };
    readonly revisionHistoryLimit?: number;
    readonly minReadySeconds?: number;
    readonly persistentVolumeClaimRetentionPolicy?: {
      readonly whenDeleted?: string;
      readonly whenScaled?: string;
    };
    readonly ordinals?: { readonly start?: number };
  };
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas: number;
    readonly readyReplicas?: number;
    readonly currentReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly collisionCount?: number;
    readonly conditions?: readonly Condition[];
    readonly availableReplicas: number;
  };
}

/** A PersistentVolumeClaim as it stands in a StatefulSet: with its type, and without what a server makes of one. */
export interface VolumeClaimTemplate {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata: PodTemplateSpec["metadata"];
  readonly spec: Readonly<Record<string, JsonValue>>;
  readonly status: Readonly<Record<string, JsonValue>>;
}

export interface ControllerRevision extends KubeObject {
  readonly data: JsonValue;
  readonly revision: number;
}

export interface ReplicationController extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly selector?: StringMap;
    readonly template?: PodTemplateSpec;
  };
  readonly status: ReplicaSet["status"];
}

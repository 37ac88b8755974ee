import {
  anyKind, type Condition, type HorizontalPodAutoscaler, type HorizontalPodAutoscalerV1, type Kind, type MetricSpec, type MetricStatus,
  type ScalingRules,
} from "../../api/index.ts"; // prettier-ignore
import { horizontalPodAutoscalers } from "./horizontalpodautoscaler.ts";

/** Where autoscaling/v1 keeps what it has no fields for (pkg/apis/autoscaling/annotations.go). */
const METRICS = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";

/** The older face of the same objects: it knows of the use of processors only. */
export const horizontalPodAutoscalersV1: Kind<HorizontalPodAutoscalerV1> = {
  group: "autoscaling",
  version: "v1",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  columns: horizontalPodAutoscalers.columns,
  cells: (autoscaler, now) => horizontalPodAutoscalers.cells(toStored(autoscaler), now),
  nameRule: horizontalPodAutoscalers.nameRule,
  defaults({ spec, metadata }) {
    spec.minReplicas ??= 1;
    if (metadata.annotations?.[METRICS] === undefined) spec.targetCPUUtilizationPercentage ??= 80;
  },
  prepareCreate(autoscaler) {
    autoscaler.status = { currentReplicas: 0, desiredReplicas: 0 };
  },
  prepareUpdate(autoscaler, old) {
    autoscaler.status = old.status;
  },
  validate: (autoscaler, context) => horizontalPodAutoscalers.validate!(toStored(autoscaler), context),
  validateUpdate: (next, old, context) =>
    horizontalPodAutoscalers.validateUpdate!(toStored(next), toStored(old), context),
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(autoscaler, old) {
        autoscaler.spec = old.spec;
      },
    },
  },
  storedAs: {
    kind: anyKind(horizontalPodAutoscalers),
    fromStored: (stored) => fromStored(stored as HorizontalPodAutoscaler),
    toStored,
  },
};

function isCpu({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.target.averageUtilization !== undefined;
}

/** pkg/apis/autoscaling/v1/conversion.go */
function fromStored({ metadata, spec, status }: HorizontalPodAutoscaler): HorizontalPodAutoscalerV1 {
  const { metrics = [], behavior, scaleTargetRef, minReplicas, maxReplicas } = spec;
  const cpu = metrics.find(isCpu);
  const others = metrics.filter((metric) => metric !== cpu);
  const current = (status.currentMetrics ?? []).find(({ resource }) => resource?.name === "cpu");
  const annotations: Record<string, string> = { ...metadata.annotations };
  if (others.length > 0) annotations[METRICS] = JSON.stringify(others);
  if (status.currentMetrics?.length) annotations[CURRENT_METRICS] = JSON.stringify(status.currentMetrics);
  if (status.conditions?.length) annotations[CONDITIONS] = JSON.stringify(status.conditions);
  if (behavior) annotations[BEHAVIOR] = JSON.stringify(behavior);
  const target = cpu?.resource?.target.averageUtilization;
  const use = current?.resource?.current.averageUtilization;
  return {
    metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata,
    spec: {
      scaleTargetRef,
      ...(minReplicas !== undefined && { minReplicas }),
      maxReplicas,
      ...(target !== undefined && { targetCPUUtilizationPercentage: target }),
    },
    status: {
      ...(status.observedGeneration !== undefined && { observedGeneration: status.observedGeneration }),
      ...(status.lastScaleTime !== undefined && { lastScaleTime: status.lastScaleTime }),
      currentReplicas: status.currentReplicas ?? 0,
      desiredReplicas: status.desiredReplicas,
      ...(use !== undefined && { currentCPUUtilizationPercentage: use }),
    },
  };
}

function toStored({ metadata, spec, status }: HorizontalPodAutoscalerV1): HorizontalPodAutoscaler {
  const {
    [METRICS]: metrics,
    [CURRENT_METRICS]: currentMetrics,
    [CONDITIONS]: conditions,
    [BEHAVIOR]: behavior,
    ...annotations
  } = metadata.annotations ?? {};
  const { annotations: _, ...bare } = metadata;
  const target = spec.targetCPUUtilizationPercentage;
  const cpu: MetricSpec = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: target! } },
  };
  const others = (parsed(metrics) ?? []) as MetricSpec[];
  const rules = parsed(behavior) as { scaleUp?: ScalingRules; scaleDown?: ScalingRules } | undefined;
  const told = parsed(conditions) as Condition[] | undefined;
  return {
    metadata: Object.keys(annotations).length > 0 ? { ...bare, annotations } : bare,
    spec: {
      scaleTargetRef: spec.scaleTargetRef,
      ...(spec.minReplicas !== undefined && { minReplicas: spec.minReplicas }),
      maxReplicas: spec.maxReplicas,
      metrics: target === undefined ? others : [...others, cpu],
      ...(rules && { behavior: rules }),
    },
    status: {
      ...(status.observedGeneration !== undefined && { observedGeneration: status.observedGeneration }),
      ...(status.lastScaleTime !== undefined && { lastScaleTime: status.lastScaleTime }),
      ...(status.currentReplicas !== 0 && { currentReplicas: status.currentReplicas }),
      desiredReplicas: status.desiredReplicas,
      currentMetrics: (parsed(currentMetrics) ?? null) as MetricStatus[] | null,
      ...(told && { conditions: told }),
    },
  };
}

/** What an annotation says; nothing if it cannot be read. */
function parsed(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

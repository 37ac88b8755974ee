import {
  age, AGE, NAME, names, type Cell, type Column, type Draft, type HorizontalPodAutoscaler, type Kind, type MetricSpec,
  type MetricStatus, type ScalingRules,
} from "../../api/index.ts"; // prettier-ignore
import { notNegative } from "../pod-template/probes.ts";
import { validateAutoscaler } from "./validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  { name: "Reference" },
  { name: "Targets" },
  { name: "MinPods" },
  { name: "MaxPods" },
  { name: "Replicas" },
  AGE,
];
/** How many targets a cell shows. */
const SHOWN = 2;
const UNKNOWN = "<unknown>";

export const horizontalPodAutoscalers: Kind<HorizontalPodAutoscaler> = {
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now): readonly Cell[] => [
    metadata.name,
    `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`,
    targetsCell(spec.metrics ?? [], status.currentMetrics ?? []),
    spec.minReplicas === undefined ? "<unset>" : String(spec.minReplicas),
    spec.maxReplicas,
    status.currentReplicas ?? 0,
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),

  defaults({ spec }) {
    spec.minReplicas ??= 1;
    if (!spec.metrics?.length) spec.metrics = [copy(DEFAULT_METRIC)];
    if (!spec.behavior) return;
    spec.behavior.scaleUp = withDefaults(spec.behavior.scaleUp, SCALE_UP);
    spec.behavior.scaleDown = withDefaults(spec.behavior.scaleDown, SCALE_DOWN);
  },
  prepareCreate(autoscaler) {
    autoscaler.status = { desiredReplicas: 0, currentMetrics: null };
  },
  prepareUpdate(autoscaler, old) {
    autoscaler.status = old.status as Draft<HorizontalPodAutoscaler["status"]>;
  },
  validate: (autoscaler) => validateAutoscaler(autoscaler, 1),
  validateUpdate: (next, old) => validateAutoscaler(next, old.spec.minReplicas === 0 ? 0 : 1),
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(autoscaler, old) {
        autoscaler.spec = old.spec as Draft<HorizontalPodAutoscaler["spec"]>;
      },
      validateUpdate: ({ status }) => [
        ...notNegative(status.currentReplicas, "status.currentReplicas"),
        ...notNegative(status.desiredReplicas, "status.desiredReplicas"),
      ],
    },
  },
};

// pkg/apis/autoscaling/v2/defaults.go
const DEFAULT_METRIC: MetricSpec = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
};
const SCALE_UP: ScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};
const SCALE_DOWN: ScalingRules = {
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};

function withDefaults(rules: Draft<ScalingRules> | undefined, defaults: ScalingRules): Draft<ScalingRules> {
  const result = copy(defaults);
  if (!rules) return result;
  if (rules.selectPolicy !== undefined) result.selectPolicy = rules.selectPolicy;
  if (rules.stabilizationWindowSeconds !== undefined)
    result.stabilizationWindowSeconds = rules.stabilizationWindowSeconds;
  if (rules.policies) result.policies = rules.policies;
  return result;
}

function copy<T>(value: T): Draft<T> {
  return structuredClone(value) as Draft<T>;
}

/** `cpu: 7%/80%, memory: <unknown>/1Gi + 1 more...` (printers formatHPAMetrics) */
function targetsCell(metrics: readonly MetricSpec[], current: readonly MetricStatus[]): string {
  if (metrics.length === 0) return "<none>";
  const texts = metrics.map((metric, index) => targetText(metric, current[index]));
  const shown = texts.slice(0, SHOWN).join(", ");
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown;
}

function targetText(metric: MetricSpec, current: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
    case "Object": {
      const { averageValue, value } = (metric.external ?? metric.object)!.target;
      const now = (metric.type === "External" ? current?.external : current?.object)?.current;
      if (averageValue !== undefined) return `${now?.averageValue ?? UNKNOWN}/${averageValue} (avg)`;
      return `${now?.value ?? UNKNOWN}/${value ?? "<auto>"}`;
    }
    case "Pods":
      return `${current?.pods?.current.averageValue ?? UNKNOWN}/${metric.pods!.target.averageValue!}`;
    case "Resource":
    case "ContainerResource": {
      const { name, target } = (metric.resource ?? metric.containerResource)!;
      const now = (metric.type === "Resource" ? current?.resource : current?.containerResource)?.current;
      if (target.averageValue !== undefined) return `${name}: ${now?.averageValue ?? UNKNOWN}/${target.averageValue}`;
      const used = now?.averageUtilization === undefined ? UNKNOWN : `${now.averageUtilization}%`;
      return `${name}: ${used}/${target.averageUtilization === undefined ? "<auto>" : `${target.averageUtilization}%`}`;
    }
    default:
      return "<unknown type>";
  }
}

import {
  compareQuantities, forbidden, invalid, invalidEach, names, notSupported, required, type CrossVersionObjectReference, type FieldErrors,
  type HorizontalPodAutoscaler, type MetricIdentifier, type MetricSpec, type MetricTarget, type ScalingRules,
} from "../../api/index.ts"; // prettier-ignore

const SOURCES = ["ContainerResource", "External", "Object", "Pods", "Resource"];
const SELECT_POLICIES = ["Disabled", "Max", "Min"];
const POLICIES = ["Percent", "Pods"];
const MAX_PERIOD = 1800;
const MAX_WINDOW = 3600;
const ONE_SOURCE = "must populate the given metric source only";

/** pkg/apis/autoscaling/validation validateHorizontalPodAutoscalerSpec */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, lowest: number): FieldErrors {
  const { minReplicas, maxReplicas, scaleTargetRef, metrics = [], behavior } = spec;
  const found: FieldErrors = [];
  if (minReplicas !== undefined && minReplicas < lowest)
    found.push(invalid("spec.minReplicas", minReplicas, `must be greater than or equal to ${lowest}`));
  if (maxReplicas < 1) found.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    found.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  found.push(...validateReference(scaleTargetRef, "spec.scaleTargetRef"));
  for (const [index, metric] of metrics.entries()) found.push(...validateMetric(metric, `spec.metrics[${index}]`));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External"))
    found.push(
      forbidden(
        "spec.metrics",
        "must specify at least one Object or External metric to support scaling to zero replicas",
      ),
    );
  found.push(...validateRules(behavior?.scaleUp, "spec.behavior.scaleUp"));
  found.push(...validateRules(behavior?.scaleDown, "spec.behavior.scaleDown"));
  return found;
}

function validateReference(reference: CrossVersionObjectReference, path: string): FieldErrors {
  return (["kind", "name"] as const).flatMap((field) => {
    const value = reference[field];
    return value ? invalidEach(`${path}.${field}`, value, pathSegment(value)) : [required(`${path}.${field}`)];
  });
}

/** apimachinery/pkg/api/validation/path IsValidPathSegmentName */
function pathSegment(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`);
}

function validateRules(rules: ScalingRules | undefined, path: string): FieldErrors {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  const found: FieldErrors = [];
  const at = `${path}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0) found.push(invalid(at, window, "must be greater than or equal to zero"));
  if (window !== undefined && window > MAX_WINDOW)
    found.push(invalid(at, window, `must be less than or equal to ${MAX_WINDOW}`));
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy))
    found.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  if (policies.length === 0) found.push(required(`${path}.policies`, "must specify at least one Policy"));
  for (const [index, { type, value, periodSeconds }] of policies.entries()) {
    const policy = `${path}.policies[${index}]`;
    if (!POLICIES.includes(type)) found.push(notSupported(`${policy}.type`, type, POLICIES));
    if (value <= 0) found.push(invalid(`${policy}.value`, value, "must be greater than zero"));
    if (periodSeconds <= 0) found.push(invalid(`${policy}.periodSeconds`, periodSeconds, "must be greater than zero"));
    if (periodSeconds > MAX_PERIOD)
      found.push(invalid(`${policy}.periodSeconds`, periodSeconds, `must be less than or equal to ${MAX_PERIOD}`));
  }
  return found;
}

/** The fields of the sources, in the order in which the server looks at them. */
const CHECKS: Record<string, (metric: MetricSpec, path: string) => FieldErrors> = {
  object: ({ object }, path) => [
    ...validateReference(object!.describedObject, `${path}.describedObject`),
    ...validateIdentifier(object!.metric, `${path}.metric`),
    ...validateTarget(object!.target, `${path}.target`),
    ...(object!.target.value === undefined && object!.target.averageValue === undefined
      ? [required(`${path}.target.averageValue`, "must set either a target value or averageValue")]
      : []),
  ],
  external: ({ external }, path) => {
    const { value, averageValue } = external!.target;
    const found = validateIdentifier(external!.metric, `${path}.metric`);
    found.push(...validateTarget(external!.target, `${path}.target`));
    if (value === undefined && averageValue === undefined)
      found.push(
        required(`${path}.target.averageValue`, "must set either a target value for metric or a per-pod target"),
      );
    if (value !== undefined && averageValue !== undefined)
      found.push(forbidden(`${path}.target.value`, "may not set both a target value for metric and a per-pod target"));
    return found;
  },
  pods: ({ pods }, path) => [
    ...validateIdentifier(pods!.metric, `${path}.metric`),
    ...validateTarget(pods!.target, `${path}.target`),
    ...(pods!.target.averageValue === undefined
      ? [required(`${path}.target.averageValue`, "must specify a positive target averageValue")]
      : []),
  ],
  resource: ({ resource }, path) => [
    ...(resource!.name ? [] : [required(`${path}.name`, "must specify a resource name")]),
    ...validateResourceTarget(resource!.target, path),
  ],
  containerResource: ({ containerResource }, path) => [
    ...(containerResource!.name ? [] : [required(`${path}.name`, "must specify a resource name")]),
    ...(containerResource!.container
      ? invalidEach(`${path}.container`, containerResource!.container, names.label(containerResource!.container))
      : [required(`${path}.container`, "must specify a container")]),
    ...validateResourceTarget(containerResource!.target, path),
  ],
};

function validateMetric(metric: MetricSpec, path: string): FieldErrors {
  const { type } = metric;
  const found: FieldErrors = [];
  if (!type) found.push(required(`${path}.type`, "must specify a metric source type"));
  if (!SOURCES.includes(type)) found.push(notSupported(`${path}.type`, type, SOURCES));
  const present = Object.keys(CHECKS).filter((source) => metric[source as keyof MetricSpec] !== undefined);
  if (present[0] !== undefined) found.push(...CHECKS[present[0]]!(metric, `${path}.${present[0]}`));
  if (!SOURCES.includes(type)) found.push(notSupported(`${path}.type`, type, SOURCES));
  const expected = type ? type[0]!.toLowerCase() + type.slice(1) : "";
  if (SOURCES.includes(type) && !present.includes(expected))
    found.push(required(`${path}.${expected}`, "must populate information for the given metric source"));
  if (present.length !== 1)
    for (const source of present) if (source !== expected) found.push(forbidden(`${path}.${source}`, ONE_SOURCE));
  return found;
}

function validateResourceTarget(target: MetricTarget, path: string): FieldErrors {
  const { averageUtilization, averageValue } = target;
  const found = validateTarget(target, `${path}.target`);
  if (averageUtilization === undefined && averageValue === undefined)
    found.push(
      required(`${path}.target.averageUtilization`, "must set either a target raw value or a target utilization"),
    );
  if (averageUtilization !== undefined && averageValue !== undefined)
    found.push(
      forbidden(`${path}.target.averageValue`, "may not set both a target raw value and a target utilization"),
    );
  return found;
}

function validateIdentifier({ name }: MetricIdentifier, path: string): FieldErrors {
  return name
    ? invalidEach(`${path}.name`, name, pathSegment(name))
    : [required(`${path}.name`, "must specify a metric name")];
}

function validateTarget({ type, value, averageValue, averageUtilization }: MetricTarget, path: string): FieldErrors {
  const found: FieldErrors = [];
  if (!type) found.push(required(`${path}.type`, "must specify a metric target type"));
  if (type !== "Utilization" && type !== "Value" && type !== "AverageValue")
    found.push(invalid(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  if (value !== undefined && compareQuantities(value, "0") <= 0)
    found.push(invalid(`${path}.value`, value, "must be positive"));
  if (averageValue !== undefined && compareQuantities(averageValue, "0") <= 0)
    found.push(invalid(`${path}.averageValue`, averageValue, "must be positive"));
  if (averageUtilization !== undefined && averageUtilization < 1)
    found.push(invalid(`${path}.averageUtilization`, averageUtilization, "must be greater than 0"));
  return found;
}

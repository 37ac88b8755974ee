import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
  ScalingRules,
} from "../../../sim/kube/api/index.ts";
import { longTime, writeAnnotations, writeLabels, type Description } from "./description.ts";
import type { DescribeSession, Subject } from "./session.ts";

/** kubectl pkg/describe HorizontalPodAutoscalerDescriber, of autoscaling/v2 */
export async function describeAutoscaler(session: DescribeSession, { mapping, ...at }: Subject): Promise<string> {
  const autoscaler = await session.get<HorizontalPodAutoscaler>({ mapping: { ...mapping, version: "v2" }, ...at });
  const { metadata, spec, status } = autoscaler;
  const out = session.paper();
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("CreationTimestamp", longTime(metadata.creationTimestamp));
  out.field("Reference", `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`);
  out.field("Metrics", "( current / target )");
  (spec.metrics ?? []).forEach((metric, at) => out.line(1, metricText(metric, status.currentMetrics?.[at])));
  out.field("Min replicas", spec.minReplicas ?? "<unset>");
  out.field("Max replicas", spec.maxReplicas);
  if (spec.behavior) {
    out.line(0, "Behavior:");
    writeRules(out, "Scale Up", spec.behavior.scaleUp);
    writeRules(out, "Scale Down", spec.behavior.scaleDown);
  }
  out.field(
    `${spec.scaleTargetRef.kind} pods`,
    `${status.currentReplicas ?? 0} current / ${status.desiredReplicas} desired`,
  );
  const { conditions = [] } = status;
  if (conditions.length > 0) {
    out.line(0, "Conditions:");
    out.line(1, "Type\tStatus\tReason\tMessage");
    out.line(1, "----\t------\t------\t-------");
    for (const { type, status: is, reason = "", message = "" } of conditions)
      out.line(1, `${type}\t${is}\t${reason}\t${message}`);
  }
  await session.events(out, autoscaler, "HorizontalPodAutoscaler");
  return out.text;
}

/** What is measured, and in the next column how it stands against what is wanted. */
function metricText(metric: MetricSpec, now: MetricStatus | undefined): string {
  const { external, pods, object, resource, containerResource } = metric;
  if (metric.type === "External" && external) {
    const title = JSON.stringify(external.metric.name);
    return `${title} ${targetText(external.target, external.target.averageValue !== undefined, now?.external?.current)}`;
  }
  if (metric.type === "Pods" && pods)
    return `${JSON.stringify(pods.metric.name)} on pods:\t${now?.pods?.current.averageValue ?? "<unknown>"} / ${pods.target.averageValue ?? ""}`;
  if (metric.type === "Object" && object) {
    const { kind, name } = object.describedObject;
    const target = targetText(object.target, object.target.type === "AverageValue", now?.object?.current);
    return `"${object.metric.name}" on ${kind}/${name} ${target}`;
  }
  if (metric.type === "Resource" && resource)
    return `resource ${resource.name} on pods${shareText(resource.target, now?.resource?.current)}`;
  if (metric.type === "ContainerResource" && containerResource) {
    const { name, container, target } = containerResource;
    return `resource ${name} of container "${container}" on pods${shareText(target, now?.containerResource?.current)}`;
  }
  return `<unknown metric type ${JSON.stringify(metric.type)}>`;
}

function targetText(target: MetricTarget, average: boolean, current: MetricValueStatus | undefined): string {
  return average
    ? `(target average value):\t${current?.averageValue ?? "<unknown>"} / ${target.averageValue ?? ""}`
    : `(target value):\t${current?.value ?? "<unknown>"} / ${target.value ?? ""}`;
}

function shareText(target: MetricTarget, current: MetricValueStatus | undefined): string {
  if (target.averageValue !== undefined) return `:\t${current?.averageValue ?? "<unknown>"} / ${target.averageValue}`;
  const { averageUtilization: used, averageValue = "0" } = current ?? {};
  const wanted = target.averageUtilization === undefined ? "<auto>" : `${target.averageUtilization}%`;
  return `  (as a percentage of request):\t${used === undefined ? "<unknown>" : `${used}% (${averageValue})`} / ${wanted}`;
}

function writeRules(out: Description, direction: string, rules: ScalingRules | undefined): void {
  if (!rules) return;
  out.line(1, `${direction}:`);
  if (rules.stabilizationWindowSeconds !== undefined)
    out.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  out.line(2, `Select Policy: ${rules.selectPolicy ?? "Max"}`);
  out.line(2, "Policies:");
  for (const { type, value, periodSeconds } of rules.policies)
    out.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}

import type { JsonObject, PodTemplateSpec } from "../../../sim/kube/api/index.ts";
import { writeContainers } from "./containers.ts";
import { writeAnnotations, writeLabels, type Description } from "./description.ts";
import { writeSpread, writeTolerations } from "./lists.ts";
import { writeVolumes } from "./volumes.ts";

/** What pods are made of (kubectl pkg/describe DescribePodTemplate). */
export function writePodTemplate(out: Description, template: PodTemplateSpec | undefined): void {
  out.line(0, "Pod Template:");
  if (!template) return out.write(1, "<unset>");
  const { metadata, spec } = template;
  const containers = { statuses: [], pod: undefined, space: "  " };
  writeLabels(out, "  Labels", metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) writeAnnotations(out, "  Annotations", metadata.annotations);
  if (spec.serviceAccountName) out.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length)
    writeContainers(out, { ...containers, title: "Init Containers", containers: spec.initContainers });
  writeContainers(out, { ...containers, title: "Containers", containers: spec.containers });
  writeVolumes(out, spec.volumes as readonly JsonObject[] | undefined, "  ");
  writeSpread(out, spec.topologySpreadConstraints, "  ");
  if (spec.priorityClassName) out.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  writeLabels(out, "  Node-Selectors", spec.nodeSelector);
  writeTolerations(out, spec.tolerations, "  ");
}

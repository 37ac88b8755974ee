import type { Affinity, DaemonSet, Pod, PodSpec, PodTemplateSpec, Toleration } from "../../api/index.ts";

/** The Pod that a DaemonSet has on a node (pkg/controller/daemon/util). */

export const REVISION_HASH = "controller-revision-hash";
const TEMPLATE_GENERATION = "pod-template-generation";
/** The API keeps the field of old in this annotation. */
const GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";

/** What a daemon puts up with: a node that is not well, or is being emptied. */
const TOLERATED: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const NETWORK_UNAVAILABLE: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

export function daemonTolerations({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  const result = [...tolerations];
  for (const added of hostNetwork ? [...TOLERATED, NETWORK_UNAVAILABLE] : TOLERATED) {
    const at = result.findIndex(
      ({ key, operator, effect, value = "" }) =>
        key === added.key && operator === added.operator && effect === added.effect && value === "",
    );
    if (at < 0) result.push(added);
    else result[at] = added;
  }
  return result;
}

/** The template for a node: its Pod goes there and nowhere else. */
export function daemonTemplate({ metadata, spec }: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { template } = spec;
  const generation = metadata.annotations?.[GENERATION_ANNOTATION];
  const labels = {
    ...template.metadata.labels,
    ...(generation !== undefined && { [TEMPLATE_GENERATION]: generation }),
    [REVISION_HASH]: hash,
  };
  return {
    metadata: { ...template.metadata, labels },
    spec: {
      ...template.spec,
      affinity: onNode(template.spec.affinity, node),
      tolerations: daemonTolerations(template.spec),
    },
  };
}

/** Required node affinity of the template is replaced: the node was chosen with it in mind. */
function onNode(affinity: Affinity | undefined, node: string): Affinity {
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] },
    },
  };
}

/** The node that a daemon's Pod is on, or is for (GetTargetNodeName). */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms)
    for (const { key, operator, values = [] } of matchFields)
      if (key === "metadata.name" && operator === "In" && values.length === 1) return values[0];
  return undefined;
}

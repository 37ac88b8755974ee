import {
  matchesLabels,
  selectorOfLabels,
  validSelector,
  type Client,
  type Pod,
  type Requirement,
} from "../../api/index.ts";
import { replicaSets, services } from "../../kinds/index.ts";

/** What the Pods of the same Services and ReplicaSet have in common (plugins/helper/spread.go DefaultSelector). */
export function workloadSelector(pod: Pod, client: Client): readonly Requirement[] {
  const { namespace = "", labels, ownerReferences = [] } = pod.metadata;
  const common: Record<string, string> = {};
  for (const { spec } of client.list(services, namespace))
    if (spec.selector && matchesLabels(selectorOfLabels(spec.selector), labels)) Object.assign(common, spec.selector);
  const requirements = selectorOfLabels(common) as readonly Requirement[];
  const owner = ownerReferences.find(({ controller }) => controller);
  if (owner?.kind !== "ReplicaSet") return requirements;
  const selector = validSelector(client.get(replicaSets, namespace, owner.name)?.spec.selector);
  return selector === "nothing" ? requirements : [...requirements, ...selector];
}

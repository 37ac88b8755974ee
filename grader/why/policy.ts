import {
  matchesLabels,
  validSelector,
  type KubeObject,
  type LabelSelector,
  type Pod,
} from "../../server/sim/kube/api/index.ts";
import type { Probe } from "../probe/probe.ts";
import type { Scene } from "../scene/scene.ts";
import { listed, type Explanation } from "./explanation.ts";

interface NetworkPolicy extends KubeObject {
  readonly spec: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly unknown[];
  };
}

/** Which NetworkPolicies a connection had to pass that a rule ended; undefined if none applies to either end. */
export function policyWords(scene: Scene, { from, seenSource }: Probe, destination: string): Explanation | undefined {
  if (!scene.hasCluster || !scene.objects.kinds.some(({ plural }) => plural === "networkpolicies")) return undefined;
  const there = scene.objects.pods().find(({ status }) => status.podIP === destination);
  const source = from.pod ? `Pod ${from.pod.metadata.name}` : (seenSource ?? from.name);
  const into = there ? policiesOf(scene, there, "Ingress") : [];
  const out = from.pod ? policiesOf(scene, from.pod, "Egress") : [];
  const parts = [
    ...(into.length > 0
      ? [`of the NetworkPolicies for Pod ${there!.metadata.name} (${listed(into)}) none lets ${source} in on this port`]
      : []),
    ...(out.length > 0
      ? [`of the NetworkPolicies for Pod ${from.pod!.metadata.name} (${listed(out)}) none lets it out to there`]
      : []),
  ];
  if (parts.length === 0) return undefined;
  const namespace = (into.length > 0 ? there : from.pod)!.metadata.namespace ?? "default";
  return { why: parts.join(", or "), see: `kubectl -n ${namespace} describe networkpolicies` };
}

function policiesOf(scene: Scene, pod: Pod, direction: "Ingress" | "Egress"): string[] {
  const { objects } = scene.objects.list("networkpolicies", pod.metadata.namespace);
  return (objects as readonly NetworkPolicy[])
    .filter(({ spec }) => {
      const types = spec.policyTypes ?? (spec.egress ? ["Ingress", "Egress"] : ["Ingress"]);
      return types.includes(direction) && matchesLabels(validSelector(spec.podSelector ?? {}), pod.metadata.labels);
    })
    .map(({ metadata }) => metadata.name);
}
